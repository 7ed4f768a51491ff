import Access
import Foundation
import HTTPTypes
public import Hummingbird

/// A page of a list: `?cursor=` (opaque) and `?limit=` (1…500, 50 by default); the answer's `Link: <…>; rel="next"`.
public struct PageRequest: Sendable {
    public let limit: Int
    /// The key after which the page begins, as it was given to `PageResponse`.
    public let after: String?

    /// Throws a 400 problem for a bad cursor or limit.
    public init(_ request: Request) throws {
        let query = request.uri.queryParameters
        if let text = query["limit"] {
            guard let limit = Int(text), (1...500).contains(limit) else {
                throw Self.bad("limit", "must be a whole number from 1 to 500")
            }
            self.limit = limit
        } else {
            limit = 50
        }
        if let text = query["cursor"] {
            guard let after = Cursor.key(in: String(text)) else {
                throw Self.bad("cursor", "must be a cursor that this list gave out")
            }
            self.after = after
        } else {
            after = nil
        }
    }

    private static func bad(_ name: String, _ detail: String) -> Problem {
        Problem(
            .badRequest,
            type: "bad-\(name)",
            title: "The \(name) can't be used",
            errors: [.init("/query/\(name)", detail)]
        )
    }
}

/// `{"items": […], "next": "…"}`: fetch `limit + 1` rows; the one too many tells that there is a next page.
public struct PageResponse<Item: Encodable & Sendable>: Sendable {
    private struct Document: Encodable {
        let items: [Item]
        let next: String?
    }

    private let document: Document

    public init(_ items: [Item], request: PageRequest, key: (Item) -> String) {
        let page = Array(items.prefix(request.limit))
        let next = items.count > request.limit ? page.last.map { Cursor.text(key($0)) } : nil
        document = Document(items: page, next: next)
    }

    public func response(for request: Request) throws -> Response {
        guard let next = document.next else { return try .json(document) }
        let kept = (request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("cursor=") }
        let query = (kept + ["cursor=\(next)"]).joined(separator: "&")
        return try .json(document, headers: [.link: "<\(request.uri.path)?\(query)>; rel=\"next\""])
    }
}

/// A list's key in a form that callers don't take apart.
enum Cursor {
    static func text(_ key: String) -> String { Base64URL.encode(Array("1:\(key)".utf8)) }

    static func key(in text: String) -> String? {
        guard let bytes = Base64URL.decode(text), let plain = String(validating: bytes, as: UTF8.self),
            plain.hasPrefix("1:"), !plain.contains("\0")
        else { return nil }
        return String(plain.dropFirst(2))
    }
}
