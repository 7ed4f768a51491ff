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
            try await lanes.endNoLeases()
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
            var workers: [UUID] = []
            for replica in replicas { workers.append(try await lanes.worker(of: replica)) }

            let event = try await installation.events.makeEvent(capacity: 200)
            async let first = installation.events.register(30, for: event)
            try await eventually("a mail") { try await installation.store.countOfMails() > 0 }
            replicas[0].send(SIGKILL)
            try await eventually("the killed replica's lanes moved") {
                try await lanes.shares() == [8, 8]
            }
            // At least so many as the smallest share of three.
            #expect(try await lanes.takenOver(from: workers[0]) >= 4)
            _ = try await first

            async let more = secondAPI.register(30, for: event, from: 100)
            async let yetMore = thirdAPI.register(30, for: event, from: 200)
            try await eventually("more mails") { try await installation.store.countOfMails() > 30 }
            replicas[1].send(SIGTERM)
            try await eventually("the stopped replica's lanes moved") {
                try await lanes.shares() == [16]
            }
            #expect(try await replicas[1].status() == 0)
            _ = try await (more, yetMore)

            try await eventually("an empty queue") { try await installation.store.countOfOutstandingMessages() == 0 }
            #expect(try await installation.store.countOfMails() == 90)
            #expect(try await installation.store.repeatedMails() == 0)
            // What is given back is not taken over, and counts for no attempt.
            #expect(try await lanes.givenBack(by: workers[1]) >= 8)
            #expect(try await lanes.takenOver(from: workers[1]) == 0)
            #expect(try await lanes.takenOver(from: workers[2]) == 0)

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

    /// From now on no lease ends, however slow the machine: so a lane has another owner only where it was given back, or
    /// where its owner's connection is gone. And the ledger keeps all that happens.
    func endNoLeases() async throws {
        try await database.executeScript(
            """
            CREATE FUNCTION public.end_no_lease() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN NEW.alive_until := 'infinity'; RETURN NEW; END $$;
            CREATE TRIGGER end_no_lease BEFORE INSERT OR UPDATE ON queue.workers
                FOR EACH ROW EXECUTE FUNCTION public.end_no_lease();
            CREATE OR REPLACE FUNCTION queue.trim(p_age interval DEFAULT '10 minutes') RETURNS bigint
                LANGUAGE sql AS 'SELECT 0::bigint'
            """
        )
    }

    /// Waits until its life hangs on its lock.
    func worker(of program: Program) async throws -> UUID {
        var worker: UUID?
        try await eventually("a worker with a lock") {
            worker = try await database.query(
                """
                SELECT worker FROM queue.workers
                WHERE split_part(name, '/', 2) = \("\(program.processIdentifier)") AND lock IS NOT NULL
                """
            ).first?.decode(UUID.self)
            return worker != nil
        }
        return try #require(worker)
    }

    /// How many lanes went from this worker to another that did not wait for them to be given back.
    func takenOver(from worker: UUID) async throws -> Int {
        try await count(
            """
            SELECT count(*) FROM queue.ledger l JOIN queue.ledger next USING (subscription, lane)
            WHERE next.seq = l.seq + 1 AND l.owner = \(worker) AND next.owner <> l.owner
            """
        )
    }

    func givenBack(by worker: UUID) async throws -> Int {
        try await count(
            """
            SELECT count(DISTINCT (subscription, lane)) FROM queue.ledger l JOIN queue.ledger next USING (subscription, lane)
            WHERE next.seq = l.seq + 1 AND l.owner = \(worker) AND next.owner IS NULL
            """
        )
    }

    private func count(_ sql: SQL) async throws -> Int {
        try #require(try await database.query(sql).first).decode(Int.self)
    }
}
