import Foundation
import Messaging
import Postgres
import ServiceKit
import TestKit
import Testing

/// Three replicas of a service that publishes and three of one that consumes, as processes of their own.
@Suite("Replicas", .timeLimit(.minutes(60)))
struct ReplicaTests {
    @Test("lanes are spread evenly, and move when a replica is killed or stopped; no effect happens twice")
    func lanesMove() async throws {
        try await Installation.run { installation in
            let lanes = LaneTable(database: installation.store.database)
            var replicas: [Program] = []
            for _ in 0..<3 { replicas.append(try installation.startNotifications()) }
            for replica in replicas { _ = try await replica.port() }
            let (second, secondAPI) = try await installation.startEvents()
            let (third, thirdAPI) = try await installation.startEvents()
            // Two subscriptions with eight lanes each.
            try await eventually("an even spread") {
                let shares = try await lanes.shares()
                return shares.reduce(0, +) == 16 && shares.count == 3 && shares[2] - shares[0] <= 2
            }

            let event = try await installation.events.makeEvent(capacity: 200)
            async let first = installation.events.register(30, for: event)
            try await eventually("a mail") { try await installation.store.countOfMails() > 0 }
            let killed = ContinuousClock.now
            replicas[0].send(SIGKILL)
            try await eventually("the killed replica's lanes moved") {
                try await lanes.shares() == [8, 8]
            }
            print("lanes of a killed replica moved within \(ContinuousClock.now - killed)")
            _ = try await first

            async let more = secondAPI.register(30, for: event, from: 100)
            async let yetMore = thirdAPI.register(30, for: event, from: 200)
            try await eventually("more mails") { try await installation.store.countOfMails() > 30 }
            let takeovers = try await lanes.takeovers()
            let stopped = ContinuousClock.now
            replicas[1].send(SIGTERM)
            try await eventually("the stopped replica's lanes moved") {
                try await lanes.shares() == [16]
            }
            print("lanes of a stopped replica moved within \(ContinuousClock.now - stopped)")
            #expect(try await replicas[1].status() == 0)
            _ = try await (more, yetMore)

            try await eventually("an empty queue") { try await installation.store.countOfOutstandingMessages() == 0 }
            #expect(try await installation.store.countOfMails() == 90)
            #expect(try await installation.store.repeatedMails() == 0)
            // What is given back was not taken over, and counts for no attempt.
            #expect(try await lanes.takeovers() == takeovers)

            for program in [installation.eventsProgram, installation.matchmakingProgram, replicas[2], second, third] {
                program.send(SIGTERM)
            }
            for program in [installation.eventsProgram, installation.matchmakingProgram, replicas[2], second, third] {
                #expect(try await program.status() == 0, "\(program.standardError)")
            }
        }
    }
}

/// Who owns the lanes of the notifications, as the queue's tables say.
private struct LaneTable: Sendable {
    let database: Database

    /// How many lanes each living owner has; empty while one has no living owner.
    func shares() async throws -> [Int] {
        let rows = try await database.query(
            """
            SELECT CASE WHEN n.is_alive THEN n.owner END
            FROM queue.subscriptions s, queue.standings(ARRAY[s.subscription]) n
            WHERE starts_with(s.name, 'notifications.')
            """
        )
        let owners = try rows.map { try $0.decode(UUID?.self) }
        if owners.contains(nil) { return [] }
        return Dictionary(grouping: owners) { $0 }.values.map(\.count).sorted()
    }

    func takeovers() async throws -> Int {
        let rows = try await database.query("SELECT count(*) FROM queue.ledger WHERE attempt > 0")
        return try rows.first?.decode(Int.self) ?? 0
    }
}
