import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import TestKit
import Testing

@Suite("Files under a cohort's rules")
struct ImportEligibilityTests {
    static let header = "email,name,university,economy,language\n"

    static func cohort(_ office: Office) async throws -> String {
        let cohort = try await office.cohort()
        try await office.importFile(cohort, "universities", "code,name.en\nntu,NTU\nnthu,NTHU\n")
        try await office.setRules(
            cohort,
            ["eligibility": ["economies": ["VN", "TH"], "universities": ["ntu"]]]
        )
        return cohort
    }

    @Test func whomTheRulesDoNotAdmitIsAFaultByLineAndColumn() async throws {
        try await Office.run { office in
            let cohort = try await Self.cohort(office)
            let file =
                Self.header + "ann@example.org,Ann,ntu,VN,vi\nbo@example.org,Bo,nthu,VN,vi\n"
                + "cy@example.org,Cy,nthu,jp,en\ndo@example.org,Do,nowhere,MY,klingon!\n"
            let preview = office.expect(.created, try await office.upload(cohort, "students", file))
            #expect(ImportAPITests.counts(preview) == [1, 0, 0, 3])
            let faults = preview["faults"].items.map { [$0["line"], $0["column"], $0["code"]] }
            #expect(
                faults == [
                    [3, 19, "ineligible-university"], [4, 19, "ineligible-university"], [4, 24, "ineligible-economy"],
                    [5, 19, "university"], [5, 27, "ineligible-economy"], [5, 30, "language"],
                ]
            )
            #expect(preview["faults"][0]["detail"].string.contains("They admit: ntu."))
            #expect(preview["faults"][2]["detail"].string.contains("They admit: VN, TH."))
            #expect(try await office.apply(preview).problem?.type == "import-faulty")
            _ = office.expect(.ok, try await office.apply(preview, setAside: true))
            let stored = try await office.get("\(cohort)/applicants").json["items"].items
            #expect(stored.map(\.["email"]) == ["ann@example.org"])
        }
    }

    /// A version that was set for later comes into force without a change of the cohort.
    @Test func rulesThatCameIntoForceMeanwhileAreNotPassedOver() async throws {
        try await Office.run { office in
            let cohort = try await Self.cohort(office)
            let rules: JSONValue = ["lists": ["applicants": ["maximum": 3]], "eligibility": ["economies": ["TH"]]]
            let later = Date(timeIntervalSinceNow: 3600).formatted(.iso8601)
            let set: JSONValue = ["rules": rules, "reason": "as decided", "effectiveFrom": .init(later)]
            _ = office.expect(.created, try await office.post("\(cohort)/rules", set))
            let file = Self.header + "ann@example.org,Ann,ntu,VN,vi\n"
            let preview = office.expect(.created, try await office.upload(cohort, "students", file))
            try await office.service.database.execute(
                "UPDATE matchmaking.rules SET effective_from = created_at WHERE version = 3"
            )
            #expect(try await office.apply(preview).status == .preconditionFailed)
            #expect(try await office.get("\(cohort)/applicants").json["items"].items.isEmpty)
        }
    }
}
