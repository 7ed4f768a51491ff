import Foundation
public import HTTPTypes
public import HummingbirdTesting
import NIOCore

extension TestClientProtocol {
    /// Sends a request, with `json` as its body if there is one. A POST without an `Idempotency-Key` gets a new one;
    /// give `idempotencyKey: ""` to send none.
    public func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        token: String? = nil,
        json: (any Encodable)? = nil,
        idempotencyKey: String? = nil,
        headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(token)" }
        let key = idempotencyKey ?? (method == .post ? UUID().uuidString : "")
        if !key.isEmpty, let name = HTTPField.Name("Idempotency-Key") { headers[name] = key }
        var body: ByteBuffer?
        if let json {
            let encoder = JSONEncoder()
            encoder.dateEncodingStrategy = .iso8601
            // The same value is the same text, as a repeat under one key has to be.
            encoder.outputFormatting = .sortedKeys
            body = ByteBuffer(bytes: try encoder.encode(json))
            if headers[.contentType] == nil { headers[.contentType] = "application/json" }
        }
        return try await executeRequest(uri: path, method: method, headers: headers, body: body)
    }

    /// Sends a file.
    public func sendCSV(
        _ path: String,
        token: String?,
        _ text: String,
        idempotencyKey: String? = nil
    ) async throws -> TestResponse {
        try await sendFile(path, token: token, bytes: Array(text.utf8), idempotencyKey: idempotencyKey)
    }

    public func sendFile(
        _ path: String,
        token: String?,
        bytes: [UInt8],
        type: String = "text/csv",
        idempotencyKey: String? = nil
    ) async throws -> TestResponse {
        var headers: HTTPFields = [.contentType: type]
        if let token { headers[.authorization] = "Bearer \(token)" }
        let key = idempotencyKey ?? UUID().uuidString
        if !key.isEmpty, let name = HTTPField.Name("Idempotency-Key") { headers[name] = key }
        return try await executeRequest(uri: path, method: .post, headers: headers, body: ByteBuffer(bytes: bytes))
    }

    /// Sends a form as a browser does.
    public func submit(
        _ path: String,
        form: [String: String],
        headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        if headers[.accept] == nil { headers[.accept] = "text/html" }
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
        let text = form.map { name, value in
            [name, value].map { $0.addingPercentEncoding(withAllowedCharacters: allowed) ?? "" }.joined(separator: "=")
        }
        return try await executeRequest(
            uri: path,
            method: .post,
            headers: headers,
            body: ByteBuffer(string: text.joined(separator: "&"))
        )
    }
}

extension TestResponse {
    public var text: String { String(buffer: body) }

    public func decode<Body: Decodable>(_ type: Body.Type) throws -> Body {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(type, from: Data(body.readableBytesView))
    }

    /// A problem document's type, last part, and its pointers.
    public var problem: (type: String, status: Int, pointers: [String])? {
        struct Document: Decodable {
            struct FieldError: Decodable { let pointer: String }
            let type: String
            let status: Int
            let errors: [FieldError]?
        }
        guard headers[.contentType] == "application/problem+json", let document = try? decode(Document.self) else {
            return nil
        }
        let type = document.type.split(separator: "/").last.map(String.init) ?? ""
        return (type, document.status, (document.errors ?? []).map(\.pointer))
    }
}
