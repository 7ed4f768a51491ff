import Logging
import Synchronization

public struct Notification: Sendable, Hashable {
    public let channel: String
    public let payload: String
}

extension Database {
    /// Notifications on `channels`, over a connection of its own that reconnects with capped backoff. After each
    /// (re)connection one notification with an empty payload arrives for each channel, since some may have been missed.
    ///
    /// The stream ends when its task is cancelled or the database is closed, and never throws. Notifications that are
    /// the same and not yet read count once; of very many only the channels are kept.
    ///
    /// Each connection first runs the statements `opening`: to take a lock that holds as long as the connection does.
    public func listen(
        to channels: [String],
        opening: [SQL] = []
    ) -> AsyncThrowingStream<Notification, any Error> {
        var configuration = configuration
        configuration.url = configuration.listenerURL ?? configuration.url
        let targets = Result { try ConnectionTargets(configuration) }
        let listener = Listener(channels, opening, targets, listeners, logger)
        return AsyncThrowingStream { await listener.next() }
    }
}

/// Reads notifications for one stream: connects when the stream is read, and again when the connection is lost.
private final class Listener: Sendable {
    private static let heartbeat: Duration = .seconds(30)
    private static let longestPause = 5.0

    private let channels: [String]
    private let opening: [SQL]
    private let targets: Result<ConnectionTargets, any Error>
    private let listeners: Listeners
    private let logger: Logger
    private let connection = Mutex<Connection?>(nil)

    init(
        _ channels: [String],
        _ opening: [SQL],
        _ targets: Result<ConnectionTargets, any Error>,
        _ listeners: Listeners,
        _ logger: Logger
    ) {
        self.channels = channels
        self.opening = opening
        self.targets = targets
        self.listeners = listeners
        self.logger = logger
    }

    deinit {
        connection.withLock { $0 }?.closeLater()
    }

    func next() async -> Notification? {
        var failures = 0
        while !Task.isCancelled, !listeners.isClosed {
            if let connection = connection.withLock({ $0 }), connection.isOpen {
                if let notification = await connection.nextNotification() { return notification }
                await check(connection)
                continue
            }
            do {
                try await connect()
                failures = 0
            } catch {
                failures += 1
                logger.warning("can't listen for notifications", metadata: ["error": "\(error)"])
                // 0.1 s, twice as long each time, and never all at the same moment.
                let pause = min(Self.longestPause, 0.05 * Double(1 << min(failures, 10)))
                try? await Task.sleep(for: .seconds(pause * .random(in: 0.5...1)))
            }
        }
        return nil
    }

    private func connect() async throws {
        var options = Connection.Options()
        options.statementCacheCapacity = 0
        options.onClose = { [weak listeners] in listeners?.remove($0) }
        let connection = try await Connection.open(to: targets.get(), options: options)
        self.connection.withLock { $0 = connection }
        listeners.add(connection)
        do {
            let listen = channels.map { "LISTEN \(identifier: $0)" as SQL }
            try await connection.run(opening + listen, timeout: .seconds(10)).check()
            await connection.startListening(channels, heartbeat: Self.heartbeat)
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Nothing has come for a while: see whether the server is still there.
    private func check(_ connection: Connection) async {
        if Task.isCancelled || !connection.isOpen { return }
        let reply = await connection.run(["SELECT 1"], timeout: .seconds(5))
        if reply.failure != nil, !Task.isCancelled { await connection.close() }
    }
}

/// The connections that listen, to be closed with the database.
final class Listeners: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: Connection] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    var isClosed: Bool { state.withLock { $0.isClosed } }
    var count: Int { state.withLock { $0.connections.count } }

    func add(_ connection: Connection) {
        let isClosed = state.withLock { state in
            state.connections[ObjectIdentifier(connection)] = connection
            return state.isClosed
        }
        if isClosed { connection.closeLater() }
    }

    func remove(_ connection: Connection) {
        _ = state.withLock { $0.connections.removeValue(forKey: ObjectIdentifier(connection)) }
    }

    func close() async {
        let connections = state.withLock { state in
            state.isClosed = true
            return Array(state.connections.values)
        }
        for connection in connections { await connection.close() }
    }
}
