import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

/// Speaks a service's API over a real connection.
struct APIClient: Sendable {
    let http: HTTPClient
    let base: String
    let token: String

    /// The same API, of another replica.
    func at(port: Int) -> APIClient {
        APIClient(http: http, base: "http://127.0.0.1:\(port)", token: token)
    }

    struct Answer: Sendable {
        let status: Int
        let body: Data

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try JSONDecoder().decode(type, from: body)
        }
    }

    func send(_ method: String, _ path: String, json: String? = nil, headers: [String: String] = [:]) async throws
        -> Answer
    {
        var request = HTTPClientRequest(url: base + path)
        request.method = HTTPMethod(rawValue: method)
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        if method == "POST" { request.headers.add(name: "Idempotency-Key", value: UUID().uuidString) }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let json {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: json))
        }
        let response = try await http.execute(request, timeout: .seconds(300))
        let body = try await response.body.collect(upTo: 16 << 20)
        return Answer(status: Int(response.status.code), body: Data(body.readableBytesView))
    }

    /// What was made.
    func make<Value: Decodable>(_ path: String, _ json: String, as type: Value.Type) async throws -> Value {
        let answer = try await send("POST", path, json: json)
        try #require((200...201).contains(answer.status), "\(path): \(String(decoding: answer.body, as: UTF8.self))")
        return try answer.decode(type)
    }

    static func withHTTP<Result: Sendable>(_ body: (HTTPClient) async throws -> Result) async throws -> Result {
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        do {
            let result = try await body(http)
            try await http.shutdown()
            return result
        } catch {
            try? await http.shutdown()
            throw error
        }
    }
}
