import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Speaks a service's HTTP API with an API token, as a programme office's own software would.
struct ProgrammeClient: Sendable {
    let http: HTTPClient
    /// Without a slash at the end, such as `http://127.0.0.1:8080`.
    let base: String
    let token: String

    func get<Answer: Decodable>(_ path: String) async throws -> Answer {
        try await send("GET", path, headers: [:], body: nil)
    }

    /// With `key`, sending it again gives the first answer and does nothing.
    @discardableResult
    func post<Answer: Decodable>(_ path: String, _ body: (some Encodable)? = Never?.none, key: String? = nil)
        async throws -> Answer
    {
        try await send("POST", path, headers: key.map { ["Idempotency-Key": $0] } ?? [:], body: try encode(body))
    }

    @discardableResult
    func put<Answer: Decodable>(_ path: String, _ body: some Encodable, version: Int) async throws -> Answer {
        try await send("PUT", path, headers: ["If-Match": "\"v\(version)\""], body: try encode(body))
    }

    /// All items of a list, page by page.
    func all<Item: Decodable>(_ path: String, as type: Item.Type = Item.self) async throws -> [Item] {
        var items: [Item] = []
        var cursor: String?
        repeat {
            let start = path + (path.contains("?") ? "&" : "?") + "limit=500"
            let page: ListPage<Item> = try await get(start + (cursor.map { "&cursor=\($0.queryEscaped)" } ?? ""))
            items += page.items
            cursor = page.next
        } while cursor != nil
        return items
    }

    private func encode(_ body: (some Encodable)?) throws -> ByteBuffer? {
        try body.map { ByteBuffer(bytes: try JSONEncoder().encode($0)) }
    }

    /// Waits and tries again where the service is busy; every request here may be repeated.
    private func send<Answer: Decodable>(
        _ method: String,
        _ path: String,
        headers: [String: String],
        body: ByteBuffer?
    ) async throws -> Answer {
        var attempt = 1
        while true {
            var request = HTTPClientRequest(url: base + path)
            request.method = .init(rawValue: method)
            request.headers.add(name: "Authorization", value: "Bearer \(token)")
            for (name, value) in headers { request.headers.add(name: name, value: value) }
            if let body {
                request.headers.add(name: "Content-Type", value: "application/json")
                request.body = .bytes(body)
            }
            let response = try await http.execute(request, timeout: .seconds(60))
            let bytes = try await response.body.collect(upTo: 32 << 20)
            if [429, 503].contains(response.status.code), attempt < 20 {
                attempt += 1
                let wait = response.headers.first(name: "Retry-After").flatMap(Int.init) ?? 1
                try await Task.sleep(for: .seconds(min(max(wait, 1), 30)))
                continue
            }
            guard (200..<300).contains(Int(response.status.code)) else {
                throw CommandFailure(
                    "\(method) \(path) was answered with \(response.status.code): \(String(buffer: bytes).prefix(500))"
                )
            }
            return try JSONDecoder().decode(Answer.self, from: Data(bytes.readableBytesView))
        }
    }
}

private struct ListPage<Item: Decodable>: Decodable {
    let items: [Item]
    let next: String?
}

/// An answer that nobody needs.
struct Ignored: Decodable {
    init(from decoder: any Decoder) {}
}

extension String {
    fileprivate var queryEscaped: String {
        addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? self
    }
}

/// Runs `body` for each item, at most `width` at once.
func forEach<Item: Sendable>(
    _ items: [Item],
    atOnce width: Int,
    _ body: @escaping @Sendable (Item) async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, item) in items.enumerated() {
            if index >= width { try await group.next() }
            group.addTask { try await body(item) }
        }
        try await group.waitForAll()
    }
}
