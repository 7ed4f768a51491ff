import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("Rankings over the API")
struct RankingAPITests {
    @Test func anApplicantsRankingIsReplacedByVersion() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [1, 1, 1])
            let path = "\(cohort)/applicants/\(try await office.applicants(cohort, 1)[0].id)/ranking"

            let none = try await office.get(path)
            #expect(office.expect(.ok, none) == ["ranking": [], "version": 0])
            #expect(none.headers[.eTag] == "\"v0\"")

            let body: JSONValue = ["ranking": .init([[firms[1]], [firms[0], firms[2]]])]
            let saved = try await office.put(path, body, match: "\"v0\"")
            #expect(office.expect(.ok, saved)["ranking"] == body["ranking"])
            #expect(saved.headers[.eTag] == "\"v1\"")
            #expect(try await office.get(path).json == saved.json)

            #expect(try await office.put(path, body).status == .preconditionRequired)
            #expect(try await office.put(path, body, match: "\"v0\"").status == .preconditionFailed)
            let emptied = try await office.put(path, ["ranking": []], match: "\"v1\"")
            #expect(office.expect(.ok, emptied) == ["ranking": [], "version": 2])
        }
    }

    @Test func aFirmsRankingIsReplacedByVersion() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [1])[0]
            let applicants = try await office.applicants(cohort, 5).map(\.id)
            let path = "\(cohort)/firms/\(firm)/ranking"
            // Longer than an applicant's list may be.
            let body: JSONValue = ["ranking": .init(applicants.map { [$0] })]
            let saved = try await office.put(path, body, match: "\"v0\"")
            #expect(office.expect(.ok, saved) == ["ranking": body["ranking"], "version": 1])
            #expect(try await office.get(path).json == saved.json)
            #expect(try await office.put(path, body, match: "\"v0\"").status == .preconditionFailed)
        }
    }

    @Test func faultsAreToldByPointer() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [1, 1, 1, 1])
            let elsewhere = try await office.firms(try await office.cohort(Office.draft("other")), [1])[0]
            let applicants = try await office.applicants(cohort, 2).map(\.id)
            let path = "\(cohort)/applicants/\(applicants[0])/ranking"
            let bad: [(JSONValue, [String])] = [
                (.init([[firms[0]], [firms[0]]]), ["/ranking/1/0"]),
                (.init([[firms[0], elsewhere]]), ["/ranking/0/1"]),
                (.init([[firms[0]], [UUID().uuidString]]), ["/ranking/1/0"]),
                (.init([[firms[0]], [applicants[1]]]), ["/ranking/1/0"]), (.init([[firms[0]], []]), ["/ranking/1"]),
                (.init(firms.map { [$0] }), ["/ranking"]), ([["firm-0"]], ["/ranking/0/0"]), ("none", ["/ranking"]),
            ]
            for (ranking, pointers) in bad {
                let answer = try await office.put(path, ["ranking": ranking], match: "\"v0\"")
                #expect(answer.status == .unprocessableContent)
                #expect(answer.problem?.pointers == pointers)
            }
            #expect(try await office.get(path).json["version"] == 0)
        }
    }

    @Test func ownersMustBeOfTheCohort() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [1])[0]
            let applicant = try await office.applicants(cohort, 1)[0].id
            let other = try await office.cohort(Office.draft("other"))
            let paths = [
                "\(other)/applicants/\(applicant)/ranking", "\(other)/firms/\(firm)/ranking",
                "\(cohort)/applicants/\(firm)/ranking", "\(cohort)/firms/\(applicant)/ranking",
                "\(cohort)/applicants/x/ranking", "/cohorts/\(UUID())/firms/\(firm)/ranking",
            ]
            for path in paths {
                #expect(try await office.get(path).problem?.status == 404)
                #expect(try await office.put(path, ["ranking": []], match: "\"v0\"").problem?.status == 404)
            }
        }
    }

    @Test func nobodyRanksAfterTheDeadlineOrTheLock() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [1])[0]
            let applicant = try await office.applicants(cohort, 1)[0].id
            let paths = ["\(cohort)/applicants/\(applicant)/ranking", "\(cohort)/firms/\(firm)/ranking"]
            func types() async throws -> [String?] {
                var types: [String?] = []
                for path in paths {
                    types.append(try await office.put(path, ["ranking": []], match: "*").problem?.type)
                }
                let tag = try await office.get(cohort).headers[.eTag]
                let body: JSONValue = ["applicants": [], "firms": []]
                return types + [try await office.put("\(cohort)/rankings", body, match: tag).problem?.type]
            }
            #expect(try await types() == [nil, nil, nil])
            try await office.passDeadline(cohort)
            #expect(try await types() == ["ranking-closed", "ranking-closed", "ranking-closed"])
            _ = office.expect(.created, try await office.post("\(cohort)/rounds", [:]))
            #expect(try await types() == ["cohort-locked", "cohort-locked", "cohort-locked"])
            // What is missing of the request is told first.
            for path in paths + ["\(cohort)/rankings"] {
                let body: JSONValue = ["ranking": [], "applicants": [], "firms": []]
                #expect(try await office.put(path, body).status == .preconditionRequired)
            }
        }
    }
}
