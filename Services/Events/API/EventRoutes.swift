import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// `/events/api/events`: staff make and change events, everybody with a token reads them.
struct EventRoutes: Sendable {
    let environment: ServiceEnvironment
    let addresses: Addresses
    let store = EventStore()
    let registrar = Registrar()

    func add(to api: RouterGroup<AppContext>) {
        api.get("events", use: list)
        api.post("events", use: create)
        api.get("events/{id}", use: read)
        api.put("events/{id}", use: replace)
        api.get("events/{id}/summary", use: summary)
    }

    @Sendable func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let page = try PageRequest(request)
        let after = try page.after.map { text throws(Problem) -> EventID in
            guard let id = EventID(text) else { throw .badCursor }
            return id
        }
        let events = try await environment.database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            try await store.events(after: after, limit: page.limit + 1, tenant: principal.tenant, in: tx)
        }
        let tenant = try await addresses.tenant(of: principal)
        var views: [EventView] = []
        for event in events { views.append(try await view(event, tenant, for: principal)) }
        return try PageResponse(views, request: page, key: \.id.description).response(for: request)
    }

    @Sendable func create(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let tenant = try await addresses.tenant(of: principal)
        let id = EventID()
        let definition = try await request.decodeJSON(Closed<EventBody>.self, context: context).body.definition()
        let event = EventRecord(
            id: id,
            definition: definition,
            version: 1,
            places: Places(capacity: definition.capacity)
        )
        let view = try await view(event, tenant, for: principal)
        do {
            return try await environment.database.idempotent(
                request,
                context: context,
                principal: principal,
                schema: "events"
            ) { tx in
                try await store.insert(event, tenant: tenant.id, in: tx)
                return try Response.json(
                    view,
                    status: .created,
                    headers: [.location: "/events/api/events/\(id)", .eTag: entityTag(version: 1)]
                )
            }
        } catch let error as PostgresError where error.isSlugTaken {
            throw Problem(
                .conflict,
                type: "slug-taken",
                title: "Another event has this slug",
                errors: [.init("/slug", "is taken by another event")]
            )
        }
    }

    @Sendable func read(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        return try await answer(try await event(context, of: principal), for: principal)
    }

    @Sendable func replace(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id = try context.eventID()
        let tenant = try await addresses.tenant(of: principal)
        let definition = try await request.decodeJSON(Closed<EventBody>.self, context: context).body.definition()
        let changed = try await environment.database.transaction(tenant: principal.tenant) { tx in
            guard let event = try await store.lock(id, tenant: tenant.id, in: tx) else {
                throw Problem.notFound("event")
            }
            try request.requireMatch(version: event.version)
            guard event.definition.slug == definition.slug else {
                throw Problem.invalid(.init("/slug", "can't be changed: links and mails name it"))
            }
            return try await registrar.change(event, to: definition, tenant: tenant, in: tx)
        }
        return try await answer(changed, for: principal)
    }

    @Sendable func summary(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        return try Response.json(SummaryView(try await event(context, of: principal).places))
    }

    private func event(_ context: AppContext, of principal: Principal) async throws -> EventRecord {
        let id = try context.eventID()
        let event = try await environment.database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            try await store.event(id, tenant: principal.tenant, in: tx)
        }
        guard let event else { throw Problem.notFound("event") }
        return event
    }

    private func answer(_ event: EventRecord, for principal: Principal) async throws -> Response {
        let tenant = try await addresses.tenant(of: principal)
        return try Response.json(
            try await view(event, tenant, for: principal),
            headers: [.eTag: entityTag(version: event.version)]
        )
    }

    private func view(
        _ event: EventRecord,
        _ tenant: AccessStore.TenantRecord,
        for principal: Principal
    ) async throws -> EventView {
        EventView(
            event,
            page: addresses.page(of: event, tenant),
            registrationsPage: principal.role == .staff
                ? try await addresses.registrationsPage(of: event.id, tenant.id) : nil
        )
    }
}
