import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

/// What firms tell the office.
extension Office {
    static func position(_ code: String, places: Int = 1, _ more: [String: JSONValue] = [:]) -> JSONValue {
        var body: JSONValue = [
            "code": .init(code), "title": ["en": .init("Position \(code)"), "zh-Hant": .init("職位 \(code)")],
            "places": .init(places), "workingLanguage": "en",
        ]
        guard case .object(var members) = body else { return body }
        members.merge(more) { $1 }
        body = .object(members)
        return body
    }

    /// The ids of positions that a firm describes.
    func positions(_ cohort: String, _ firm: String, _ bodies: [JSONValue]) async throws -> [String] {
        let answer = try await post("\(cohort)/firms/\(firm)/positions", ["positions": .array(bodies)])
        return expect(.created, answer)["positions"].items.map(\.["id"].string)
    }

    func profiles(_ cohort: String, _ profiles: [JSONValue]) async throws {
        let tag = try await get(cohort).headers[.eTag]
        _ = expect(.ok, try await put("\(cohort)/profiles", ["profiles": .array(profiles)], match: tag))
    }

    func rank(_ cohort: String, _ applicant: String, _ choices: [[String]], version: Int = 0) async throws
        -> TestResponse
    {
        let path = "\(cohort)/applicants/\(applicant)/ranking"
        return try await put(path, ["ranking": .init(choices)], match: "\"v\(version)\"")
    }

    /// Forms groups whose members have all agreed; tells their ids.
    func groups(_ cohort: String, _ bodies: [JSONValue]) async throws -> [String] {
        expect(.created, try await post("\(cohort)/groups", ["groups": .array(bodies)]))["groups"].items
            .map(\.["id"].string)
    }

    static func group(
        _ kind: String,
        _ members: [String],
        agreed: Bool = true,
        _ more: [String: JSONValue] = [:]
    ) -> JSONValue {
        var body: [String: JSONValue] = [
            "kind": .init(kind), "name": .init("The \(kind)"), "agreed": .bool(agreed),
            "members": .array(members.map { .init($0) }),
        ]
        body.merge(more) { $1 }
        return .object(body)
    }

    /// By applicant, the placements of a round.
    func placements(_ round: String) async throws -> [String: JSONValue] {
        let items = expect(.ok, try await get("/rounds/\(round)/placements?limit=500"))["items"].items
        return Dictionary(items.map { ($0["applicant"].string, $0) }) { $1 }
    }
}
