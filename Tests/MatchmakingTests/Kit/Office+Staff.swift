import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import TestKit
import Testing

/// What the office does over a personal link.
extension Office {
    /// The path of a cohort's office page, for somebody called `name`.
    func staffLink(_ cohort: String, name: String = "mei") async throws -> String {
        let answer = expect(.created, try await post("\(cohort)/staff-links", ["name": .init(name)]))
        return Self.path(answer["link"].string)
    }

    func view(_ path: String, language: String = "en") async throws -> TestResponse {
        let headers: HTTPFields = [.accept: "text/html", .acceptLanguage: language]
        return try await client.send(.get, path, headers: headers)
    }

    /// A form with a file in it, as a browser sends it.
    func submitFile(_ path: String, kind: String, file: String = "", text: String = "") async throws -> TestResponse {
        let parts = [
            "Content-Disposition: form-data; name=\"kind\"\r\n\r\n\(kind)",
            "Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n\(file)",
            "Content-Disposition: form-data; name=\"text\"\r\n\r\n\(text)",
        ]
        let body = parts.map { "--x-y\r\n\($0)\r\n" }.joined() + "--x-y--\r\n"
        return try await client.executeRequest(
            uri: path,
            method: .post,
            headers: [.contentType: "multipart/form-data; boundary=x-y", .accept: "text/html"],
            body: ByteBuffer(string: body)
        )
    }

    /// The version that the office page's forms send.
    func version(_ cohort: String) async throws -> String {
        "\(try await get(cohort).json["version"].int ?? 0)"
    }
}
