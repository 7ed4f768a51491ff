import Foundation
import Logging
import ServiceLifecycle
import Testing

@testable import Postgres

@Suite(.serialized) struct NotificationTests {
    private let channel = "test_\(UUID().uuidString)"

    @Test func whatIsNotifiedArrives() async throws {
        try await withDatabase { database in
            var notifications = database.listen(to: [channel]).makeAsyncIterator()
            // The first tells that something may have been missed.
            try await #expect(notifications.next() == Notification(channel: channel, payload: ""))
            try await database.query("SELECT pg_notify(\(channel), 'héllo')")
            try await #expect(notifications.next() == Notification(channel: channel, payload: "héllo"))
        }
    }

    @Test func afterALostConnectionEachChannelIsToldOnce() async throws {
        try await withDatabase({ $0.applicationName = "listener-\(channel)" }) { database in
            let other = channel + "_2"
            var notifications = database.listen(to: [channel, other]).makeAsyncIterator()
            for _ in 0..<3 {
                let both = try await [notifications.next(), notifications.next()]
                #expect(both.map { $0?.channel } == [channel, other])
                #expect(both.allSatisfy { $0?.payload == "" })
                try await database.query(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE application_name = \("listener-\(channel)") AND pid <> pg_backend_pid()
                    """
                )
            }
        }
    }

    @Test func theStreamEndsWithTheDatabaseAndWithItsTask() async throws {
        try await withDatabase { database in
            let reader = { @Sendable in
                var count = 0
                for try await _ in database.listen(to: [channel]) { count += 1 }
                return count
            }
            try await withThrowingTaskGroup { group in
                group.addTask(operation: reader)
                try await eventually { database.listeners.count == 1 }
                group.cancelAll()
                try await group.waitForAll()
            }
            try await eventually { database.listeners.count == 0 }
            try await withThrowingTaskGroup { group in
                group.addTask(operation: reader)
                try await eventually { database.listeners.count == 1 }
                await database.close()
                try await group.waitForAll()
            }
            #expect(database.listeners.count == 0)
        }
    }

    @Test func aRingIsHeardAfterTheCommitOnly() async throws {
        struct Refusal: Error {}
        try await withDatabase { database in
            var notifications = database.listen(to: [channel, channel + "_other"]).makeAsyncIterator()
            _ = try await (notifications.next(), notifications.next())
            try await withRunning(database) {
                _ = try? await database.transaction { tx in
                    tx.notifyAfterCommit(channel)
                    throw Refusal()
                }
                try await database.transaction { tx in tx.notifyAfterCommit(channel + "_other") }
                try await #expect(notifications.next()?.channel == channel + "_other")
            }
        }
    }

    @Test func ringsThatFallTogetherAreFewNotificationsAndTheLastIsNeverLost() async throws {
        try await withDatabase { database in
            // Its own database, since the other one is closed by its shutdown.
            try await withDatabase { observer in
                var notifications = observer.listen(to: [channel]).makeAsyncIterator()
                _ = try await notifications.next()
                try await withRunning(database) {
                    for _ in 0..<200 { try await database.transaction { tx in tx.notifyAfterCommit(channel) } }
                }
                try await #expect(notifications.next()?.channel == channel)
                #expect(database.bell.take().isEmpty)
            }
        }
    }

    @Test func aRingJustBeforeTheShutdownIsSent() async throws {
        try await withDatabase { database in
            try await withDatabase { observer in
                var notifications = observer.listen(to: [channel]).makeAsyncIterator()
                _ = try await notifications.next()
                let gate = Gate()
                try await withThrowingTaskGroup { group in
                    group.addTask {
                        try await database.transaction { tx in
                            try await tx.query("SELECT 1")
                            await gate.wait()
                            tx.notifyAfterCommit(channel)
                        }
                    }
                    try await eventually { database.pool.counts.places == 1 }
                    group.addTask {
                        try await withRunning(database) {}
                    }
                    try await eventually { database.listeners.isClosed }
                    gate.open()
                    try await group.waitForAll()
                }
                try await #expect(notifications.next()?.channel == channel)
            }
        }
    }

    @Test func aRingThatCouldNotBeSentIsSentLater() async throws {
        let bell = Bell()
        bell.ring(["b", "a"])
        bell.ring(["a"])
        var attempts: [[String]] = []
        await withTaskGroup { group in
            let (stream, continuation) = AsyncStream<[String]>.makeStream()
            group.addTask {
                var isFirst = true
                await bell.run { channels in
                    continuation.yield(channels)
                    defer { isFirst = false }
                    if isFirst { throw PostgresError(.connectionLost, message: "") }
                }
            }
            for await attempt in stream.prefix(2) { attempts.append(attempt) }
            group.cancelAll()
        }
        #expect(attempts == [["a", "b"], ["a", "b"]])
    }

    @Test func aFullBufferKeepsTheChannels() {
        var buffer = NotificationBuffer(capacity: 3)
        for number in 0..<5 {
            buffer.append(Notification(channel: "a", payload: "\(number % 4)"))
            buffer.append(Notification(channel: "a", payload: "\(number % 4)"))
        }
        var left: [String] = []
        while let notification = buffer.popFirst() { left.append(notification.payload) }
        #expect(left == ["", "3", "0"])
    }

    /// Runs the database as a service during `body`, then shuts it down gracefully.
    private func withRunning(_ database: Database, _ body: () async throws -> Void) async throws {
        let group = ServiceGroup(services: [database], logger: Logger(label: "tests"))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
