public import Foundation

/// Where the private cluster lives: its files below one directory, its socket in one that is short enough.
public struct ClusterLayout: Sendable, Hashable {
    /// The kernel takes socket paths of at most 107 bytes.
    static let longestSocketPath = 107
    static let port = 5432

    public let base: String
    public let socketDirectory: String

    /// Holds `PG_VERSION` once it is complete.
    var data: String { "\(base)/postgres" }
    /// Where a new cluster grows until it is complete.
    var unfinished: String { "\(base)/postgres.new" }
    var log: String { "\(base)/postgres.log" }
    var lock: String { "\(base)/users.lock" }

    /// A libpq URL of a database of the cluster.
    func url(database: String, socketDirectory: String) -> String {
        var allowed = CharacterSet.urlQueryAllowed
        allowed.remove(charactersIn: "&=+?#")
        let host = socketDirectory.addingPercentEncoding(withAllowedCharacters: allowed) ?? socketDirectory
        return "postgresql:///\(database)?host=\(host)&port=\(Self.port)&user=postgres"
    }

    /// `directory`, or the default: `$XDG_DATA_HOME/tradewind`; for root, where the server's account can't come there,
    /// `/var/lib/tradewind`.
    public init(
        directory: String?,
        account: ServerAccount,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(PrivatePostgresError) {
        if let directory {
            base = URL(filePath: directory).standardizedFileURL.path(percentEncoded: false).withoutSlash
            if let barrier = account.firstBarrier(on: base + "/postgres") {
                throw PrivatePostgresError(
                    .permission,
                    "The user postgres can't come to \(base): \(barrier) is closed to it.",
                    hint: "Name a directory below /var/lib or /srv with --data, or run as another user than root."
                )
            }
        } else {
            let home = environment["HOME"] ?? NSHomeDirectory()
            let dataHome =
                environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.local/share"
            let usual = "\(dataHome.withoutSlash)/tradewind"
            base = account.firstBarrier(on: usual + "/postgres") == nil ? usual : "/var/lib/tradewind"
        }
        socketDirectory = Self.socketDirectory(base: base, account: account, environment: environment)
    }

    /// `BASE/socket`, unless its path would be too long.
    private static func socketDirectory(base: String, account: ServerAccount, environment: [String: String]) -> String {
        let own = "\(base)/socket"
        if fits(own) { return own }
        let name = "tradewind-\(account.userID)-\(stableHash(base))"
        if account.dropsTo == nil, let runtime = environment["XDG_RUNTIME_DIR"], runtime.hasPrefix("/") {
            let candidate = "\(runtime.withoutSlash)/\(name)"
            if fits(candidate), FileManager.default.isWritableFile(atPath: runtime) { return candidate }
        }
        return "/tmp/\(name)"
    }

    private static func fits(_ directory: String) -> Bool {
        "\(directory)/.s.PGSQL.\(port).lock".utf8.count <= longestSocketPath
    }

    /// FNV-1a: the same for the same path, in every run.
    private static func stableHash(_ text: String) -> String {
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 36)
    }
}

extension String {
    fileprivate var withoutSlash: String { count > 1 && hasSuffix("/") ? String(dropLast()) : self }
}
