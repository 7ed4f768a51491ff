import Foundation

/// A PostgreSQL server of our own, reached over a unix socket that only its owner can open.
///
/// The server is a daemon: a killed user leaves it running, and the next one attaches to it. The last user to `stop`
/// shuts it down.
public struct PrivatePostgres: Sendable {
    public enum Arrival: Sendable { case created, started, attached }

    /// A libpq URL of the database `tradewind`.
    public let url: String
    public let layout: ClusterLayout
    public let arrival: Arrival
    public let major: Int
    private let cluster: Cluster
    private let lock: UserLock

    /// Finds or makes the cluster below `directory` (or below the default directory) and sees that it serves.
    public static func start(directory: String? = nil) async throws -> PrivatePostgres {
        let account = try ServerAccount.current()
        let layout = try ClusterLayout(directory: directory, account: account)
        try account.makeDirectory(layout.base)
        let lock = try UserLock(path: layout.lock)
        do {
            let clusterMajor = layout.clusterMajor
            let binaries = try PostgresBinaries.choose(
                from: await PostgresBinaries.installed(),
                clusterMajor: clusterMajor
            )
            let cluster = Cluster(layout: layout, account: account, binaries: binaries)
            let (arrival, socket) = try await join(cluster, lock)
            return PrivatePostgres(
                url: layout.url(database: Cluster.database, socketDirectory: socket),
                layout: layout,
                arrival: arrival,
                major: binaries.major,
                cluster: cluster,
                lock: lock
            )
        } catch {
            lock.close()
            throw error
        }
    }

    /// What is there, without making or starting anything.
    public static func status(directory: String? = nil) throws(PrivatePostgresError) -> Status {
        let layout = try ClusterLayout(directory: directory, account: try ServerAccount.current())
        let file = PostmasterFile(data: layout.data)
        let running = file.flatMap { $0.isServing && $0.isReady ? $0 : nil }
        return Status(
            base: layout.base,
            major: layout.clusterMajor,
            url: running.map { layout.url(database: Cluster.database, socketDirectory: $0.socketDirectory) }
        )
    }

    public struct Status: Sendable {
        public let base: String
        /// The version that wrote the data; `nil` where there is none yet.
        public let major: Int?
        /// `nil` where the server does not run.
        public let url: String?
    }

    /// Shuts the server down, unless others use it.
    public func stop() async throws {
        defer { lock.close() }
        guard lock.tryExclusive() else { return }
        try await cluster.stop()
    }

    /// Sees that the server serves, and leaves us holding a shared lock. Tells the socket's directory.
    private static func join(_ cluster: Cluster, _ lock: UserLock) async throws -> (Arrival, String) {
        let deadline = ContinuousClock.now + .seconds(90)
        var arrival = Arrival.attached
        while ContinuousClock.now < deadline {
            if lock.tryExclusive() {
                if try await cluster.createIfMissing() { arrival = .created }
                if try await cluster.startIfStopped(), arrival == .attached { arrival = .started }
            }
            // Between the two locks somebody else may have been alone and stopped the server: look again.
            if lock.tryShared(), let file = PostmasterFile(data: cluster.layout.data), file.isServing, file.isReady {
                return (arrival, file.socketDirectory)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw PrivatePostgresError(
            .inUse,
            "The private PostgreSQL below \(cluster.layout.base) is not ready, and others hold it.",
            hint: "See \(cluster.layout.log); end the other tradewind processes and try again."
        )
    }
}
