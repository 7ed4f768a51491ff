import Logging
import ServiceLifecycle

extension Database {
    /// How often idle connections are looked at, and how long one is idle before it is.
    private static let healthInterval: Duration = .seconds(15)
    private static let idleBeforeCheck: Duration = .seconds(30)

    /// Keeps the pool healthy and rings the bell until the graceful shutdown begins or the task is cancelled; then lets
    /// what is in flight finish.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.keepHealthy() }
                group.addTask { await self.bell.run { try await self.notify($0) } }
            }
        }
        await close()
        await ringForTheLastTime()
    }

    /// Refuses new callers, lets what is in flight finish, and closes all connections. Listening streams end.
    public func close() async {
        await listeners.close()
        await pool.close()
    }

    private func keepHealthy() async {
        while (try? await Task.sleep(for: Self.healthInterval)) != nil {
            await checkIdleConnections(longerThan: Self.idleBeforeCheck)
        }
    }

    /// Asks each connection that has been idle for so long for an answer; those that give none are closed.
    func checkIdleConnections(longerThan duration: Duration) async {
        let start = MonotonicTime.now
        while let connection = pool.takeIdle(since: start, longerThan: duration) {
            let reply = await connection.run(["SELECT 1"], timeout: .seconds(5), isCancellable: false)
            if reply.failure != nil { logger.warning("closed a connection that no longer answers") }
            pool.release(connection, isReusable: reply.failure == nil && reply.status == .idle)
        }
    }

    private func notify(_ channels: [String]) async throws {
        try await query(Self.notification(channels))
    }

    /// What the last transactions rang, over a connection of its own, since the pool is closed.
    private func ringForTheLastTime() async {
        let channels = bell.take()
        guard !channels.isEmpty, let connection = try? await Connection.open(to: targets.get(), options: .init()) else {
            return
        }
        _ = await connection.run([Self.notification(channels)], timeout: .seconds(5), isCancellable: false)
        await connection.close()
    }

    private static func notification(_ channels: [String]) -> SQL {
        "SELECT pg_notify(channel, '') FROM unnest(\(channels)) AS channel"
    }
}
