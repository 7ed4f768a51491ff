import Domain
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// `/events/api/…/registrations`: staff and machines register, read and cancel.
struct RegistrationRoutes: Sendable {
    let environment: ServiceEnvironment
    let addresses: Addresses
    let events = EventStore()
    let store = RegistrationStore()
    let registrar = Registrar()

    func add(to api: RouterGroup<AppContext>) {
        api.get("events/{id}/registrations", use: list)
        api.post("events/{id}/registrations", use: register)
        api.get("registrations/{id}", use: read)
        api.post("registrations/{id}/cancellation", use: cancel)
    }

    @Sendable func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let event = try context.eventID()
        let page = try PageRequest(request)
        let number = try page.after.map { text throws(Problem) -> Int in
            guard let number = Int(text), number >= 0 else { throw .badCursor }
            return number
        }
        let state = try request.uri.queryParameters["state"].map { text throws(Problem) -> RegistrationState in
            guard let state = RegistrationState(rawValue: String(text)) else { throw .badState }
            return state
        }
        let registrations = try await environment.database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            guard try await events.event(event, tenant: principal.tenant, in: tx) != nil else {
                throw Problem.notFound("event")
            }
            return try await store.registrations(
                of: event,
                state: state,
                after: number ?? 0,
                limit: page.limit + 1,
                tenant: principal.tenant,
                in: tx
            )
        }
        return try PageResponse(registrations.map { Row(number: $0.number, view: .init($0)) }, request: page) {
            "\($0.number)"
        }.response(for: request)
    }

    /// A registration with its place in the list, which is its cursor.
    private struct Row: Encodable {
        let number: Int
        let view: RegistrationView
        func encode(to encoder: any Encoder) throws { try view.encode(to: encoder) }
    }

    @Sendable func register(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let event = try context.eventID()
        let registrant = try await request.decodeJSON(Closed<RegistrationBody>.self, context: context).body.registrant()
        let tenant = try await addresses.tenant(of: principal)
        let id = RegistrationID()
        let link = environment.publicURL + (try await addresses.personalPath(of: id, tenant.id))
        do {
            return try await environment.database.idempotent(
                request,
                context: context,
                principal: principal,
                schema: "events"
            ) { tx in
                let registration = try await registrar.register(registrant, as: id, at: event, tenant: tenant, in: tx)
                return try Response.json(
                    RegistrationView(registration, link: link),
                    status: .created,
                    headers: [
                        .location: "/events/api/registrations/\(id)",
                        .eTag: entityTag(version: registration.version),
                    ]
                )
            }
        } catch let refusal as RegistrationRefusal {
            throw Problem(refusal)
        } catch let error as PostgresError where error.isRegisteredAlready {
            throw Problem(
                .conflict,
                type: "already-registered",
                title: "This address is registered for this event already",
                errors: [.init("/email", "is registered for this event already")]
            )
        }
    }

    @Sendable func read(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let id = try context.registrationID()
        let registration = try await environment.database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            try await store.registration(id, tenant: principal.tenant, in: tx)
        }
        guard let registration else { throw Problem.notFound("registration") }
        return try answer(registration)
    }

    @Sendable func cancel(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let id = try context.registrationID()
        let tenant = try await addresses.tenant(of: principal)
        let registration = try await environment.database.transaction(tenant: principal.tenant) { tx in
            try await registrar.cancel(id, tenant: tenant, in: tx)
        }
        return try answer(registration)
    }

    private func answer(_ registration: RegistrationRecord) throws -> Response {
        try Response.json(
            RegistrationView(registration),
            headers: [.eTag: entityTag(version: registration.version)]
        )
    }
}

extension Problem {
    static let badState = Problem(
        .badRequest,
        type: "bad-state",
        title: "There is no such state",
        errors: [.init("/query/state", "must be confirmed, waiting or cancelled")]
    )

    init(_ refusal: RegistrationRefusal) {
        switch refusal {
        case .notOpenYet:
            self.init(.conflict, type: "registration-not-open", title: "Registration for this event is not open yet")
        case .closed:
            self.init(.conflict, type: "registration-closed", title: "Registration for this event is closed")
        }
    }
}
