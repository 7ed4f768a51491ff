import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Messaging
import Postgres
import TestKit
import Testing

@testable import Matchmaking

@Suite("Certified while locking", .timeLimit(.minutes(10)))
struct CertificationRaceTests {
    /// A firm with twenty places, and twenty applicants who each ranked it.
    static func ranked(_ office: Office) async throws -> (cohort: String, firm: String, applicants: [String]) {
        let cohort = try await office.cohort()
        let firm = try await office.firms(cohort, [20])[0]
        let applicants = try await office.applicants(cohort, 20).map(\.id)
        try await office.importRankings(
            cohort,
            applicants: Dictionary(uniqueKeysWithValues: applicants.map { ($0, [[firm]]) }),
            firms: [firm: [applicants]]
        )
        try await office.setRules(cohort, CertifiedRoundTests.rules)
        return (cohort, firm, applicants)
    }

    @Test func eachIsCertifiedBeforeTheLockOrRefused() async throws {
        try await Office.run { office in
            let (cohort, firm, applicants) = try await Self.ranked(office)
            let owners = applicants.map { "\(cohort)/applicants/\($0)" } + ["/positions/\(firm)"]
            async let locking = office.put("\(cohort)/state", ["state": "locked", "closesEarly": true], match: "*")
            let answers = try await RaceTests.together(owners.count) { number in
                (owners[number], try await office.put("\(owners[number])/certification", [:], match: "\"v1\""))
            }
            #expect(try await locking.status == .ok)
            for (owner, answer) in answers {
                #expect(answer.status == .ok || answer.problem?.type == "cohort-locked", "\(answer.text)")
                let ranking = office.expect(.ok, try await office.get("\(owner)/ranking"))
                #expect((ranking["certifiedAt"] != nil) == (answer.status == .ok))
                #expect(ranking["version"] == 1)
            }
            // The record has each certification once, and the lock after all of them.
            let record = try await office.audit(cohort).map(\.["action"].string)
            #expect(record.count { $0 == "ranking.certified" } == answers.count { $0.1.status == .ok })
            #expect(record.last == "cohort.locked")
            // The round counts what was certified, and nothing else.
            let round = try await office.run(cohort)["id"].string
            let placed = try await office.placements(round).filter { $0.value["firm"] != nil }.keys
            let certified = answers.filter { $0.1.status == .ok }.map(\.0)
            let counts = certified.contains("/positions/\(firm)")
            #expect(
                Set(placed) == (counts ? Set(applicants.filter { id in certified.contains { $0.hasSuffix(id) } }) : [])
            )
        }
    }

    @Test func whoWaitedForTheLockIsRefused() async throws {
        try await Office.run { office in
            let (cohort, _, applicants) = try await Self.ranked(office)
            let id = UUID(uuidString: String(cohort.dropFirst("/cohorts/".count)))
            let path = "\(cohort)/applicants/\(applicants[0])"
            let answer = try await Self.blocking(office) { tx in
                try await tx.execute("UPDATE matchmaking.cohorts SET state = 'locked' WHERE id = \(id)")
            } behind: {
                try await office.put("\(path)/certification", [:], match: "\"v1\"")
            }
            #expect(answer.problem?.type == "cohort-locked")
            #expect(try await office.get("\(path)/ranking").json["certifiedAt"] == nil)
        }
    }

    @Test func theLockWaitsForWhoIsCertifying() async throws {
        try await Office.run { office in
            let (cohort, _, applicants) = try await Self.ranked(office)
            let id = try #require(CohortID(String(cohort.dropFirst("/cohorts/".count))))
            let applicant = try #require(ApplicantID(applicants[0]))
            let change = RankingChange(
                of: applicant,
                in: id,
                tenant: office.service.tenant.id,
                by: Author(applicant)
            )
            let answer = try await Self.blocking(office) { tx in
                _ = try await change.certify(at: Date(), in: tx) { #expect($0 == 1) }
            } behind: {
                try await office.put("\(cohort)/state", ["state": "locked", "closesEarly": true], match: "*")
            }
            #expect(answer.status == .ok)
            let ranking = try await office.get("\(cohort)/applicants/\(applicants[0])/ranking").json
            #expect(ranking["certifiedAt"] != nil)
            let record = try await office.audit(cohort).suffix(2).map(\.["action"])
            #expect(record == ["ranking.certified", "cohort.locked"])
        }
    }

    /// The answer to a request that comes while a transaction has done `first`, which ends only once the request waits
    /// for it.
    static func blocking(
        _ office: Office,
        _ first: @Sendable (borrowing Transaction) async throws -> Void,
        behind request: @escaping @Sendable () async throws -> TestResponse
    ) async throws -> TestResponse {
        let (done, signal) = AsyncStream.makeStream(of: Never.self)
        async let answer = {
            for await _ in done {}
            return try await request()
        }()
        try await office.service.database.transaction(tenant: office.service.tenant.id) { tx -> Void in
            defer { signal.finish() }
            try await first(tx)
            signal.finish()
            let waiting: SQL = """
                SELECT 1 AS one FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                """
            while try await office.service.database.query(waiting).isEmpty {}
        }
        return try await answer
    }
}
