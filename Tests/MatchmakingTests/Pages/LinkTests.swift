import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestKit
import Testing

@Suite("Personal links")
struct LinkTests {
    @Test func aLinkOpensItsOwnersPageOnly() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [1])
            let applicants = try await office.applicants(cohort, 2, language: "en")
            _ = try await office.client.submit(
                Office.path(applicants[0].link),
                form: ["version": "0", "choice1": firms[0]]
            )
            #expect(try await office.page(applicants[0].link).text.contains("Student 0"))
            let other = try await office.page(applicants[1].link).text
            #expect(other.contains("Student 1"))
            #expect(!other.contains("Student 0"))
            #expect(other.contains("You have not saved a list yet."))
            let untouched = try await office.get("\(cohort)/applicants/\(applicants[1].id)/ranking").json
            #expect(untouched["version"] == 0)
        }
    }

    @Test func aLinkOfOnePurposeOpensNothingElse() async throws {
        try await Office.run { office in
            let (cohort, _, applicants) = try await RoundAPITests.contest(office)
            let round = try await office.run(cohort)["id"].string
            _ = try await office.post("/rounds/\(round)/publication", [:])
            let tenant = office.service.tenant.id
            let applicant = try #require(UUID(uuidString: applicants[0]))
            let roundID = try #require(UUID(uuidString: round))
            func status(
                _ purpose: String,
                _ subject: UUID,
                _ tenant: TenantID,
                posts: Bool = false
            ) async throws -> HTTPResponse.Status {
                let link = try await office.service.links.sign(tenant: tenant, purpose: purpose, subject: subject)
                if posts {
                    return try await office.client.submit("/matchmaking/l/\(link)", form: ["version": "0"]).status
                }
                return try await office.page("/matchmaking/l/\(link)").status
            }
            #expect(try await status("ranking", applicant, tenant) == .ok)
            #expect(try await status("result", applicant, tenant) == .ok)
            #expect(try await status("round", roundID, tenant) == .ok)
            for (purpose, subject) in [("ranking", roundID), ("result", roundID), ("round", applicant)] {
                #expect(try await status(purpose, subject, tenant) == .notFound)
            }
            for purpose in ["registration", "event-registrations", "queue"] {
                #expect(try await status(purpose, applicant, tenant) == .notFound)
            }
            // A ranking can't be sent over the link to a result.
            #expect(try await status("result", applicant, tenant, posts: true) == .unprocessableContent)
            #expect(try await status("result", roundID, tenant, posts: true) == .unprocessableContent)
            #expect(try await status("round", roundID, tenant, posts: true) == .notFound)
            // Signed by another tenant's key, for another tenant's things.
            let stranger = office.service.otherTenant.id
            for (purpose, subject) in [("ranking", applicant), ("result", applicant), ("round", roundID)] {
                #expect(try await status(purpose, subject, stranger) == .notFound)
            }
            #expect(try await status("ranking", applicant, stranger, posts: true) == .notFound)
        }
    }

    @Test func aForgedLinkOpensNothing() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            _ = try await office.firms(cohort, [1])
            let link = try await office.applicants(cohort, 1)[0].link
            let swapped = String(link.dropLast()) + (link.hasSuffix("A") ? "B" : "A")
            for forged in [swapped, String(link.dropLast(3)), "/matchmaking/l/x", "/matchmaking/l/a.b"] {
                #expect(try await office.page(forged).status == .notFound)
                #expect(try await office.client.submit(Office.path(forged), form: ["version": "0"]).status == .notFound)
            }
        }
    }
}
