import Configuration

/// Where `up` and `demo` serve: the port that was asked for, or 8080, or the next free one.
struct ServingAddress: Sendable, Hashable {
    static let usualPort = 8080

    let host: String
    let port: Int

    init(_ options: PortOptions, settings: Settings) throws(CommandFailure) {
        host = options.host ?? settings.text("http.host") ?? "127.0.0.1"
        if let wanted = options.port ?? settings.reader.int(forKey: "http.port") {
            guard let port = Socket.freePort(wanted, host: host) else {
                throw CommandFailure(
                    "Port \(wanted) of \(host) is taken, or may not be used.",
                    hint: "Name another with --port, or leave it out to get a free one."
                )
            }
            self.port = port
        } else {
            let candidates = Array(Self.usualPort..<Self.usualPort + 100) + [0]
            guard let port = candidates.lazy.compactMap({ [host] in Socket.freePort($0, host: host) }).first else {
                throw CommandFailure(
                    "No port of \(host) is free, or there is no such address here.",
                    hint: "Name an address of this machine with --host."
                )
            }
            self.port = port
        }
    }

    /// How a browser on this machine gets here.
    var url: String {
        let name = ["127.0.0.1", "0.0.0.0", "::", "::1"].contains(host) ? "localhost" : host
        return "http://\(name):\(port)"
    }
}
