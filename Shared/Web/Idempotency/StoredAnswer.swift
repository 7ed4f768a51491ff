import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// An answer as it is kept under its idempotency key: status, the headers that matter, body.
struct StoredAnswer: Sendable {
    private static let keptHeaders: [HTTPField.Name] = [.contentType, .location, .eTag, .link, .cacheControl]

    let status: Int
    let headers: [String: String]
    let body: [UInt8]
    let isReplayed: Bool

    init(status: Int, headers: [String: String], body: [UInt8], isReplayed: Bool) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isReplayed = isReplayed
    }

    init(_ response: Response) async throws {
        let collected = CollectedBody()
        try await response.body.write(collected)
        var headers: [String: String] = [:]
        for name in Self.keptHeaders { headers[name.canonicalName] = response.headers[name] }
        self.init(status: response.status.code, headers: headers, body: collected.bytes, isReplayed: false)
    }

    var response: Response {
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        if isReplayed { fields[.idempotentReplayed] = "true" }
        return Response(
            status: .init(code: status),
            headers: fields,
            body: body.isEmpty ? .init() : .init(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}

/// Takes a response's body in instead of sending it.
private final class CollectedBody: ResponseBodyWriter, Sendable {
    private let buffer = Mutex(ByteBuffer())

    var bytes: [UInt8] { buffer.withLock { Array($0.readableBytesView) } }

    func write(_ part: ByteBuffer) async throws {
        _ = buffer.withLock { $0.writeImmutableBuffer(part) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
