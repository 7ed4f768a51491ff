import Foundation
import TestKit
import Testing

@testable import Postgres

/// What a server does to its clients when it fails.
@Suite(.serialized, .enabled(if: PrivateServer.programs != nil)) struct FaultTests {
    @Test func aRestartIsSurvived() async throws {
        try await PrivateServer.lend { server in
            try await withDatabase(url: server.url) { database in
                var notifications = database.listen(to: ["c"]).makeAsyncIterator()
                _ = try await notifications.next()
                try await database.transaction { tx in
                    try await tx.query("SELECT 1")
                    try await database.query("SELECT 2")
                }
                #expect(database.pool.counts.places == 2)
                try await server.restart()
                try await eventually { database.pool.counts.places == 0 }
                try await #expect(database.value(Int.self, "SELECT 1") == 1)
                // The listener is there again, and says that something may have been missed.
                try await #expect(notifications.next() == Notification(channel: "c", payload: ""))
            }
        }
    }

    /// The standby does not exist, so each COMMIT waits for it.
    private func withHangingCommit(
        _ body: (_ hanging: Database, _ other: Database) async throws -> Void
    ) async throws {
        try await PrivateServer.lend(settings: ["synchronous_standby_names=nobody"]) { server in
            try await withDatabase(url: server.url + " options='-c synchronous_commit=local'") { other in
                try await other.query("CREATE TABLE t (n int)")
                try await withDatabase(url: server.url) { try await body($0, other) }
            }
        }
    }

    @Test func aCommitThatMayNotBeReplicatedIsUnknown() async throws {
        try await withHangingCommit { hanging, other in
            var options = TransactionOptions()
            // By then a busy machine too has come to the COMMIT.
            options.deadline = .seconds(5)
            let error = await #expect(throws: PostgresError.self) {
                try await hanging.transaction(options) { tx in tx.enqueue("INSERT INTO t VALUES (1)") }
            }
            #expect(error?.code == .commitUnknown)
            // It did take place here.
            try await #expect(other.value(Int.self, "SELECT count(*) FROM t") == 1)
            try await #expect(hanging.value(Int.self, "SELECT 1") == 1)
        }
    }

    @Test func aConnectionThatIsLostDuringTheCommitLeavesItUnknown() async throws {
        try await withHangingCommit { hanging, other in
            try await withThrowingTaskGroup { group in
                group.addTask {
                    let error = await #expect(throws: PostgresError.self) {
                        try await hanging.transaction { tx in tx.enqueue("INSERT INTO t VALUES (1)") }
                    }
                    #expect(error?.code == .commitUnknown)
                }
                try await eventually {
                    try await !other.query(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                    ).isEmpty
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func aHostThatAcceptsAndIsSilentIsPassedOver() async throws {
        try await PrivateServer.lend { silent in
            try await PrivateServer.lend { alive in
                kill(try silent.postmaster, SIGSTOP)
                let url = "host=\(silent.folder),\(alive.folder) user=postgres dbname=postgres connect_timeout=10"
                try await withDatabase(url: url) { database in
                    try await #expect(
                        database.value(String.self, "SHOW unix_socket_directories") == alive.folder
                    )
                    // From now on the one that answers comes first.
                    let first = try database.targets.get().attempts.first
                    #expect(first?.contains(ConnectionParameter("host", alive.folder)) == true)
                }
            }
        }
    }

    @Test func aHostThatRefusesIsPassedOver() async throws {
        try await PrivateServer.lend { server in
            let url = "host=/nowhere,\(server.folder) user=postgres dbname=postgres"
            try await withDatabase(url: url + " target_session_attrs=read-write") { database in
                try await #expect(database.value(Int.self, "SELECT 1") == 1)
            }
            // There is no standby, so the primary will do.
            try await withDatabase(url: url + " target_session_attrs=prefer-standby") { database in
                try await #expect(database.value(Int.self, "SELECT 1") == 1)
            }
            try await withDatabase(url: url + " target_session_attrs=standby") { database in
                await #expect(throws: PostgresError.self) { try await database.query("SELECT 1") }
            }
        }
    }

    @Test func aServerThatDoesNotEvenAnswerACancellationIsGivenUp() async throws {
        try await PrivateServer.lend { server in
            let silence = AsyncStream<Void>.makeStream()
            var options = Connection.Options()
            options.cancelGrace = .milliseconds(100)
            options.onSilence = { silence.continuation.yield() }
            let targets = try ConnectionTargets(Database.Configuration(url: server.url))
            let connection = try await Connection.open(to: targets, options: options)
            let answer = await connection.run(["SELECT pg_backend_pid()"], timeout: nil)
            let pid = try #require(answer.outputs.first?.rows.first).decode(Int32.self)
            kill(pid, SIGSTOP)
            let reply = await connection.run(["SELECT 1"], timeout: .milliseconds(50))
            kill(pid, SIGCONT)
            let error = #expect(throws: PostgresError.self) { try reply.check() }
            #expect(error?.code == .deadlineExceeded)
            #expect(!connection.isOpen)
            for await _ in silence.stream { break }
            let next = await connection.run(["SELECT 1"], timeout: nil)
            #expect(next.isUnsent)
        }
    }
}
