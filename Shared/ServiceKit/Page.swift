public import Hummingbird

/// A page of a list: `?cursor=` (opaque) and `?limit=` (1…500, 50 by default); the answer's `Link: <…>; rel="next"`.
public struct PageRequest: Sendable {
    public let limit: Int
    /// The key after which the page begins, as it was given to `PageResponse`.
    public let after: String?
    /// Throws a 400 problem for a bad cursor or limit.
    public init(_ request: Request) throws { fatalError("stub") }
}

/// `{"items": […], "next": "…"}`: fetch `limit + 1` rows; the one too many tells that there is a next page.
public struct PageResponse<Item: Encodable & Sendable>: Sendable {
    public init(_ items: [Item], request: PageRequest, key: (Item) -> String) { fatalError("stub") }
    public func response(for request: Request) throws -> Response { fatalError("stub") }
}
