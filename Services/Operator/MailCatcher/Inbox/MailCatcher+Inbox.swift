import Foundation
import HTTPTypes
public import Hummingbird
import NIOCore

extension MailCatcher {
    /// `/inbox`, `/inbox/{n}`, `/inbox/{n}/text`, `/inbox/{n}/source` and `/inbox.json`, the last with
    /// `?before=`, `?limit=` (1…1000) and `?to=`.
    public func addInbox<Context: RequestContext>(to router: Router<Context>) {
        let store = messages
        let pages = InboxPages(store: store)
        router.get("inbox") { request, _ in
            let query = request.uri.queryParameters
            return Self.answer(
                pages.list(before: query.get("before", as: Int.self), recipient: query.get("to")),
                "text/html; charset=utf-8"
            )
        }
        router.get("inbox.json") { request, _ in
            let query = request.uri.queryParameters
            let listing = InboxListing(
                store: store,
                before: query.get("before", as: Int.self),
                limit: min(max(query.get("limit", as: Int.self) ?? 50, 1), 1000),
                recipient: query.get("to")
            )
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            encoder.dateEncodingStrategy = .iso8601
            return Self.answer(String(decoding: try encoder.encode(listing), as: UTF8.self), "application/json")
        }
        router.get("inbox/:number") { _, context in
            Self.answer(
                pages.message(try context.parameters.require("number", as: Int.self)),
                "text/html; charset=utf-8"
            )
        }
        router.get("inbox/:number/text") { _, context in
            Self.answer(pages.text(try context.parameters.require("number", as: Int.self)), "text/plain; charset=utf-8")
        }
        router.get("inbox/:number/source") { _, context in
            let mail = store[try context.parameters.require("number", as: Int.self)]
            return Self.answer(mail.map { String(decoding: $0.source, as: UTF8.self) }, "text/plain; charset=utf-8")
        }
    }

    /// 404 for `nil`. A mail's HTML may carry styles of its own but no script, form or picture from elsewhere.
    private static func answer(_ body: String?, _ type: String) -> Response {
        var headers: HTTPFields = [
            .contentType: body == nil ? "text/plain; charset=utf-8" : type,
            .cacheControl: "no-store",
            .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'",
            .xContentTypeOptions: "nosniff",
        ]
        if let policy = HTTPField.Name("Referrer-Policy") { headers[policy] = "no-referrer" }
        return Response(
            status: body == nil ? .notFound : .ok,
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: body ?? "There is no such mail.\n"))
        )
    }
}
