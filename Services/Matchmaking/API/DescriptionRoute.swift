import Foundation
import Hummingbird
import NIOCore
import ServiceKit

/// Serves the API's OpenAPI description.
struct DescriptionRoute: Sendable {
    private let text: ByteBuffer

    init() throws {
        text = ByteBuffer(bytes: try Data(contentsOf: ResourceFolder.url.appending(path: "openapi.yaml")))
    }

    func add(to api: RouterGroup<AppContext>) {
        api.get("openapi.yaml") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "application/yaml", .cacheControl: "no-cache"],
                body: .init(byteBuffer: text)
            )
        }
    }
}
