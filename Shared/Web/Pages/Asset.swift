public import Hummingbird
import NIOCore

/// A file that pages name, under a path that changes with its text: browsers may keep it for good.
public struct Asset: Sendable {
    public let path: String
    private let text: String
    private let contentType: String

    /// - Parameters:
    ///   - name: Without its ending.
    ///   - folder: Where it is, such as `/assets`.
    public init(_ name: String, _ kind: Kind, text: String, below folder: String) {
        path = "\(folder)/\(name)-\(HexDigest.sha256(text).prefix(12)).\(kind.rawValue)"
        self.text = text
        contentType = kind.contentType
    }

    public enum Kind: String, Sendable {
        case css, js

        fileprivate var contentType: String {
            switch self {
            case .css: "text/css; charset=utf-8"
            case .js: "text/javascript; charset=utf-8"
            }
        }
    }

    public func add(to router: Router<AppContext>) {
        router.get(RouterPath(path)) { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: contentType, .cacheControl: "public, max-age=31536000, immutable"],
                body: .init(byteBuffer: ByteBuffer(string: text))
            )
        }
    }
}
