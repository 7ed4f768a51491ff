import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import TestKit

/// Makes a cohort over the API, with rankings of both sides, and runs it.
struct BenchmarkOffice: Sendable {
    let client: any TestClientProtocol
    let service: TestService

    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    private struct Made: Decodable { let id: String }
    private struct Firm: Encodable {
        let code: String
        let name: [String: String]
        let capacity: Int
    }
    private struct Entry: Encodable {
        var applicant: String?
        var firm: String?
        let ranking: [[String]]
    }

    /// The path of the cohort.
    func cohort(_ plan: RoundBenchmark) async throws -> String {
        let deadline = Date(timeIntervalSinceNow: 86_400).formatted(.iso8601)
        struct Draft: Encodable {
            let slug = "benchmark"
            let title = ["en": "Benchmark"]
            let rankingDeadline: String
            let maximumChoices = 50
        }
        let made = try await post("/cohorts", Draft(rankingDeadline: deadline))
        let cohort = "/cohorts/\(try made.decode(Made.self).id)"
        for state in ["open", "ranking"] {
            _ = try await send(.put, "\(cohort)/state", json: ["state": state], headers: [.ifMatch: "*"])
        }
        _ = try await post(
            "\(cohort)/universities",
            ["universities": (0..<6).map { Firm(code: "u\($0)", name: ["en": "U"], capacity: 0) }]
        )
        _ = try await post(
            "\(cohort)/firms",
            ["firms": (0..<plan.firms).map { Firm(code: "f\($0)", name: ["en": "Firm \($0)"], capacity: plan.places) }]
        )
        for start in stride(from: 0, to: plan.applicants, by: 20_000) {
            try await importStudents(start..<min(plan.applicants, start + 20_000), into: cohort)
        }
        try await rank(cohort, plan)
        return cohort
    }

    private func importStudents(_ numbers: Range<Int>, into cohort: String) async throws {
        let economies = ["MY", "IN", "VN", "ID", "TH", "PH"]
        let lines = numbers.map { "s\($0)@example.org,Student \($0),u\($0 % 6),\(economies[$0 / 6 % 6]),en\n" }
        let file = "email,name,university,economy,language\n" + lines.joined()
        let preview = try await send(.post, "\(cohort)/imports/students", text: file)
        _ = try await post("/imports/\(try preview.decode(Made.self).id)/application", [String: Bool]())
    }

    /// Applicants rank firms at random, the first few more often; firms rank whoever ranked them.
    private func rank(_ cohort: String, _ plan: RoundBenchmark) async throws {
        let applicants = try await ids("applicants")
        let firms = try await ids("firms")
        var random = SystemRandomNumberGenerator()
        var listers: [[String]] = Array(repeating: [], count: firms.count)
        var lists: [Entry] = []
        for applicant in applicants {
            var chosen: [Int] = []
            while chosen.count < min(plan.choices, firms.count) {
                let share = Double.random(in: 0..<1, using: &random)
                let firm = Int(share * share * Double(firms.count))
                if !chosen.contains(firm) { chosen.append(firm) }
            }
            for firm in chosen { listers[firm].append(applicant) }
            lists.append(Entry(applicant: applicant, ranking: chosen.map { [firms[$0]] }))
        }
        for start in stride(from: 0, to: lists.count, by: 20_000) {
            try await put(cohort, lists[start..<min(lists.count, start + 20_000)], [])
        }
        // A third of each list is tied, so that the lottery has something to decide.
        for (firm, people) in zip(firms, listers) {
            let shuffled = people.shuffled(using: &random)
            let tied = shuffled.count / 3
            let groups = shuffled.dropFirst(tied).map { [$0] } + (tied > 0 ? [Array(shuffled.prefix(tied))] : [])
            try await put(cohort, [], [Entry(firm: firm, ranking: groups)])
        }
    }

    private func put(_ cohort: String, _ applicants: ArraySlice<Entry>, _ firms: [Entry]) async throws {
        let tag = try await send(.get, cohort).headers[.eTag] ?? ""
        let body = ["applicants": Array(applicants), "firms": firms]
        _ = try await send(.put, "\(cohort)/rankings", json: body, headers: [.ifMatch: tag])
    }

    /// Runs a round and tells its id.
    func run(_ cohort: String) async throws -> String {
        try await post("\(cohort)/rounds", ["closesEarly": true]).decode(Made.self).id
    }

    /// What the server alone needs to store as many rows with their keys: the reference.
    func copy(_ round: String) async throws {
        let id = UUID(uuidString: round)
        try await service.database.execute("DROP TABLE IF EXISTS matchmaking.copied")
        try await service.database.execute(
            "CREATE TABLE matchmaking.copied (LIKE matchmaking.placements INCLUDING ALL)"
        )
        try await service.database.execute(
            "INSERT INTO matchmaking.copied SELECT * FROM matchmaking.placements WHERE round_id = \(id)"
        )
    }

    private func ids(_ table: String) async throws -> [String] {
        try await service.database.query("SELECT id::text FROM matchmaking.\(identifier: table) ORDER BY id")
            .map { try $0.decode(String.self) }
    }

    private func post(_ path: String, _ body: some Encodable) async throws -> TestResponse {
        try await send(.post, path, json: body)
    }

    private func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        json: (any Encodable)? = nil,
        text: String? = nil,
        headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        let token = service.tenant.staffToken
        let path = "/matchmaking/api\(path)"
        let answer =
            if let text {
                try await client.sendCSV(path, token: token, text)
            } else {
                try await client.send(method, path, token: token, json: json, headers: headers)
            }
        guard answer.status.kind == .successful else {
            throw Refused(description: "\(method) \(path): \(answer.status) \(answer.text.prefix(500))")
        }
        return answer
    }
}
