import Foundation
import Postgres
import TestKit
import Testing

@Suite("tradewind demo")
struct DemoTests {
    struct Report: Decodable, Equatable {
        struct Registrations: Decodable, Equatable {
            let confirmed: Int
            let waiting: Int
            let promoted: Int
        }
        struct Placements: Decodable, Equatable {
            let placed: Int
            let unplaced: Int
            let blockingPairs: Int
        }
        struct Mail: Decodable, Equatable {
            let sent: Int
            let failed: Int
        }
        struct Queue: Decodable, Equatable {
            let published: Int
            let handled: Int
            let dead: Int
            let pending: Int
        }
        let registrations: Registrations
        let placements: Placements
        let mail: Mail
        let queue: Queue
        let seconds: Double
    }

    @Test(
        "plays both programmes over HTTP to the last mail, and a second run finds everything done",
        .timeLimit(.minutes(15))
    )
    func playsTwice() async throws {
        try await TestDatabase.withDatabase(.empty) { test in
            let first = try await play(on: test.url)
            #expect(first.registrations == .init(confirmed: 1500, waiting: 520, promoted: 40))
            #expect(first.placements == .init(placed: 240, unplaced: 160, blockingPairs: 0))
            // 2,060 are told at once, 40 cancel, 40 move up; 400 students are invited and told their result.
            #expect(first.mail == .init(sent: 2940, failed: 0))
            #expect(first.queue.dead == 0 && first.queue.pending == 0)
            #expect(first.queue.handled >= 2940)
            #expect(first.queue.published >= first.queue.handled)

            let second = try await play(on: test.url)
            #expect(second.registrations == first.registrations)
            #expect(second.placements == first.placements)
            #expect(second.mail == first.mail)
            #expect(second.queue == first.queue)
        }
    }

    private func play(on url: String) async throws -> Report {
        let program = try Program(
            "tradewind",
            ["demo", "--once", "--json", "--port", "0"],
            environment: ["DATABASE_URL": url]
        )
        let status = try await program.status(within: .seconds(400))
        #expect(status == 0, "\(program.standardError)")
        #expect(program.standardError.isEmpty)
        return try JSONDecoder().decode(Report.self, from: Data(program.standardOutput.utf8))
    }
}
