import Domain
import Foundation
import Testing

@Suite("What a cohort's rules may be")
struct RuleFaultsTests {
    static let universities: Set<Slug> = Set(["ntu", "nthu"].compactMap { try? Slug($0) })
    static let firms: Set<Slug> = Set(["asus", "htc"].compactMap { try? Slug($0) })

    func faults(_ json: String) throws -> [String] {
        let rules = try JSONDecoder().decode(CohortRules.self, from: Data(json.utf8))
        return rules.faults(universities: Self.universities, firms: Self.firms).map(\.pointer)
    }

    func rules(_ field: String) -> String { #"{"lists": {"applicants": {"maximum": 5}}, \#(field)}"# }

    @Test func whatIsLeftOutHasItsUsualValue() throws {
        let json = Data(#"{"lists": {"applicants": {"maximum": 5}}}"#.utf8)
        let rules = try JSONDecoder().decode(CohortRules.self, from: json)
        #expect(rules == CohortRules(maximumChoices: 5))
        #expect(try JSONDecoder().decode(CohortRules.self, from: JSONEncoder().encode(rules)) == rules)
        #expect(rules.faults(universities: [], firms: []).isEmpty)
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let json = rules(
            """
            "eligibility": {"economies": ["vn"], "universities": ["ntu"]},
            "caps": [{"group": {"university": "ntu"}, "maximum": 2, "firms": ["asus"]}],
            "reserves": [{"group": {"university": "nthu", "economy": "IN"}, "seats": 1}],
            "goal": "firms-optimal", "lottery": "each-round", "answerDays": 7, "refill": "automatic",
            "viewing": {"firmsSee": "consented", "tellsReasons": true}, "supplementaryRounds": 2, "certification": "required",
            "enrolment": "required", "reminderDays": [7, 1], "locksAtDeadline": true,
            "terms": {"text": {"en": "A place"}, "yearsOfService": 2,
                "amounts": [{"label": {"en": "Living allowance"}, "minor": 1000000, "currency": "TWD", "per": "month"}]}
            """
        )
        let rules = try JSONDecoder().decode(CohortRules.self, from: Data(json.utf8))
        #expect(rules.faults(universities: Self.universities, firms: Self.firms).isEmpty)
        #expect(try JSONDecoder().decode(CohortRules.self, from: JSONEncoder().encode(rules)) == rules)
        #expect(rules.terms?.amounts.first?.currency.description == "TWD")
        #expect(rules.eligibility.economies.map(\.description) == ["VN"])
    }

    @Test(arguments: [
        (#""answerDays": 0"#, "/answerDays"), (#""answerDays": 367"#, "/answerDays"),
        (#""supplementaryRounds": -1"#, "/supplementaryRounds"), (#""reminderDays": [3, 3]"#, "/reminderDays/1"),
        (#""reminderDays": [0]"#, "/reminderDays/0"),
        (#""eligibility": {"universities": ["ntu", "nowhere"]}"#, "/eligibility/universities/1"),
        (#""eligibility": {"universities": ["ntu", "ntu"]}"#, "/eligibility/universities/1"),
        (#""caps": [{"group": {}, "maximum": 1}]"#, "/caps/0/group"),
        (#""caps": [{"group": {"university": "nowhere"}, "maximum": 1}]"#, "/caps/0/group/university"),
        (#""caps": [{"group": {"university": "ntu"}, "maximum": -1}]"#, "/caps/0/maximum"),
        (#""caps": [{"group": {"university": "ntu"}, "maximum": 1, "firms": ["nobody"]}]"#, "/caps/0/firms/0"),
        (#""reserves": [{"group": {"economy": "VN"}, "seats": 0}]"#, "/reserves/0/seats"),
        (#""minimums": [{"firm": "nobody", "seats": 1}]"#, "/minimums/0/firm"),
        (#""minimums": [{"firm": "asus", "seats": 1}, {"firm": "asus", "seats": 2}]"#, "/minimums/1/firm"),
        (#""regions": [{"code": "north", "firms": ["asus", "nobody"], "maximum": 1}]"#, "/regions/0/firms/1"),
        (#""terms": {"yearsOfService": 51}"#, "/terms/yearsOfService"),
    ])
    func everyFaultIsToldWhereItIs(_ field: String, _ pointer: String) throws {
        #expect(try faults(rules(field)) == [pointer])
    }

    @Test func limitsOfOneGroupMeetOnlyAtDifferentFirms() throws {
        func caps(_ first: String, _ second: String) -> String {
            rules(
                """
                "caps": [{"group": {"university": "ntu"}, "maximum": 1\(first)},
                         {"group": {"university": "ntu"}, "maximum": 2\(second)}]
                """
            )
        }
        #expect(try faults(caps("", "")) == ["/caps/1"])
        #expect(try faults(caps(#", "firms": ["asus"]"#, "")) == ["/caps/1"])
        #expect(try faults(caps(#", "firms": ["asus"]"#, #", "firms": ["htc", "asus"]"#)) == ["/caps/1"])
        #expect(try faults(caps(#", "firms": ["asus"]"#, #", "firms": ["htc"]"#)).isEmpty)
    }

    @Test func whatTheEngineCantSolveTogetherIsRefused() throws {
        let cap = #""caps": [{"group": {"university": "ntu"}, "maximum": 1}]"#
        let region = #""regions": [{"code": "north", "firms": ["asus"], "maximum": 1}]"#
        let minimum = #""minimums": [{"firm": "asus", "seats": 1}]"#
        #expect(try faults(rules("\(cap), \(region)")) == ["/regions"])
        #expect(try faults(rules("\(cap), \(minimum)")) == ["/minimums"])
        #expect(try faults(rules("\(region), \(minimum)")) == ["/minimums"])
        #expect(try faults(rules(#"\#(cap), "goal": "most-placed""#)) == ["/goal"])
        #expect(try faults(rules(#"\#(region), "goal": "firms-optimal""#)) == ["/goal"])
        #expect(try faults(rules(#"\#(cap), "goal": "firms-optimal""#)).isEmpty)
        #expect(try faults(rules(#"\#(minimum), "goal": "most-placed""#)).isEmpty)
    }

    @Test func listsHaveLengths() throws {
        func lists(_ text: String) throws -> [String] { try faults(#"{"lists": \#(text)}"#) }
        #expect(try lists(#"{"applicants": {"maximum": 51}}"#) == ["/lists/applicants/maximum"])
        #expect(try lists(#"{"applicants": {"maximum": 3, "minimum": 4}}"#) == ["/lists/applicants/minimum"])
        #expect(
            try lists(#"{"applicants": {"maximum": 3}, "firms": {"minimum": 5, "maximum": 4}}"#)
                == ["/lists/firms/minimum"]
        )
        #expect(try lists(#"{"applicants": {"maximum": 3, "minimum": 3}, "firms": {"minimum": 5}}"#).isEmpty)
    }

    @Test(arguments: [
        #"{}"#, #"{"lists": {"applicants": {}}}"#, #"{"lists": {"applicants": {"maximum": 3}}, "gaol": "stable"}"#,
        #"{"lists": {"applicants": {"maximum": 3, "most": 4}}}"#,
        #"{"lists": {"applicants": {"maximum": 3}}, "goal": "fair"}"#,
        #"{"lists": {"applicants": {"maximum": 3}}, "viewing": {"firmsSee": "all"}}"#,
        #"{"lists": {"applicants": {"maximum": 3}}, "viewing": {"tellReasons": true}}"#,
        #"{"lists": {"applicants": {"maximum": 3}}, "terms": {"amounts": [{"minor": 1, "currency": "twd", "per": "year", "label": {"en": "A"}}]}}"#,
    ])
    func whatIsMissingOrMisspeltIsRefused(_ json: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(CohortRules.self, from: Data(json.utf8))
        }
    }

    @Test func groupsAreWhoTheyName() throws {
        let (ntu, nthu) = (try Slug("ntu"), try Slug("nthu"))
        let (vn, india) = (try EconomyCode("VN"), try EconomyCode("IN"))
        let both = CohortRules.Group(university: ntu, economy: vn)
        #expect(both.contains(economy: vn, university: ntu))
        #expect(!both.contains(economy: india, university: ntu) && !both.contains(economy: vn, university: nthu))
        #expect(CohortRules.Group(economy: vn).contains(economy: vn, university: nthu))
        var eligibility = CohortRules.Eligibility()
        #expect(eligibility.admits(economy: vn, university: ntu))
        eligibility.economies = [india]
        #expect(!eligibility.admits(economy: vn, university: ntu))
        eligibility.universities = [nthu]
        #expect(eligibility.admits(economy: india, university: nthu))
        #expect(!eligibility.admits(economy: india, university: ntu))
    }

    @Test func currenciesKnowTheirSmallestUnit() throws {
        #expect(try ["TWD", "JPY", "VND", "KWD"].map { try CurrencyCode($0).digits } == [2, 0, 0, 3])
    }
}
