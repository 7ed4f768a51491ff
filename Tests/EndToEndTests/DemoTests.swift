import Foundation
import Postgres
import TestKit
import Testing

@testable import tradewind

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
        struct Teams: Decodable, Equatable {
            let placed: Int
            let unplaced: Int
            let students: Int
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
        let teams: Teams
        let mail: Mail
        let queue: Queue
        let seconds: Double
    }

    @Test(
        "plays all programmes over HTTP to the last mail; a second run, and one against a server, find everything done",
        .timeLimit(.minutes(60))
    )
    func playsTwice() async throws {
        try await TestDatabase.withDatabase(.empty) { test in
            let first = try await play(on: test.url)
            #expect(first.registrations == .init(confirmed: 1500, waiting: 520, promoted: 40))
            #expect(first.placements == .init(placed: 240, unplaced: 160, blockingPairs: 0))
            #expect(first.teams == .init(placed: 26, unplaced: 4, students: 137, blockingPairs: 0))
            // 2,060 are told at once, 40 cancel, 40 move up; 400 students are invited and told their result; so are the
            // alliance's 158, whose answers are confirmed, and 30 recruiters are told of three steps.
            #expect(first.mail == .init(sent: 2940 + 2 * 158 + first.teams.students + 3 * 30, failed: 0))
            #expect(first.queue.dead == 0 && first.queue.pending == 0)
            #expect(first.queue.handled >= first.mail.sent)
            #expect(first.queue.published >= first.queue.handled)

            let second = try await playAndLook(on: test.url)
            #expect(second.registrations == first.registrations)
            #expect(second.placements == first.placements && second.teams == first.teams)
            #expect(second.mail == first.mail)
            #expect(second.queue == first.queue)

            let server = try Program(
                "tradewind",
                ["up", "--port", "0", "--json"],
                environment: ["DATABASE_URL": test.url]
            )
            try await eventually("a server") { !server.standardOutput.isEmpty }
            let serving = try JSONDecoder().decode(Serving.self, from: Data(server.standardOutput.utf8))
            let third = try await play(on: test.url, ["--against", serving.url + "/"])
            #expect(third.registrations == first.registrations && third.placements == first.placements)
            #expect(third.teams == first.teams && third.mail == first.mail && third.queue == first.queue)
            server.send(SIGTERM)
            #expect(try await server.status() == 0, "\(server.standardError)")
        }
    }

    /// Plays, and goes from the start page to both offices before it ends the demo.
    private func playAndLook(on url: String) async throws -> Report {
        let demo = try Program("tradewind", ["demo", "--json", "--port", "0"], environment: ["DATABASE_URL": url])
        try await eventually("the pages to look at") { demo.standardError.contains("Ctrl-C ends it.") }
        let links = demo.standardError
        let start = try #require(links.firstMatch(of: /Start +(http:\S+)/)).output.1
        let offices = links.matches(of: /office +http:\/\/[^\/]+(\/\S+)/).map { String($0.output.1) }
        #expect(offices.count == 2)
        try await APIClient.withHTTP { http in
            let visitor = PageVisitor(client: ProgrammeClient(http: http, base: String(start), token: ""))
            let page = try await visitor.open("/").html
            for office in offices {
                #expect(page.contains("\(office)\""))
                #expect(try await visitor.open(office).html.contains("<h2 id=\"changes\">"))
            }
        }
        demo.send(SIGTERM)
        #expect(try await demo.status() == 0, "\(demo.standardError)")
        return try JSONDecoder().decode(Report.self, from: Data(demo.standardOutput.utf8))
    }

    private struct Serving: Decodable {
        let url: String
    }

    @Test("--against needs the installation's database, and an address")
    func asksForWhatItNeeds() async throws {
        for arguments in [["--against", "http://localhost:1"], ["--against", "localhost"]] {
            let program = try Program("tradewind", ["demo"] + arguments, environment: [:])
            #expect(try await program.status() == 2)
            #expect(program.standardError.contains("--against"))
        }
    }

    @Test("tradewind inbox shows its mails over HTTP until it is ended")
    func inbox() async throws {
        let program = try Program("tradewind", ["inbox", "--smtp-port", "0", "--port", "0"], environment: [:])
        try await eventually("an inbox") { program.standardError.contains("/inbox.") }
        let page = try #require(program.standardError.firstMatch(of: /http:\S+inbox/))
        try await APIClient.withHTTP { http in
            let answer = try await APIClient(http: http, base: String(page.output), token: "").send("GET", ".json")
            #expect(answer.status == 200)
            #expect(try answer.decode(Count.self).count == 0)
        }
        program.send(SIGTERM)
        #expect(try await program.status() == 0, "\(program.standardError)")
    }

    private struct Count: Decodable {
        let count: Int
    }

    private func play(on url: String, _ arguments: [String] = ["--port", "0"]) async throws -> Report {
        let program = try Program(
            "tradewind",
            ["demo", "--once", "--json"] + arguments,
            environment: ["DATABASE_URL": url]
        )
        let status = try await program.status()
        #expect(status == 0, "\(program.standardError)")
        #expect(program.standardError == "")
        return try JSONDecoder().decode(Report.self, from: Data(program.standardOutput.utf8))
    }
}
