import Domain
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// The JSON API below `/notifications/api`, as `openapi.yaml` describes it.
struct OutgoingRoutes: Sendable {
    let store: OutgoingStore

    func add(to router: Router<AppContext>) {
        let api = router.group("notifications/api")
        api.get("openapi.yaml") { _, _ in try description() }
        api.get("outgoing") { request, context in try await list(request, context) }
        api.get("outgoing/:id") { _, context in try await show(context) }
        api.post("outgoing/:id/retry") { _, context in try await retry(context) }
        api.get("summary") { _, context in
            let principal = try context.require(.staff, .machine, .reader)
            return try Response.json(await store.summary(tenant: principal.tenant))
        }
    }

    /// Staff only: the list holds names and addresses.
    private func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let page = try PageRequest(request)
        let state = try request.uri.queryParameters.get("state").map { text in
            guard let state = OutgoingState(rawValue: text) else {
                throw Problem.badQuery("state", "must be pending, leased, sent or failed")
            }
            return state
        }
        let after = try page.after.map { text in
            guard let id = UUID(uuidString: text) else { throw Problem.badQuery("cursor", "must come from this list") }
            return id
        }
        let records = try await store.list(state, after: after, limit: page.limit + 1, tenant: principal.tenant)
        return try PageResponse(records, request: page) { $0.id.description }.response(for: request)
    }

    private func show(_ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        guard let record = try await store.find(try id(context), tenant: principal.tenant) else {
            throw Problem.notFound("mail")
        }
        return try Response.json(record)
    }

    private func retry(_ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id = try id(context)
        let isDue = try await store.retry(id, tenant: principal.tenant, now: Date())
        guard let record = try await store.find(id, tenant: principal.tenant) else { throw Problem.notFound("mail") }
        guard isDue else {
            throw Problem(
                .conflict,
                type: "mail-settled",
                title: "The mail is sent or being sent",
                detail: "Only a mail that failed or waits can be tried again."
            )
        }
        return try Response.json(record, status: .accepted)
    }

    private func id(_ context: AppContext) throws -> UUID {
        guard let id = context.parameters.get("id").flatMap(UUID.init(uuidString:)) else {
            throw Problem.notFound("mail")
        }
        return id
    }

    private func description() throws -> Response {
        guard let url = Bundle.module.url(forResource: "openapi", withExtension: "yaml", subdirectory: "Resources")
        else {
            throw Problem.notFound("description")
        }
        return Response(
            status: .ok,
            headers: [.contentType: "application/yaml"],
            body: .init(byteBuffer: ByteBuffer(bytes: try Data(contentsOf: url)))
        )
    }
}

extension Problem {
    fileprivate static func badQuery(_ name: String, _ detail: String) -> Problem {
        Problem(
            .badRequest,
            type: "bad-query",
            title: "The query can't be read",
            errors: [FieldError("/query/\(name)", detail)]
        )
    }
}
