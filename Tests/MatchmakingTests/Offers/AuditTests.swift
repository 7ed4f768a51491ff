import Foundation
import HTTPTypes
import HummingbirdTesting
import Messaging
import Postgres
import TestKit
import Testing

@Suite("The record of a cohort")
struct AuditTests {
    @Test func everyChangeIsWrittenDown() async throws {
        try await Office.run { office in
            let (cohort, firms, applicants, round) = try await office.published()
            let offer = try #require(try await office.offers(of: cohort).byApplicant[applicants[0]])
            _ = office.expect(.ok, try await office.answer(offer, "accept"))
            let record = try await office.audit(cohort)
            #expect(
                record.map(\.["action"].string) == [
                    "cohort.created", "cohort.opened", "ranking.opened", "firms.added", "universities.added",
                    "applicants.nominated", "rankings.imported",
                    "cohort.locked", "round.run", "round.published", "offer.changed",
                ]
            )
            #expect(Set(record.map(\.["actor"])) == ["staff:staff"])
            #expect(record[0]["after"]["commitment"].string.count == 64)
            #expect(record[3]["after"]["places"] == "firm-0=1 firm-1=1")
            #expect(record[5]["after"]["applicants"].string == applicants.joined(separator: " "))
            #expect(record[7]["before"] == ["state": "ranking"])
            #expect(record[7]["after"] == ["state": "locked", "closesEarly": "true"])
            #expect(record[9]["subject"].string == round)
            #expect(record[10]["subject"] == offer["id"])
            #expect(record[10]["before"]["state"] == "offered" && record[10]["after"]["state"] == "accepted")
            #expect(record[10]["after"]["firm"].string == firms[1])
            // It says nothing of people but their ids.
            let text = try await office.get("\(cohort)/audit?limit=500").text
            #expect(!text.contains("Student") && !text.contains("example.org"))
            let page = try await office.get("\(cohort)/audit?limit=4").json
            let rest = try await office.get("\(cohort)/audit?limit=20&cursor=\(page["next"].string)").json
            #expect(page["items"].items + rest["items"].items == record)
        }
    }

    @Test func aRankingIsWrittenDownWithWhatItWas() async throws {
        try await RankingPageTests.run { scene in
            _ = try await scene.submit([scene.firms[1]])
            _ = try await scene.submit([scene.firms[2], scene.firms[0]], version: "1")
            let path = "\(scene.cohort)/firms/\(scene.firms[0])/ranking"
            let body: JSONValue = ["ranking": .init([[scene.applicant.id]])]
            _ = scene.office.expect(.ok, try await scene.office.put(path, body, match: "\"v0\""))
            let changes = try await scene.office.audit(scene.cohort).filter { $0["action"] == "ranking.changed" }
            #expect(
                changes.map(\.["actor"].string) == Array(repeating: "applicant:\(scene.applicant.id)", count: 2)
                    + ["staff:staff"]
            )
            #expect(changes[0]["before"] == ["version": "0", "ranking": ""])
            #expect(changes[1]["before"] == ["version": "1", "ranking": .init(scene.firms[1])])
            #expect(changes[1]["after"]["ranking"].string == "\(scene.firms[2]) \(scene.firms[0])")
            #expect(changes[2]["subject"].string == scene.firms[0])
        }
    }

    @Test func whatIsWrittenStaysWritten() async throws {
        try await Office.run { office in
            let (cohort, _, _, _) = try await office.published()
            let before = try await office.audit(cohort)
            try await ServiceRole.withPool(office) { database, tenant in
                try await database.transaction(tenant: tenant) { tx in
                    var changed = try await tx.execute("UPDATE matchmaking.audit SET actor = 'nobody'")
                    changed += try await tx.execute("DELETE FROM matchmaking.audit")
                    #expect(changed == 0)
                }
            }
            #expect(try await office.audit(cohort) == before)
        }
    }

    @Test func whatWasRefusedIsNotWrittenDown() async throws {
        try await Office.run { office in
            let (cohort, _, _, round) = try await office.published()
            let before = try await office.audit(cohort)
            let offer = try await office.offers(of: cohort).all[0]
            _ = try await office.put(
                "/offers/\(offer["id"].string)/deferral",
                ["granted": true, "reason": "x"],
                match: "\"v1\""
            )
            _ = try await office.post("/rounds/\(round)/publication", [:])
            _ = try await office.post("\(cohort)/rounds", ["closesEarly": true])
            _ = try await office.post("\(cohort)/supplementary-rounds", [:])
            #expect(try await office.audit(cohort) == before)
        }
    }
}
