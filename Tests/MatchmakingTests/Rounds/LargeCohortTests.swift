import Domain
import Foundation
import HTTPTypes
import Postgres
import TestKit
import Testing

@Suite("A large cohort", .serialized)
struct LargeCohortTests {
    /// A cohort that was just imported has no statistics yet. A foreign key that is checked by an index on tenant and
    /// cohort alone would read all of the cohort for each row.
    @Test func foreignKeysAreCheckedByTheWholeKeyBeforeThereAreStatistics() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let applicant = UUID(uuidString: try await office.applicants(cohort, 500)[0].id)
            let id = UUID(uuidString: String(cohort.dropFirst("/cohorts/".count)))
            let plan = try await office.service.database.query(
                """
                EXPLAIN SELECT 1 FROM ONLY matchmaking.applicants x
                WHERE tenant_id = \(office.service.tenant.id.uuid) AND cohort_id = \(id) AND id = \(applicant)
                FOR KEY SHARE OF x
                """
            ).map { try $0.decode(String.self) }.joined(separator: "\n")
            #expect(
                plan.contains("applicants_tenant_id_cohort_id_id_key") || plan.contains("applicants_pkey"),
                "\(plan)"
            )
            #expect(!plan.contains("mailbox"))
        }
    }

    /// 2,000 applicants and 12 firms from nomination to publication.
    @Test func goesThrough() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, Array(repeating: 20, count: 12))
            let applicants = try await office.applicants(cohort, 2000).map(\.id)
            let rankings = RandomRankings(applicants: applicants, firms: firms, choices: 3, seed: 7)
            try await office.importRankings(cohort, applicants: rankings.applicants, firms: rankings.firms)
            let round = try await office.run(cohort)
            _ = office.expect(.created, try await office.post("/rounds/\(round["id"].string)/publication", [:]))
            #expect(round["blockingPairs"] == 0)
            #expect(round["placed"] == 240)
            #expect(try await office.inbox.read().placements.count == 2000)
        }
    }
}
