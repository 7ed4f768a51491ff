import Foundation
import Testing

struct Made: Decodable, Sendable {
    let id: String
}

/// What the tests ask of the events service.
struct EventsAPI: Sendable {
    let client: APIClient

    func makeEvent(capacity: Int) async throws -> Made {
        try await client.make(
            "/events/api/events",
            """
            {"slug": "summit", "kind": "summit", "title": {"en": "Summit"}, "venue": {"en": "Hall"},
             "startsAt": "2030-07-02T09:00", "endsAt": "2030-07-02T17:00", "timeZone": "Asia/Taipei",
             "capacity": \(capacity)}
            """,
            as: Made.self
        )
    }

    /// The first has a place for sure.
    func register(_ count: Int, for event: Made, from start: Int = 0) async throws -> [Made] {
        let first = try await register(start, event)
        return try await withThrowingTaskGroup(of: Made.self) { group in
            for number in start + 1..<start + count { group.addTask { try await register(number, event) } }
            return try await group.reduce(into: [first]) { $0.append($1) }
        }
    }

    func cancel(_ registration: Made) async throws {
        let answer = try await client.send("POST", "/events/api/registrations/\(registration.id)/cancellation")
        #expect(answer.status == 200)
    }

    private func register(_ number: Int, _ event: Made) async throws -> Made {
        try await client.make(
            "/events/api/events/\(event.id)/registrations",
            """
            {"party": "person", "name": "Trần Thị Mai \(number)", "email": "mai\(number)@visitors.example",
             "language": "vi", "economy": "VN"}
            """,
            as: Made.self
        )
    }
}

/// What the tests ask of the matchmaking service.
struct MatchmakingAPI: Sendable {
    let client: APIClient

    func makeCohort(students: Int) async throws -> Made {
        let deadline = Date(timeIntervalSinceNow: 86_400).formatted(.iso8601)
        let cohort = try await client.make(
            "/matchmaking/api/cohorts",
            """
            {"slug": "talent", "title": {"en": "Talent"}, "rankingDeadline": "\(deadline)", "maximumChoices": 2}
            """,
            as: Made.self
        )
        let path = "/matchmaking/api/cohorts/\(cohort.id)"
        try await move(cohort, to: "open")
        _ = try await client.make(
            "\(path)/universities",
            #"{"universities": [{"code": "ntu", "name": {"en": "NTU"}}]}"#,
            as: Nothing.self
        )
        struct Firms: Decodable { let firms: [Made] }
        let firms = try await client.make(
            "\(path)/firms",
            #"{"firms": [{"code": "asus", "name": {"en": "ASUS"}, "capacity": 2}]}"#,
            as: Firms.self
        )
        let people = (0..<students).map {
            #"{"name": "छात्र \#($0)", "email": "student\#($0)@students.example", "language": "en", "economy": "IN"}"#
        }
        struct Nominated: Decodable { let applicants: [Made] }
        let nominated = try await client.make(
            "\(path)/nominations",
            #"{"university": "ntu", "students": [\#(people.joined(separator: ", "))]}"#,
            as: Nominated.self
        )
        try await move(cohort, to: "ranking")
        try await rank(cohort, firm: try #require(firms.firms.first), nominated.applicants)
        return cohort
    }

    func runRound(of cohort: Made) async throws {
        let round = try await client.make(
            "/matchmaking/api/cohorts/\(cohort.id)/rounds",
            #"{"closesEarly": true}"#,
            as: Made.self
        )
        let answer = try await client.send("POST", "/matchmaking/api/rounds/\(round.id)/publication")
        #expect(answer.status == 201)
    }

    private func version(of cohort: Made) async throws -> Int {
        struct Version: Decodable { let version: Int }
        return try await client.send("GET", "/matchmaking/api/cohorts/\(cohort.id)").decode(Version.self).version
    }

    private func move(_ cohort: Made, to state: String) async throws {
        let answer = try await client.send(
            "PUT",
            "/matchmaking/api/cohorts/\(cohort.id)/state",
            json: #"{"state": "\#(state)"}"#,
            headers: ["If-Match": "\"v\(try await version(of: cohort))\""]
        )
        #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
    }

    /// Everybody wants the firm, and the firm everybody, in the order of their ids.
    private func rank(_ cohort: Made, firm: Made, _ applicants: [Made]) async throws {
        let path = "/matchmaking/api/cohorts/\(cohort.id)"
        let version = try await version(of: cohort)
        let lists = applicants.map { #"{"applicant": "\#($0.id)", "ranking": [["\#(firm.id)"]]}"# }
        let order = applicants.map { #"["\#($0.id)"]"# }
        let answer = try await client.send(
            "PUT",
            "\(path)/rankings",
            json: """
                {"applicants": [\(lists.joined(separator: ", "))],
                 "firms": [{"firm": "\(firm.id)", "ranking": [\(order.joined(separator: ", "))]}]}
                """,
            headers: ["If-Match": "\"v\(version)\""]
        )
        #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
    }
}

/// Whatever it is.
struct Nothing: Decodable {
    init(from decoder: any Decoder) {}
}
