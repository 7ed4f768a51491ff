import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("Import of rankings")
struct RankingImportTests {
    @Test func bothSidesAreReplacedTogether() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [1, 1])
            let applicants = try await office.applicants(cohort, 3).map(\.id)
            try await office.importRankings(
                cohort,
                applicants: [applicants[0]: [[firms[0], firms[1]]], applicants[1]: []],
                firms: [firms[1]: [[applicants[2]], [applicants[0]]]]
            )
            func ranking(_ path: String) async throws -> JSONValue {
                try await office.get("\(cohort)/\(path)/ranking").json
            }
            #expect(try await ranking("applicants/\(applicants[0])") == ["ranking": .init([firms]), "version": 1])
            #expect(try await ranking("applicants/\(applicants[1])") == ["ranking": [], "version": 1])
            #expect(try await ranking("applicants/\(applicants[2])") == ["ranking": [], "version": 0])
            let ofFirm = JSONValue([[applicants[2]], [applicants[0]]])
            #expect(try await ranking("firms/\(firms[1])") == ["ranking": ofFirm, "version": 1])

            try await office.importRankings(cohort, applicants: [applicants[0]: [[firms[1]]]], firms: [:])
            #expect(try await ranking("applicants/\(applicants[0])") == ["ranking": .init([[firms[1]]]), "version": 2])
            #expect(try await ranking("firms/\(firms[1])")["version"] == 1)
        }
    }

    @Test func oneFaultKeepsAllOut() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [1, 1, 1, 1])
            let applicants = try await office.applicants(cohort, 2).map(\.id)
            let tag = try await office.get(cohort).headers[.eTag]
            func entry(_ name: String, _ id: String, _ groups: [[String]]) -> JSONValue {
                [name: .init(id), "ranking": .init(groups)]
            }
            let good = entry("applicant", applicants[0], [[firms[0]]])
            let bad: [([JSONValue], [JSONValue], [String])] = [
                ([good, entry("applicant", UUID().uuidString, [])], [], ["/applicants/1/applicant"]),
                ([good, good], [], ["/applicants/1/applicant"]),
                (
                    [good, entry("applicant", applicants[1], [[firms[0]], [firms[1], firms[0]]])],
                    [entry("firm", firms[0], [[applicants[0]], [firms[0]]])],
                    ["/applicants/1/ranking/1/1", "/firms/0/ranking/1/0"]
                ),
                ([good, entry("applicant", applicants[1], firms.map { [$0] })], [], ["/applicants/1/ranking"]),
                ([good], [entry("firm", applicants[0], [])], ["/firms/0/firm"]),
                ([good, ["applicant": "x", "ranking": []]], [], ["/applicants/1/applicant"]),
            ]
            for (left, right, pointers) in bad {
                let body: JSONValue = ["applicants": .array(left), "firms": .array(right)]
                let answer = try await office.put("\(cohort)/rankings", body, match: tag)
                #expect(answer.status == .unprocessableContent)
                #expect(answer.problem?.pointers == pointers)
            }
            #expect(try await office.get("\(cohort)/applicants/\(applicants[0])/ranking").json["version"] == 0)
        }
    }

    @Test func anImportNamesTheCohortAsItWasSeen() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let body: JSONValue = ["applicants": [], "firms": []]
            #expect(try await office.put("\(cohort)/rankings", body).status == .preconditionRequired)
            let tag = try await office.get(cohort).headers[.eTag]
            _ = try await office.firms(cohort, [1])
            #expect(try await office.put("\(cohort)/rankings", body, match: tag).status == .preconditionFailed)
            let missing = try await office.put("\(cohort)/rankings", ["firms": []], match: tag)
            #expect(missing.problem?.pointers == ["/applicants"])
        }
    }

    @Test func aHundredFaultsAreTold() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let tag = try await office.get(cohort).headers[.eTag]
            let entries = (0..<150).map { _ -> JSONValue in ["applicant": .init(UUID().uuidString), "ranking": []] }
            let body: JSONValue = ["applicants": .array(entries), "firms": []]
            let answer = try await office.put("\(cohort)/rankings", body, match: tag)
            #expect(answer.problem?.pointers.count == 100)
        }
    }
}
