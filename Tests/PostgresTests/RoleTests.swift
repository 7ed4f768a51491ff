import Foundation
import Testing

@testable import Postgres

@Suite(.serialized) struct RoleTests {
    /// Lends the name of a role that nobody can log in as.
    private func withRole(_ body: (String) async throws -> Void) async throws {
        try await withDatabase { database in
            let role = "test role \\ \(UUID().uuidString.lowercased())"
            try await database.query("CREATE ROLE \(identifier: role)")
            do {
                try await body(role)
            } catch {
                try await database.query("DROP ROLE \(identifier: role)")
                throw error
            }
            try await database.query("DROP ROLE \(identifier: role)")
        }
    }

    @Test func everyConnectionTakesOnTheRole() async throws {
        try await withRole { role in
            let separator = serverURL.contains("?") ? "&" : "?"
            let url = serverURL + separator + "options=-c%20tradewind.mark%3Dkept"
            try await withDatabase(url: url, { $0.role = role }) { database in
                let rows = try await database.query("SELECT current_user, current_setting('tradewind.mark')")
                let (user, mark) = try #require(rows.first).decode(String.self, String.self)
                #expect((user, mark) == (role, "kept"))
            }
        }
    }

    @Test func behindAPoolerEachTransactionTakesOnTheRole() async throws {
        try await withRole { role in
            try await withDatabase({
                $0.role = role
                $0.preparesStatements = false
                $0.maximumConnections = 1
            }) { database in
                try await #expect(database.value(String.self, "SELECT current_user::text") == role)
                let inside = try await database.transaction { try await $0.value(String.self, "SELECT current_user") }
                #expect(inside == role)
                // The session is not the role's.
                let connection = try await database.pool.acquire()
                let reply = await connection.run(["SELECT current_user"], timeout: nil)
                database.pool.release(connection)
                let session = try #require(reply.outputs.first?.rows.first).decode(String.self)
                #expect(session != role)
            }
        }
    }

    @Test func theHostsOfAURLAreTriedInTurn() throws {
        let url = "postgres://u:p@a:1,b,[::1]:3/d?connect_timeout=7&options=-c%20x%3D1"
        var configuration = Database.Configuration(url: url, role: "some role")
        configuration.applicationName = "mine"
        let targets = try ConnectionTargets(configuration)
        func values(_ keyword: String) -> [String?] {
            targets.attempts.map { attempt in attempt.first { $0.keyword == keyword }?.value }
        }
        #expect(targets.timeout == .seconds(7))
        #expect(values("host") == ["a", "b", "::1"])
        #expect(values("port") == ["1", nil, "3"])
        #expect(values("password") == ["p", "p", "p"])
        #expect(values("application_name") == ["mine", "mine", "mine"])
        #expect(values("connect_timeout") == [nil, nil, nil])
        #expect(values("options").allSatisfy { $0 == #"-c x=1 -c role=some\ role"# })
        targets.rotate()
        #expect(values("host") == ["b", "::1", "a"])
        targets.rotate()
        targets.rotate()
        #expect(values("host") == ["a", "b", "::1"])
    }
}
