import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// `/events/{tenant}` and `/events/{tenant}/{slug}`: for everybody, with the registration form.
struct PublicPages: Sendable {
    let environment: ServiceEnvironment
    let addresses: Addresses
    let views: PageViews
    let events = EventStore()
    let registrations = RegistrationStore()
    let registrar = Registrar()

    func add(to pages: RouterGroup<AppContext>) {
        pages.get("{tenant}", use: list)
        pages.get("{tenant}/{slug}", use: show)
        pages.post("{tenant}/{slug}", use: register)
    }

    @Sendable func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let tenant = try await tenant(context)
        let reader = Reader(request, fallback: tenant.language)
        let latest = try await environment.database.transaction(tenant: tenant.id, readOnly: true) { tx in
            try await events.latestEvents(limit: 500, tenant: tenant.id, in: tx)
        }
        let page = EventsPage(latest, tenant: tenant, reader: reader, views: views)
        return try views.renderer.page(
            "events",
            page,
            title: page.title,
            language: reader.language,
            isPersonal: false
        )
    }

    @Sendable func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let (event, tenant) = try await event(context)
        let reader = Reader(request, fallback: tenant.language)
        return try page(
            EventPage(event, path: event.path(tenantSlug: tenant.slug), reader: reader, views: views),
            reader
        )
    }

    @Sendable func register(_ request: Request, _ context: AppContext) async throws -> Response {
        let (event, tenant) = try await event(context)
        let reader = Reader(request, fallback: tenant.language)
        let path = event.path(tenantSlug: tenant.slug)
        let form = try await request.decodeForm(RegistrationForm.self, context: context)
        switch form.parse(economies: views.economies) {
        case .invalid(let fields):
            let model = EventPage(event, path: path, form: form, invalid: fields, reader: reader, views: views)
            return try page(model, reader, status: .unprocessableContent)
        case .valid(let registrant):
            do {
                let id = RegistrationID()
                let personal = try await addresses.personalPath(of: id, tenant.id)
                try await environment.database.transaction(tenant: tenant.id) { tx in
                    _ = try await registrar.register(registrant, as: id, at: event.id, tenant: tenant, in: tx)
                }
                return Response(
                    status: .seeOther,
                    headers: [.location: "\(personal)?lang=\(reader.language)", .cacheControl: "no-store"]
                )
            } catch is RegistrationRefusal {
                // Closed since the form was shown: the page says so, with no form.
                return try page(EventPage(event, path: path, reader: reader, views: views), reader, status: .conflict)
            } catch let error as PostgresError where error.isRegisteredAlready {
                try await sendLinkAgain(to: registrant.recipient.email, event, tenant)
                return try already(path, reader)
            }
        }
    }

    /// At most once in ten minutes, so that nobody's mailbox can be filled from here.
    private func sendLinkAgain(
        to email: EmailAddress,
        _ event: EventRecord,
        _ tenant: AccessStore.TenantRecord
    ) async throws {
        let now = Date.now
        try await environment.database.transaction(tenant: tenant.id) { tx in
            let registration = try await registrations.requestLink(
                of: event.id,
                email: email,
                now: now,
                notSince: now - 600,
                tenant: tenant.id,
                in: tx
            )
            guard let registration else { return }
            try tx.publish(registration.linkRequested(facts: event.facts(tenantSlug: tenant.slug)))
        }
    }

    private func already(_ path: String, _ reader: Reader) throws -> Response {
        let model = AlreadyPage(eventPath: path, reader: reader, views: views)
        return try views.renderer.page(
            "already",
            model,
            title: views.strings("alreadyTitle", reader.language),
            language: reader.language,
            isPersonal: true,
            status: .conflict
        )
    }

    private func page(_ model: EventPage, _ reader: Reader, status: HTTPResponse.Status = .ok) throws -> Response {
        try views.renderer.page(
            "event",
            model,
            title: model.title,
            language: reader.language,
            isPersonal: status != .ok,
            status: status
        )
    }

    private func event(_ context: AppContext) async throws -> (EventRecord, AccessStore.TenantRecord) {
        let tenant = try await tenant(context)
        guard let slug = context.parameters.get("slug").flatMap({ try? Slug($0) }) else {
            throw Problem.notFound("event")
        }
        let event = try await environment.database.transaction(tenant: tenant.id, readOnly: true) { tx in
            try await events.event(slug: slug, tenant: tenant.id, in: tx)
        }
        guard let event else { throw Problem.notFound("event") }
        return (event, tenant)
    }

    private func tenant(_ context: AppContext) async throws -> AccessStore.TenantRecord {
        guard let slug = context.parameters.get("tenant").flatMap({ try? Slug($0) }),
            let tenant = try await environment.access.tenant(slug: slug.description)
        else { throw Problem.notFound("host") }
        return tenant
    }
}
