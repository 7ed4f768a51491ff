import Foundation
import HTTPTypes
import TestKit
import Testing

@Suite("A large cohort", .serialized)
struct LargeCohortTests {
    /// 2,000 applicants and 12 firms from nomination to publication. The limits are wide, for debug builds on busy
    /// machines: they catch what grows faster than the cohort.
    @Test func goesThroughInSeconds() async throws {
        try await Office.run { office in
            let clock = ContinuousClock()
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, Array(repeating: 20, count: 12))
            var applicants: [String] = []
            let nominating = try await clock.measure {
                applicants = try await office.applicants(cohort, 2000).map(\.id)
            }
            let rankings = RandomRankings(applicants: applicants, firms: firms, choices: 3, seed: 7)
            let importing = try await clock.measure {
                try await office.importRankings(cohort, applicants: rankings.applicants, firms: rankings.firms)
            }
            var round: JSONValue = nil
            let running = try await clock.measure { round = try await office.run(cohort) }
            let publishing = try await clock.measure {
                _ = office.expect(.created, try await office.post("/rounds/\(round["id"].string)/publication", [:]))
            }
            #expect(round["blockingPairs"] == 0)
            #expect(round["placed"] == 240)
            #expect(try await office.inbox.read().placements.count == 2000)
            print("2,000 × 12: nominated \(nominating), imported \(importing), run \(running), published \(publishing)")
            for time in [nominating, importing, running, publishing] { #expect(time < .seconds(60)) }
        }
    }
}
