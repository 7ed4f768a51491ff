import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import TestKit
import Testing

/// What the office does after a round is published.
extension Office {
    /// A published contest: firm 0's place is offered to applicant 1, firm 1's to applicant 0; applicant 2, who wants
    /// firm 0, has none.
    func published(
        refill: String = "approved"
    ) async throws -> (cohort: String, firms: [String], applicants: [String], round: String) {
        let (cohort, firms, applicants) = try await RoundAPITests.contest(self)
        if refill == "automatic" {
            try await setRules(cohort, ["refill": .init(refill)])
        }
        let round = try await run(cohort)["id"].string
        _ = expect(.created, try await post("/rounds/\(round)/publication", [:]))
        return (cohort, firms, applicants, round)
    }

    /// A cohort's offers, by applicant and in their order.
    func offers(of cohort: String) async throws -> (byApplicant: [String: JSONValue], all: [JSONValue]) {
        let all = expect(.ok, try await get("\(cohort)/offers?limit=500"))["items"].items
        return (Dictionary(all.map { ($0["applicant"].string, $0) }) { $1 }, all)
    }

    /// Enters an answer to the offer as it was read.
    func answer(_ offer: JSONValue, _ answer: String) async throws -> TestResponse {
        let tag = "\"v\(offer["version"].int ?? 0)\""
        return try await put("/offers/\(offer["id"].string)/answer", ["answer": .init(answer)], match: tag)
    }

    /// The first applicant's result page.
    func resultLink(_ applicant: String) async throws -> String {
        expect(.ok, try await get("/applicants/\(applicant)/result"))["resultLink"].string
    }

    /// Has all timers come now, whenever they were set for.
    func passTimers() async throws {
        try await service.database.execute("UPDATE queue.timers SET due = clock_timestamp() - interval '1 second'")
        try await service.drain()
    }

    /// The record's actions, oldest first.
    func audit(_ cohort: String) async throws -> [JSONValue] {
        expect(.ok, try await get("\(cohort)/audit?limit=500"))["items"].items
    }
}
