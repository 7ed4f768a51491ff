import Foundation
public import HTTPTypes
public import Hummingbird
import NIOCore

/// How much of a body is read into memory, in bytes.
public enum BodyLimit {
    public static let standard = 1 << 20
    /// For imports by somebody who is signed in.
    public static let large = 16 << 20
}

extension Request {
    /// Decodes a JSON body. A fault is a 400 (not JSON), 413, 415 or 422 problem with the JSON pointer of the field.
    public func decodeJSON<Body: Decodable>(
        _ type: Body.Type,
        context: AppContext,
        limit: Int = BodyLimit.standard
    ) async throws -> Body {
        try requireContentType("application/json") { $0.hasSuffix("+json") }
        let data = try await collectData(limit: limit)
        do {
            let body = try JSONDecoder.tradewind.decode(type, from: data)
            guard !data.holdsEscapedNull else { throw Problem.invalid(.init("", "must not hold the character U+0000")) }
            return body
        } catch let error as DecodingError {
            throw MalformedJSON.problem(with: data, error) ?? Problem(decoding: error)
        }
    }

    /// Decodes an HTML form. A fault is a problem as above; pointers are `/<field>`. A field that was left empty counts
    /// as not sent.
    public func decodeForm<Body: Decodable>(
        _ type: Body.Type,
        context: AppContext,
        limit: Int = BodyLimit.standard
    ) async throws -> Body {
        try requireContentType("application/x-www-form-urlencoded") { _ in false }
        let data = try await collectData(limit: limit)
        guard let text = String(data: data, encoding: .utf8) else {
            throw Problem(.badRequest, type: "malformed", title: "The form is not UTF-8")
        }
        let fields = text.split(separator: "&").filter { field in
            field.firstIndex(of: "=").map { field.index(after: $0) < field.endIndex } ?? false
        }
        guard !fields.contains(where: { $0.contains("%00") || $0.contains("\0") }) else {
            throw Problem.invalid(.init("", "must not hold the character U+0000"))
        }
        do {
            return try URLEncodedFormDecoder(dateDecodingStrategy: .iso8601)
                .decode(type, from: fields.joined(separator: "&"))
        } catch let error as DecodingError {
            throw Problem(decoding: error)
        } catch is URLEncodedFormError {
            throw Problem(.badRequest, type: "malformed", title: "The form is malformed, or has a field twice")
        }
    }

    /// Reads a body of another type as it is.
    public func collectBytes(as type: String, limit: Int = BodyLimit.standard) async throws -> [UInt8] {
        try requireContentType(type) { _ in false }
        return Array(try await collectData(limit: limit))
    }

    private func requireContentType(_ wanted: String, orWhere isAlike: (String) -> Bool) throws {
        let type = headers[.contentType]?.split(separator: ";").first?.trimmingSpaces().lowercased() ?? ""
        guard type == wanted || isAlike(type) else {
            throw Problem(
                .unsupportedMediaType,
                type: "unsupported-media-type",
                title: "The body must be \(wanted)",
                headers: [.accept: wanted]
            )
        }
    }

    private func collectData(limit: Int) async throws -> Data {
        do {
            return Data(try await body.collect(upTo: limit).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(limit: limit)
        }
    }
}

extension Response {
    /// A JSON answer with sorted keys and ISO 8601 times.
    public static func json(
        _ body: some Encodable,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        let buffer = ByteBuffer(bytes: try encoder.encode(body))
        var headers = headers
        if headers[.contentType] == nil { headers[.contentType] = "application/json; charset=utf-8" }
        return Response(status: status, headers: headers, body: .init(byteBuffer: buffer))
    }
}

extension JSONDecoder {
    /// Reads times of ISO 8601 with or without fractions of seconds.
    static var tradewind: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            let styles = [Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true)]
            for style in styles {
                if let date = try? style.parse(text) { return date }
            }
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "must be a time with its offset like 2018-09-07T09:00:00+08:00"
            )
        }
        return decoder
    }
}

extension Data {
    /// Whether a JSON text spells U+0000, which PostgreSQL's texts can't hold.
    fileprivate var holdsEscapedNull: Bool {
        var rest = self[...]
        while let found = rest.firstRange(of: Data(#"\u0000"#.utf8)) {
            let backslashes = self[..<found.lowerBound].reversed().prefix { $0 == UInt8(ascii: "\\") }.count
            if backslashes.isMultiple(of: 2) { return true }
            rest = rest[found.upperBound...]
        }
        return false
    }
}
