import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("Lists that are too short to be certified")
struct CertificationLengthTests {
    static let rules: JSONValue = [
        "lists": ["applicants": ["minimum": 2, "maximum": 3], "firms": ["minimum": 2]]
    ]

    /// Whether it was refused with the place in the body and how many it takes.
    static func isTooShort(_ answer: TestResponse, _ count: Int) -> Bool {
        answer.status == .unprocessableContent && answer.problem?.type == "list-too-short"
            && answer.problem?.pointers == ["/ranking"] && answer.text.contains("must rank at least \(count)\"")
    }

    @Test func aShortListIsRefusedUnlessItHasAllThereAre() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [1, 1])
            let applicants = try await office.applicants(cohort, 3).map(\.id)
            for applicant in applicants.prefix(2) {
                _ = office.expect(.ok, try await office.rank(cohort, applicant, [[firms[0]]]))
            }
            let ranking: JSONValue = ["ranking": .init([[applicants[0]]])]
            for firm in firms {
                _ = office.expect(.ok, try await office.put("/positions/\(firm)/ranking", ranking, match: "\"v0\""))
            }
            try await office.setRules(cohort, Self.rules)
            func certify(_ owner: String, _ version: Int) async throws -> TestResponse {
                try await office.put("\(owner)/certification", [:], match: "\"v\(version)\"")
            }
            let (first, last) = ("\(cohort)/applicants/\(applicants[0])", "\(cohort)/applicants/\(applicants[2])")
            #expect(Self.isTooShort(try await certify(first, 1), 2))
            #expect(Self.isTooShort(try await certify(last, 0), 2))
            #expect(try await office.get("\(first)/ranking").json["certifiedAt"] == nil)
            // Of those who chose it firm 0 left one out; nobody chose firm 1.
            #expect(Self.isTooShort(try await certify("/positions/\(firms[0])", 1), 2))
            #expect(try await certify("/positions/\(firms[1])", 1).status == .ok)
            // Whom it finds unacceptable it need not rank.
            let mark = "/positions/\(firms[0])/unacceptable/\(applicants[1])"
            _ = office.expect(.ok, try await office.put(mark, ["reason": "No permit"]))
            #expect(try await certify("/positions/\(firms[0])", 1).status == .ok)

            _ = office.expect(.ok, try await office.rank(cohort, applicants[0], firms.map { [$0] }, version: 1))
            #expect(try await certify(first, 2).status == .ok)
            let more: JSONValue = ["lists": ["applicants": ["minimum": 3, "maximum": 3]]]
            try await office.setRules(cohort, more)
            // There are only two.
            #expect(try await certify(first, 2).status == .ok)
        }
    }

    @Test func whatLeftTheCohortIsNotAskedFor() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [1, 1, 1])
            let applicant = try await office.applicants(cohort, 1)[0].id
            _ = office.expect(.ok, try await office.rank(cohort, applicant, [[firms[0]], [firms[1]]]))
            try await office.setRules(cohort, ["lists": ["applicants": ["minimum": 3, "maximum": 3]]])
            let path = "\(cohort)/applicants/\(applicant)/certification"
            #expect(Self.isTooShort(try await office.put(path, [:], match: "\"v1\""), 3))
            _ = office.expect(.ok, try await office.post("\(cohort)/firms/\(firms[2])/withdrawal", [:]))
            #expect(try await office.put(path, [:], match: "\"v1\"").status == .ok)
        }
    }

    @Test func aTeamsListIsHeldToItToo() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [2, 2])
            let people = try await office.applicants(cohort, 2).map(\.id)
            let team = "/groups/" + (try await office.groups(cohort, [Office.group("team", people)])[0])
            let list: JSONValue = ["ranking": .init([[firms[0]]])]
            _ = office.expect(.ok, try await office.put("\(team)/ranking", list, match: "\"v0\""))
            try await office.setRules(cohort, Self.rules)
            #expect(Self.isTooShort(try await office.put("\(team)/certification", [:], match: "\"v1\""), 2))
        }
    }

    @Test func theStudentsPageSaysSo() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [1, 1])
            let applicant = try await office.applicants(cohort, 1, language: "en")[0]
            _ = office.expect(.ok, try await office.rank(cohort, applicant.id, [[firms[0]]]))
            try await office.setRules(cohort, Self.rules)
            let path = Office.path(applicant.link)
            let answer = try await office.client.submit(path, form: ["certify": "1", "version": "1"])
            #expect(answer.status == .unprocessableContent)
            #expect(answer.text.contains("Your list was not certified: first rank at least 2"))
            #expect(answer.text.contains("name=\"certify\""))
        }
    }

    @Test func theFirmsPageKeepsWhatWasEntered() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [1])[0]
            let applicants = try await office.applicants(cohort, 3).map(\.id)
            for applicant in applicants {
                _ = office.expect(.ok, try await office.rank(cohort, applicant, [[firm]]))
            }
            try await office.setRules(cohort, ["lists": ["applicants": ["maximum": 3], "firms": ["minimum": 2]]])
            let link = office.expect(.ok, try await office.get("/firms/\(firm)/link"))["link"].string
            let path = Office.path(link)
            func send(_ places: [String: String], version: String) async throws -> String {
                let fields = ["position": firm, "version": version, "certify": "1"]
                let answer = try await office.client.submit(path, form: places.merging(fields) { $1 })
                #expect(answer.status == .seeOther, "\(answer.text)")
                return try await office.view(try #require(answer.headers[.location])).text
            }
            let short = try await send(["place-\(applicants[0])": "1"], version: "0")
            #expect(short.contains("Your list is saved, but not certified: first rank at least 2"))
            let ranking = try await office.get("/positions/\(firm)/ranking").json
            #expect(ranking == ["ranking": .init([[applicants[0]]]), "version": 1])
            let both = ["place-\(applicants[0])": "1", "place-\(applicants[1])": "2"]
            #expect(try await send(both, version: "1").contains("Your list is saved and certified."))
            #expect(try await office.get("/positions/\(firm)/ranking").json["certifiedAt"] != nil)
        }
    }
}
