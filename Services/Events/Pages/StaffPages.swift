import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// `/events/l/{link}` with a link for staff: an event's registrations and its waiting list.
struct StaffPages: Sendable {
    private static let pageLength = 50

    let environment: ServiceEnvironment
    let addresses: Addresses
    let views: PageViews
    let events = EventStore()
    let registrations = RegistrationStore()

    /// `?state=` (the waiting list by default) and `?after=`, the number of the last registration of the page before.
    func show(_ request: Request, _ context: AppContext, _ link: LinkSigner.Link) async throws -> Response {
        let tenant = try await addresses.tenant(link.tenant)
        let reader = Reader(request, fallback: tenant.language)
        let query = request.uri.queryParameters
        let state = query["state"].flatMap { RegistrationState(rawValue: String($0)) } ?? .waiting
        let after = max(0, query["after"].flatMap { Int($0) } ?? 0)
        let (event, rows) = try await environment.database.transaction(tenant: tenant.id, readOnly: true) { tx in
            guard let event = try await events.event(EventID(link.subject), tenant: tenant.id, in: tx) else {
                throw Problem.notFound("event")
            }
            let rows = try await registrations.registrations(
                of: event.id,
                state: state,
                after: after,
                limit: Self.pageLength + 1,
                tenant: tenant.id,
                in: tx
            )
            return (event, rows)
        }
        let model = RegistrationsPage(
            event,
            state: state,
            after: after,
            rows: rows,
            length: Self.pageLength,
            eventPath: event.path(tenantSlug: tenant.slug),
            reader: reader,
            views: views
        )
        return try views.renderer.page(
            "registrations",
            model,
            title: "\(views.strings("registrations", reader.language)) – \(model.title)",
            language: reader.language,
            isPersonal: true
        )
    }
}

/// An event's registrations of one state, in the order of registration.
struct RegistrationsPage: Sendable {
    struct Filter: Sendable {
        let label: String
        let href: String
        let isCurrent: Bool
    }

    struct Row: Sendable {
        let order, name, organisation, economy, email, time: String
    }

    let t: [String: String]
    let languages: [Reader.LanguageLink]
    let language: String
    let title: String
    let eventPath: String
    let figures: [Fact]
    let filters: [Filter]
    let heading: String
    let orderLabel: String
    let rows: [Row]
    let isEmpty: Bool
    let firstPage: String?
    let nextPage: String?

    /// `rows` hold one more than `length` where there is a next page.
    init(
        _ event: EventRecord,
        state: RegistrationState,
        after: Int,
        rows: [RegistrationRecord],
        length: Int,
        eventPath: String,
        reader: Reader,
        views: PageViews
    ) {
        let language = reader.language
        let strings = views.strings
        let places = event.places
        t = views.texts(language)
        languages = reader.languages
        self.language = language.description
        title = event.definition.title[language]
        self.eventPath = eventPath
        figures = [
            ("capacity", places.capacity.count), ("confirmed", places.confirmed), ("waiting", places.waiting),
            ("cancelled", places.cancelled), ("promoted", places.promoted),
        ].map { Fact(label: strings($0.0, language), value: views.count($0.1, language)) }
        func href(_ state: RegistrationState) -> String { "?lang=\(language)&state=\(state.rawValue)" }
        filters = [RegistrationState.waiting, .confirmed, .cancelled].map {
            Filter(label: strings($0.rawValue, language), href: href($0), isCurrent: $0 == state)
        }
        heading = strings(state.rawValue, language)
        orderLabel = strings(state == .waiting ? "position" : "number", language)
        self.rows = rows.prefix(length).map { row in
            let who = row.registrant
            let names = [who.party.teamName?.description, who.recipient.name.description].compactMap(\.self)
            return Row(
                order: views.count(row.position ?? row.number, language),
                name: names.joined(separator: " · "),
                organisation: who.organisation?.description ?? "",
                economy: views.economies.name(of: who.economy, language),
                email: who.recipient.email.description,
                time: LocalizedTime.dateTime(row.registeredAt, event.definition.timeZone, language)
            )
        }
        isEmpty = rows.isEmpty
        firstPage = after > 0 ? href(state) : nil
        nextPage = rows.count > length ? "\(href(state))&after=\(rows[length - 1].number)" : nil
    }
}
