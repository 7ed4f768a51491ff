import Synchronization

/// The hosts that a database's URL names, in the order in which they are tried.
///
/// Each is tried alone: libpq has no deadline of its own for a host that accepts and then is silent, and looks up a
/// second host's name where it would block. A host that did not answer moves to the end of the order.
final class ConnectionTargets: Sendable {
    /// Parameters for each attempt, one after the other until one succeeds.
    private let hosts: [[ConnectionParameter]]
    private let prefersStandby: Bool
    private let first = Mutex(0)
    /// How long one host may take.
    let timeout: Duration

    init(_ configuration: Database.Configuration) throws {
        var parameters = try Wire.parse(configuration.url)
        func take(_ keyword: String) -> String? {
            defer { parameters.removeAll { $0.keyword == keyword } }
            return parameters.first { $0.keyword == keyword }?.value
        }
        let timeout = take("connect_timeout").flatMap { Int($0) } ?? 0
        self.timeout = timeout > 0 ? .seconds(timeout) : .seconds(10)
        let names = take("host")?.split(separator: ",", omittingEmptySubsequences: false) ?? []
        let addresses = take("hostaddr")?.split(separator: ",", omittingEmptySubsequences: false) ?? []
        let ports = take("port")?.split(separator: ",", omittingEmptySubsequences: false) ?? []
        prefersStandby = parameters.contains(ConnectionParameter("target_session_attrs", "prefer-standby"))

        let options = [take("options"), Self.roleOption(configuration)].compactMap(\.self)
        if !options.isEmpty { parameters.append(ConnectionParameter("options", options.joined(separator: " "))) }
        if !parameters.contains(where: { $0.keyword == "application_name" }) {
            parameters.append(ConnectionParameter("application_name", configuration.applicationName))
        }
        parameters.removeAll { $0.keyword == "client_encoding" }
        parameters.append(ConnectionParameter("client_encoding", "UTF8"))

        let count = max(names.count, addresses.count, 1)
        hosts = (0..<count).map { index in
            var host = parameters
            for (keyword, values) in [("host", names), ("hostaddr", addresses), ("port", ports)] {
                // One port may be given for all hosts.
                let value = values.count == 1 ? values.first : values.indices.contains(index) ? values[index] : nil
                if let value, !value.isEmpty { host.append(ConnectionParameter(keyword, String(value))) }
            }
            return host
        }
    }

    var attempts: [[ConnectionParameter]] {
        let start = first.withLock { $0 }
        let ordered = Array(hosts[start...] + hosts[..<start])
        if !prefersStandby { return ordered }
        return ["standby", "any"].flatMap { wanted in
            ordered.map { host in
                host.map { $0.keyword == "target_session_attrs" ? ConnectionParameter($0.keyword, wanted) : $0 }
            }
        }
    }

    /// The host in front did not answer: begin with the next one from now on.
    func rotate() {
        first.withLock { $0 = ($0 + 1) % hosts.count }
    }

    /// Taken on at the start of a session; behind a pooler each transaction does it.
    private static func roleOption(_ configuration: Database.Configuration) -> String? {
        guard let role = configuration.role, configuration.preparesStatements else { return nil }
        let escaped = role.flatMap { $0 == " " || $0 == "\\" ? ["\\", $0] : [$0] }
        return "-c role=" + String(escaped)
    }
}
