import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Matchmaking

/// A city's office that works over the API.
struct Office: Sendable {
    static let api = "/matchmaking/api"

    let client: any TestClientProtocol
    let service: TestService
    let inbox: Inbox
    let token: String

    static func run(_ body: @escaping @Sendable (Office) async throws -> Void) async throws {
        try await TestService.run(MatchmakingService.self) { client, service in
            let inbox = try await Inbox(service)
            try await body(Office(client: client, service: service, inbox: inbox, token: service.tenant.staffToken))
        }
    }

    func by(_ token: String) -> Office { Office(client: client, service: service, inbox: inbox, token: token) }

    func get(_ path: String) async throws -> TestResponse {
        try await client.send(.get, Self.api + path, token: token)
    }

    func post(_ path: String, _ body: JSONValue, key: String? = nil) async throws -> TestResponse {
        try await client.send(.post, Self.api + path, token: token, json: body, idempotencyKey: key)
    }

    func put(_ path: String, _ body: JSONValue, match: String? = nil) async throws -> TestResponse {
        let headers: HTTPFields = match.map { [.ifMatch: $0] } ?? [:]
        return try await client.send(.put, Self.api + path, token: token, json: body, headers: headers)
    }

    /// The JSON of an answer with the status that was expected.
    func expect(
        _ status: HTTPResponse.Status,
        _ response: TestResponse,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> JSONValue {
        #expect(response.status == status, "\(response.text)", sourceLocation: sourceLocation)
        return response.json
    }

    /// As `expect`, where a test can't go on with another answer.
    private func require(_ status: HTTPResponse.Status, _ response: TestResponse) throws -> JSONValue {
        try #require(response.status == status, "\(response.text)")
        return response.json
    }

    static func draft(_ slug: String = "autumn") -> JSONValue {
        [
            "slug": .init(slug), "title": ["en": "Autumn intake", "zh-Hant": "秋季"],
            "rankingDeadline": .init(Date(timeIntervalSinceNow: 86400).formatted(.iso8601)), "maximumChoices": 3,
        ]
    }

    /// The path of a new cohort in which both sides rank already, while others still join.
    func cohort(_ draft: JSONValue = draft()) async throws -> String {
        let cohort = try await draftedCohort(draft)
        try await move(cohort, to: "open")
        try await move(cohort, to: "ranking")
        return cohort
    }

    func draftedCohort(_ draft: JSONValue = draft()) async throws -> String {
        try "/cohorts/" + require(.created, try await post("/cohorts", draft))["id"].string
    }

    /// Takes a cohort to its next state.
    @discardableResult
    func move(_ cohort: String, to state: String, _ more: JSONValue = [:]) async throws -> JSONValue {
        var body = more
        body["state"] = .init(state)
        return try require(.ok, try await put("\(cohort)/state", body, match: "*"))
    }

    /// Sets other rules, in force at once.
    @discardableResult
    func setRules(_ cohort: String, _ rules: JSONValue) async throws -> JSONValue {
        var rules = rules
        if rules["lists"] == nil { rules["lists"] = ["applicants": ["maximum": 3]] }
        return try require(
            .created,
            try await post("\(cohort)/rules", ["rules": rules, "reason": "the committee's decision"])
        )
    }

    /// The ids of firms with these capacities, called `firm-0` and so on.
    func firms(_ cohort: String, _ capacities: [Int]) async throws -> [String] {
        let firms = capacities.enumerated().map { index, capacity -> JSONValue in
            [
                "code": .init("firm-\(index)"),
                "name": ["en": .init("Firm \(index)"), "zh-Hant": .init("企業 \(index)")],
                "capacity": .init(capacity),
            ]
        }
        let answer = try require(.created, try await post("\(cohort)/firms", ["firms": .array(firms)]))
        return answer["firms"].items.map(\.["id"].string)
    }

    static func students(_ count: Int, prefix: String = "student", language: String = "vi") -> JSONValue {
        .array(
            (0..<count).map { index in
                [
                    "name": .init("Student \(index)"), "email": .init("\(prefix)-\(index)@example.org"),
                    "language": .init(language), "economy": "VN",
                ]
            }
        )
    }

    /// Applicants of a university that is added with them: their ids and ranking links.
    func applicants(
        _ cohort: String,
        _ count: Int,
        university: String = "ntu",
        language: String = "vi"
    ) async throws -> [(id: String, link: String)] {
        let body: JSONValue = ["universities": [["code": .init(university), "name": ["en": "University"]]]]
        _ = try require(.created, try await post("\(cohort)/universities", body))
        let students = Self.students(count, prefix: university, language: language)
        let nomination: JSONValue = ["university": .init(university), "students": students]
        let answer = try require(.created, try await post("\(cohort)/nominations", nomination))
        return answer["applicants"].items.map { ($0["id"].string, $0["rankingLink"].string) }
    }

    /// Imports rankings of both sides against the cohort as it is.
    func importRankings(
        _ cohort: String,
        applicants: [String: [[String]]],
        firms: [String: [[String]]]
    ) async throws {
        let tag = try await get(cohort).headers[.eTag]
        let body: JSONValue = [
            "applicants": .array(applicants.map { ["applicant": .init($0), "ranking": .init($1)] }),
            "firms": .array(firms.map { ["firm": .init($0), "ranking": .init($1)] }),
        ]
        _ = try require(.ok, try await put("\(cohort)/rankings", body, match: tag))
    }

    /// Runs a round before the deadline; tells the round.
    func run(_ cohort: String) async throws -> JSONValue {
        try require(.created, try await post("\(cohort)/rounds", ["closesEarly": true]))
    }

    /// The path of a page without scheme and host.
    static func path(_ link: String) -> String {
        link.replacingOccurrences(of: "https://tradewind.test", with: "")
    }

    func page(_ link: String, lang: String? = nil) async throws -> TestResponse {
        let query = lang.map { "?lang=\($0)" } ?? ""
        return try await client.send(.get, Self.path(link) + query, headers: [.accept: "text/html"])
    }

    /// Moves a cohort's deadline into the past.
    func passDeadline(_ cohort: String) async throws {
        let id = UUID(uuidString: String(cohort.dropFirst("/cohorts/".count)))
        try await service.database.execute(
            """
            UPDATE matchmaking.cohorts SET ranking_deadline = \(Date(timeIntervalSinceNow: -60)) WHERE id = \(id)
            """
        )
    }
}
