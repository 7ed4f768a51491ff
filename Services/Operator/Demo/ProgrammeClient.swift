import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Speaks a service's HTTP API with an API token, as a programme office's own software would. Every request here may be
/// repeated.
struct ProgrammeClient: Sendable {
    let http: HTTPClient
    /// Without a slash at the end, such as `http://127.0.0.1:8080`.
    let base: String
    let token: String
    /// How often a request is sent at most.
    private let attempts = 30

    /// An answer that sending the request again would not change.
    struct Refusal: Error, CustomStringConvertible {
        let status: Int
        let request: String
        let answer: String

        var description: String { "\(request) was answered with \(status): \(answer.prefix(500))" }
    }

    init(http: HTTPClient, base: String, token: String) {
        self.http = http
        self.base = base
        self.token = token
    }

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

    /// Replaces what is there in its present version. An answer that is lost on its way leaves a newer version behind:
    /// then it is done once more.
    @discardableResult
    func put<Answer: Decodable>(
        _ path: String,
        _ body: some Encodable,
        version: () async throws -> Int
    ) async throws -> Answer {
        let body = try encode(body)
        var attempt = 1
        while true {
            do {
                let present = try await version()
                return try await send("PUT", path, headers: ["If-Match": "\"v\(present)\""], body: body)
            } catch let refusal as Refusal where refusal.status == 412 && attempt < 3 {
                attempt += 1
            }
        }
    }

    /// States something that is so from then on, whatever was before.
    @discardableResult
    func put<Answer: Decodable>(_ path: String, _ body: some Encodable) async throws -> Answer {
        try await send("PUT", path, headers: [:], body: try encode(body))
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

    private func send<Answer: Decodable>(
        _ method: String,
        _ path: String,
        headers: [String: String],
        body: ByteBuffer?
    ) async throws -> Answer {
        var headers = headers
        headers["Authorization"] = "Bearer \(token)"
        if body != nil { headers["Content-Type"] = "application/json" }
        let answer = try await exchange(method, path, headers: headers, body: body)
        return try JSONDecoder().decode(Answer.self, from: Data(answer.readableBytesView))
    }

    /// Sends anybody's request, and again after a while where the service is busy or does not answer.
    func exchange(
        _ method: String,
        _ path: String,
        headers: [String: String],
        body: ByteBuffer?
    ) async throws -> ByteBuffer {
        var request = HTTPClientRequest(url: base + path)
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(body) }
        var attempt = 1
        while true {
            let reply: (status: Int, retryAfter: Int?, bytes: ByteBuffer)
            do {
                let response = try await http.execute(request, timeout: .seconds(60))
                reply = (
                    Int(response.status.code), response.headers.first(name: "Retry-After").flatMap(Int.init),
                    try await response.body.collect(upTo: 32 << 20)
                )
            } catch  where attempt < attempts && !Task.isCancelled {
                attempt += 1
                try await Task.sleep(for: .seconds(1))
                continue
            }
            if [429, 502, 503, 504].contains(reply.status), attempt < attempts {
                attempt += 1
                try await Task.sleep(for: .seconds(min(max(reply.retryAfter ?? 1, 1), 30)))
                continue
            }
            guard (200..<300).contains(reply.status) else {
                throw Refusal(status: reply.status, request: "\(method) \(path)", answer: String(buffer: reply.bytes))
            }
            return reply.bytes
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
