import Domain
import Foundation
import HTTPTypes
import Hummingbird
import ICalendar
import Messaging
import Postgres
import ServiceKit

/// `/events/l/{link}`: one's own registration, for whoever holds its link.
struct PersonalPages: Sendable {
    let environment: ServiceEnvironment
    let addresses: Addresses
    let views: PageViews
    let events = EventStore()
    let registrations = RegistrationStore()
    let registrar = Registrar()

    func add(to pages: RouterGroup<AppContext>) {
        pages.get("l/{link}/cancellation", use: question)
        pages.post("l/{link}/cancellation", use: cancel)
        pages.get("l/{link}/event.ics", use: calendar)
    }

    func show(_ request: Request, _ context: AppContext, _ link: LinkSigner.Link) async throws -> Response {
        try page("registration", request, context, try await subject(link))
    }

    /// The step before a cancellation.
    @Sendable func question(_ request: Request, _ context: AppContext) async throws -> Response {
        let subject = try await subject(try await link(context))
        guard subject.registration.state != .cancelled else { return redirect(context, request) }
        return try page("cancellation", request, context, subject)
    }

    @Sendable func cancel(_ request: Request, _ context: AppContext) async throws -> Response {
        let link = try await link(context)
        let tenant = try await addresses.tenant(link.tenant)
        try await environment.database.transaction(tenant: tenant.id) { tx in
            _ = try await registrar.cancel(RegistrationID(link.subject), tenant: tenant, in: tx)
        }
        return redirect(context, request)
    }

    /// The event for a calendar, while there is a place.
    @Sendable func calendar(_ request: Request, _ context: AppContext) async throws -> Response {
        let subject = try await subject(try await link(context))
        guard subject.registration.state == .confirmed else { throw Problem.notFound("calendar entry") }
        let it = subject.event.definition
        var event = CalendarEvent(
            uid: subject.registration.id.uuid,
            sequence: subject.registration.version,
            stamp: .now,
            startsAt: it.startsAt,
            endsAt: it.endsAt,
            timeZone: it.timeZone,
            summary: it.title,
            location: it.venue,
            language: subject.registration.registrant.recipient.language
        )
        event.url = addresses.page(of: subject.event, subject.tenant)
        let document = CalendarDocument([event])
        return Response(
            status: .ok,
            headers: [
                .contentType: document.contentType,
                .contentDisposition: "attachment; filename=\"\(it.slug).ics\"",
                .cacheControl: "no-store",
            ],
            body: .init(byteBuffer: .init(string: document.text()))
        )
    }

    private struct Subject {
        let registration: RegistrationRecord
        let event: EventRecord
        let tenant: AccessStore.TenantRecord
    }

    private func link(_ context: AppContext) async throws -> LinkSigner.Link {
        try await environment.links.verify(context.parameters.get("link") ?? "", purpose: Addresses.registration)
    }

    private func subject(_ link: LinkSigner.Link) async throws -> Subject {
        let tenant = try await addresses.tenant(link.tenant)
        let found = try await environment.database.transaction(tenant: tenant.id, readOnly: true) { tx in
            let id = RegistrationID(link.subject)
            guard let registration = try await registrations.registration(id, tenant: tenant.id, in: tx),
                let event = try await events.event(registration.event, tenant: tenant.id, in: tx)
            else { throw Problem.notFound("registration") }
            return (registration, event)
        }
        return Subject(registration: found.0, event: found.1, tenant: tenant)
    }

    private func page(
        _ template: String,
        _ request: Request,
        _ context: AppContext,
        _ subject: Subject
    ) throws -> Response {
        let reader = Reader(request, fallback: subject.registration.registrant.recipient.language)
        let model = RegistrationPage(
            subject.registration,
            of: subject.event,
            path: path(context),
            eventPath: subject.event.path(tenantSlug: subject.tenant.slug),
            reader: reader,
            views: views
        )
        return try views.renderer.page(
            template,
            model,
            title: "\(views.strings("myRegistration", reader.language)) – \(model.title)",
            language: reader.language,
            isPersonal: true
        )
    }

    private func redirect(_ context: AppContext, _ request: Request) -> Response {
        let language = request.uri.query.map { "?\($0)" } ?? ""
        return Response(
            status: .seeOther,
            headers: [.location: path(context) + language, .cacheControl: "no-store"]
        )
    }

    private func path(_ context: AppContext) -> String { "/events/l/\(context.parameters.get("link") ?? "")" }
}
