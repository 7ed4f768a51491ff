import Foundation
import TestKit
import Testing

@testable import Postgres

@Suite(.serialized, .enabled(if: PrivateServer.programs != nil)) struct EncryptionTests {
    private func withEncryptedServer(_ body: (_ url: String, _ certificate: String) async throws -> Void) async throws {
        let port = try ReservedPort()
        let settings = ["listen_addresses=127.0.0.1", "port=\(port.number)"]
        try await PrivateServer.lend(settings: settings) { server in
            let certificate = try await server.offerTLS()
            try await body("host=127.0.0.1 port=\(port.number) user=postgres dbname=postgres", certificate)
        }
    }

    /// What TLS keeps in its own buffers must not be waited for on the socket: results and binds larger than a record.
    @Test func everythingWorksOverTLS() async throws {
        try await withEncryptedServer { url, certificate in
            try await withDatabase(url: "\(url) sslmode=verify-full sslrootcert=\(certificate)") { database in
                let isEncrypted = try await database.value(
                    Bool.self,
                    "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
                )
                #expect(isEncrypted)
                for size in [1, 8_191, 16_384, 16_385, 1_000_000, 20_000_000] {
                    let text = String(repeating: "x", count: size)
                    let back = try await database.value(String.self, "SELECT \(text) || repeat('y', \(Int32(size)))")
                    #expect(back.utf8.count == 2 * size && back.hasPrefix("x") && back.hasSuffix("y"))
                }
                let many = try await database.query("SELECT n, repeat('z', n % 300) FROM generate_series(1, 50000) n")
                #expect(many.count == 50_000)
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 1...200 {
                        group.addTask {
                            try await database.value(Int.self, "SELECT \(number) FROM pg_sleep(0.001)")
                        }
                    }
                    var sum = 0
                    for try await number in group { sum += number }
                    #expect(sum == 20_100)
                }
                try await database.transaction { tx in
                    for number in 1...2_000 { tx.enqueue("SELECT \(number)") }
                    let last = try await tx.query("SELECT 1::int4")
                    #expect(last.count == 1)
                }
            }
        }
    }

    @Test func aCertificateThatNobodyVouchesForIsRefused() async throws {
        try await withEncryptedServer { url, _ in
            let other = FileManager.default.temporaryDirectory.appending(path: "none-\(UUID().uuidString).crt").path
            for rest in ["sslrootcert=\(other)", "sslrootcert=/etc/ssl/certs/ca-certificates.crt"] {
                let error = await #expect(throws: PostgresError.self) {
                    try await withDatabase(url: "\(url) sslmode=verify-full \(rest)") { database in
                        _ = try await database.query("SELECT 1")
                    }
                }
                #expect(error?.code == .connectionFailed)
            }
        }
    }
}
