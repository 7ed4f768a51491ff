import Foundation
import Logging
import Postgres

/// The server that tests run against, as `DATABASE_TEST_URL` names it.
struct TestServer: Sendable {
    struct Missing: Error, CustomStringConvertible {
        let description = "DATABASE_TEST_URL is not set: it names a PostgreSQL server on which tests may make databases"
    }

    let components: URLComponents
    /// Connected to the maintenance database.
    let admin: Database
    let logger: Logger

    /// One for all tests of the process, so that they share its few connections.
    static func shared() throws -> TestServer { try sharedResult.get() }
    private static let sharedResult = Result { try TestServer(logger: TestDatabase.quietLogger) }

    private init(logger: Logger) throws {
        guard let url = ProcessInfo.processInfo.environment["DATABASE_TEST_URL"],
            var components = URLComponents(string: url)
        else { throw Missing() }
        // Many tests connect at once, on machines that have other work: no test is about a slow start.
        if components.queryItems?.contains(where: { $0.name == "connect_timeout" }) != true {
            components.queryItems = (components.queryItems ?? []) + [.init(name: "connect_timeout", value: "60")]
        }
        var configuration = Database.Configuration(url: components.string ?? url)
        configuration.maximumConnections = 4
        configuration.acquireTimeout = .seconds(300)
        configuration.statementDeadline = .seconds(120)
        self.components = components
        self.admin = Database(configuration: configuration, logger: logger)
        self.logger = logger
    }

    func url(of database: String) -> String {
        var components = components
        components.path = "/" + database
        return components.string ?? ""
    }

    /// Names of this process's databases begin so: processes that test at the same time do not meet.
    var namePrefix: String { "\(Self.hostPrefix)\(ProcessInfo.processInfo.processIdentifier)_" }

    /// Kept, since the name may have to be looked up.
    private static let hostPrefix: String = {
        let host = ProcessInfo.processInfo.hostName.lowercased().filter { $0.isLetter || $0.isNumber }
        return "tw_test_\(host.prefix(12))_"
    }()

    func databases(like prefix: String) async throws -> [String] {
        try await admin.query("SELECT datname::text FROM pg_database WHERE starts_with(datname, \(prefix))")
            .map { try $0.decode(String.self) }
    }

    func drop(_ database: String) async throws {
        try await admin.execute("DROP DATABASE IF EXISTS \(identifier: database) WITH (FORCE)")
    }

    /// Drops what test processes of this machine left behind that have ended since.
    func sweep() async throws {
        for database in try await databases(like: Self.hostPrefix) {
            let process = database.dropFirst(Self.hostPrefix.count).prefix { $0.isNumber }
            guard let id = Int32(process), kill(id, 0) != 0, errno == ESRCH else { continue }
            try await drop(database)
        }
    }
}

extension TestDatabase {
    /// The server that tests run against, for those that need no database of their own.
    public static func serverURL() throws -> String {
        try TestServer.shared().components.string ?? ""
    }
}
