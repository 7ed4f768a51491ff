import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Messaging
import Postgres
import TestKit
import Testing

@Suite("Withdrawals at every stage")
struct WithdrawalTests {
    static func leave(_ office: Office, _ applicant: String, _ reason: String? = nil) async throws -> TestResponse {
        let body: JSONValue = reason.map { ["reason": .init($0)] } ?? [:]
        return try await office.post("/applicants/\(applicant)/withdrawal", body)
    }

    static func setCapacity(
        _ office: Office,
        _ cohort: String,
        _ firm: String,
        _ capacity: Int,
        _ reason: String? = nil
    ) async throws -> TestResponse {
        var body: JSONValue = ["capacity": .init(capacity)]
        if let reason { body["reason"] = .init(reason) }
        return try await office.put("\(cohort)/firms/\(firm)/capacity", body, match: "*")
    }

    @Test func whoLeavesBeforeTheLockIsInNoRound() async throws {
        try await Office.run { office in
            let (cohort, _, applicants) = try await RoundAPITests.contest(office)
            let left = office.expect(.ok, try await Self.leave(office, applicants[1]))
            #expect(left["withdrawnAt"] != nil)
            // Once more changes nothing.
            _ = office.expect(.ok, try await Self.leave(office, applicants[1]))
            #expect(try await office.inbox.read().left.map(\.applicantID.description) == [applicants[1]])
            #expect(try await office.get(cohort).json["counts"]["applicants"] == 2)
            let ranking = try await office.put(
                "\(cohort)/applicants/\(applicants[1])/ranking",
                ["ranking": []],
                match: "*"
            )
            #expect(ranking.problem?.type == "applicant-withdrawn")
            let round = try await office.run(cohort)
            #expect(round["placed"] == 1 && round["unplaced"] == 1)
            let placements = try await office.get("/rounds/\(round["id"].string)/placements").json["items"].items
            #expect(placements.map(\.["applicant"].string) == [applicants[0], applicants[2]])
            _ = office.expect(.created, try await office.post("/rounds/\(round["id"].string)/publication", [:]))
            #expect(try await office.inbox.read().placements.count == 2)
            let entry = try #require(try await office.audit(cohort).first { $0["action"] == "applicant.withdrawn" })
            #expect(entry["subject"].string == applicants[1] && entry["before"]["state"] == "ranking")
        }
    }

    @Test func whoLeavesAfterARunOutdatesIt() async throws {
        try await Office.run { office in
            let (cohort, firms, applicants) = try await RoundAPITests.contest(office)
            try await office.move(cohort, to: "locked", ["closesEarly": true])
            _ = office.expect(.ok, try await Self.leave(office, applicants[2]))
            let old = try await office.run(cohort)["id"].string
            _ = office.expect(.ok, try await Self.leave(office, applicants[1]))
            let stale = try await office.post("/rounds/\(old)/publication", [:])
            #expect(stale.problem?.type == "round-outdated")
            let round = try await office.run(cohort)["id"].string
            _ = office.expect(.created, try await office.post("/rounds/\(round)/publication", [:]))
            // The firm that lost its first gets the one after.
            let offers = try await office.offers(of: cohort).all
            #expect(offers.map(\.["applicant"].string) == [applicants[0]])
            #expect(offers.map(\.["firm"].string) == [firms[0]])
        }
    }

    @Test func whoLeavesWithAPlaceGivesItToTheNext() async throws {
        try await Office.run { office in
            let (cohort, firms, applicants, _) = try await office.published(refill: "automatic")
            // Staff take a promised place away only with a reason.
            let silent = try await Self.leave(office, applicants[1])
            #expect(silent.problem?.pointers == ["/reason"])
            let offers = try await office.offers(of: cohort).byApplicant
            _ = office.expect(.ok, try await office.answer(try #require(offers[applicants[1]]), "accept"))
            _ = office.expect(.ok, try await Self.leave(office, applicants[1], "visa refused"))
            try await office.service.drain()
            let after = try await office.offers(of: cohort).byApplicant
            #expect(after[applicants[1]]?["state"] == "withdrawn")
            #expect(after[applicants[2]]?["firm"].string == firms[0])
            let told = try await office.inbox.read()
            #expect(told.withdrawn.map(\.subject) == [.applicant])
            #expect(told.left.isEmpty)
            let entries = try await office.audit(cohort)
            #expect(entries.contains { $0["action"] == "offer.changed" && $0["reason"] == "visa refused" })
        }
    }

    @Test func whoLeftGetsNoPlaceLater() async throws {
        try await Office.run { office in
            let (cohort, _, applicants, _) = try await office.published(refill: "automatic")
            _ = office.expect(.ok, try await Self.leave(office, applicants[2]))
            #expect(try await office.inbox.read().left.count == 1)
            let offers = try await office.offers(of: cohort).byApplicant
            _ = office.expect(.ok, try await office.answer(try #require(offers[applicants[1]]), "decline"))
            try await office.service.drain()
            #expect(try await office.offers(of: cohort).all.count == 2)
        }
    }

    @Test func aStudentLeavesOverTheOwnPage() async throws {
        try await RankingPageTests.run { scene in
            let office = scene.office
            let page = try await office.page(scene.applicant.link)
            #expect(page.text.contains("Leave the programme"))
            let path = Office.path(scene.applicant.link)
            // A second sign is asked for.
            let unsure = try await office.client.submit(path, form: ["withdraw": "yes"])
            #expect(unsure.status == .unprocessableContent)
            #expect(try await office.inbox.read().left.isEmpty)
            let left = try await office.client.submit(path, form: ["withdraw": "yes", "leave": "yes"])
            #expect(left.status == .seeOther)
            let after = try await office.page(scene.applicant.link)
            #expect(after.text.contains("You have left the programme."))
            #expect(!after.text.contains("<select"))
            let late = try await scene.submit([scene.firms[0]])
            #expect(late.status == .conflict)
            let entry = try #require(try await office.audit(scene.cohort).last)
            #expect(entry["actor"].string == "applicant:\(scene.applicant.id)")
            #expect(entry["action"] == "applicant.withdrawn")
        }
    }

    @Test func aStudentWithAPlaceLeavesWithoutGivingReasons() async throws {
        try await Office.run { office in
            let (cohort, _, applicants, _) = try await office.published()
            let offers = try await office.offers(of: cohort).byApplicant
            _ = office.expect(.ok, try await office.answer(try #require(offers[applicants[0]]), "accept"))
            let link = try await office.resultLink(applicants[0])
            let path = Office.path(link)
            let left = try await office.client.submit(path, form: ["withdraw": "yes", "leave": "yes"])
            #expect(left.status == .seeOther)
            #expect(try await office.offers(of: cohort).byApplicant[applicants[0]]?["state"] == "withdrawn")
            #expect(try await office.page(link, lang: "en").text.contains("You have left the programme."))
        }
    }

    @Test func aFirmChangesItsPlacesBeforeTheLock() async throws {
        try await Office.run { office in
            let (cohort, firms, _) = try await RoundAPITests.contest(office)
            let lowered = office.expect(.ok, try await Self.setCapacity(office, cohort, firms[0], 0))
            #expect(lowered["places"] == 0 && lowered["revoked"] == [])
            let raised = office.expect(.ok, try await Self.setCapacity(office, cohort, firms[0], 3))
            #expect(raised["firm"]["capacity"] == 3)
            #expect(try await Self.setCapacity(office, cohort, firms[0], -1).problem?.pointers == ["/capacity"])
            let unmatched = try await office.put("\(cohort)/firms/\(firms[0])/capacity", ["capacity": 1])
            #expect(unmatched.status == .preconditionRequired)
            #expect(try await office.run(cohort)["placed"] == 3)
            let entries = try await office.audit(cohort).filter { $0["action"] == "firm.capacity-changed" }
            #expect(entries.map(\.["before"]["places"]) == ["1", "0"])
            #expect(entries.map(\.["after"]["places"]) == ["0", "3"])
        }
    }

    @Test func fewerPlacesAfterARunOutdateIt() async throws {
        try await Office.run { office in
            let (cohort, firms, _) = try await RoundAPITests.contest(office)
            let round = try await office.run(cohort)["id"].string
            _ = office.expect(.ok, try await Self.setCapacity(office, cohort, firms[0], 0))
            let stale = try await office.post("/rounds/\(round)/publication", [:])
            #expect(stale.problem?.type == "round-outdated")
        }
    }

    @Test func aPromisedPlaceIsTakenAwayOnlyWithAReason() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [3])[0]
            let applicants = try await office.applicants(cohort, 4).map(\.id)
            try await office.importRankings(
                cohort,
                applicants: Dictionary(uniqueKeysWithValues: applicants.map { ($0, [[firm]]) }),
                firms: [firm: applicants.map { [$0] }]
            )
            let round = try await office.run(cohort)["id"].string
            _ = office.expect(.created, try await office.post("/rounds/\(round)/publication", [:]))
            let offers = try await office.offers(of: cohort).byApplicant
            // The last of the firm's order has accepted, the second has not.
            _ = office.expect(.ok, try await office.answer(try #require(offers[applicants[2]]), "accept"))
            let silent = try await Self.setCapacity(office, cohort, firm, 2)
            #expect(silent.problem?.pointers == ["/reason"])
            let lowered = office.expect(.ok, try await Self.setCapacity(office, cohort, firm, 2, "the line is closed"))
            #expect(lowered["places"] == 2)
            #expect(lowered["revoked"].items == [try #require(offers[applicants[1]]?["id"])])
            try await office.service.drain()
            let after = try await office.offers(of: cohort).byApplicant
            #expect(applicants.prefix(3).map { after[$0]?["state"] } == ["offered", "revoked", "accepted"])
            #expect(try await office.inbox.read().withdrawn.map(\.subject) == [.place])
            let entry = try #require(try await office.audit(cohort).first { $0["action"] == "firm.capacity-changed" })
            #expect(entry["reason"] == "the line is closed" && entry["after"]["revoked"] == "1")
            // Nothing is free: who lost a place does not get it back.
            let none = try await office.post("\(cohort)/supplementary-rounds", [:])
            #expect(none.problem?.type == "nothing-to-fill")
            // One more place than now goes to whoever is next.
            _ = office.expect(.ok, try await Self.setCapacity(office, cohort, firm, 3))
            let more = office.expect(.created, try await office.post("\(cohort)/supplementary-rounds", [:]))
            let placements = try await office.get("/rounds/\(more["id"].string)/placements").json["items"].items
            let placed = placements.filter { $0["firm"] != nil }
            #expect(placed.map(\.["applicant"].string) == [applicants[1]])
        }
    }

    @Test func aFirmThatLeavesGivesNoPlaces() async throws {
        try await Office.run { office in
            let (cohort, firms, applicants, _) = try await office.published()
            let path = "\(cohort)/firms/\(firms[0])/withdrawal"
            #expect(try await office.post(path, [:]).problem?.pointers == ["/reason"])
            let left = office.expect(.ok, try await office.post(path, ["reason": "insolvent"]))
            #expect(left["places"] == 0 && left["firm"]["withdrawnAt"] != nil && left["revoked"].items.count == 1)
            _ = office.expect(.ok, try await office.post(path, ["reason": "insolvent"]))
            let offers = try await office.offers(of: cohort).byApplicant
            #expect(offers[applicants[1]]?["state"] == "revoked")
            #expect(try await Self.setCapacity(office, cohort, firms[0], 1).problem?.type == "firm-withdrawn")
            let entry = try #require(try await office.audit(cohort).first { $0["action"] == "firm.withdrawn" })
            #expect(entry["reason"] == "insolvent")
        }
    }

    @Test func aFirmThatLeftCantBeRanked() async throws {
        try await RankingPageTests.run { scene in
            let office = scene.office
            let path = "\(scene.cohort)/firms/\(scene.firms[0])/withdrawal"
            // Nothing is promised yet.
            _ = office.expect(.ok, try await office.post(path, [:]))
            let page = try await office.page(scene.applicant.link)
            #expect(!page.text.contains(scene.firms[0]) && page.text.contains(scene.firms[1]))
            let ranking = try await office.put(
                "\(scene.cohort)/firms/\(scene.firms[0])/ranking",
                ["ranking": []],
                match: "*"
            )
            #expect(ranking.problem?.type == "firm-withdrawn")
        }
    }
}
