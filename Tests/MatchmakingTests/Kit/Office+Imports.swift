import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

/// What the office does with files.
extension Office {
    func upload(
        _ cohort: String,
        _ kind: String,
        _ text: String,
        key: String = UUID().uuidString
    ) async throws -> TestResponse {
        try await upload(cohort, kind, bytes: Array(text.utf8), key: key)
    }

    func upload(
        _ cohort: String,
        _ kind: String,
        bytes: [UInt8],
        key: String = UUID().uuidString,
        type: String = "text/csv"
    ) async throws -> TestResponse {
        try await client.sendFile(
            "\(Self.api)\(cohort)/imports/\(kind)",
            token: token,
            bytes: bytes,
            type: type,
            idempotencyKey: key
        )
    }

    /// Looks at a file and stores it. Tells the import.
    @discardableResult
    func importFile(_ cohort: String, _ kind: String, _ text: String, setAside: Bool = false) async throws -> JSONValue
    {
        let preview = expect(.created, try await upload(cohort, kind, text))
        return expect(.ok, try await apply(preview, setAside: setAside))
    }

    func apply(_ preview: JSONValue, setAside: Bool = false) async throws -> TestResponse {
        try await post("/imports/\(preview["id"].string)/application", ["setAside": .init(booleanLiteral: setAside)])
    }
}
