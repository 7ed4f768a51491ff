import Domain
import Hummingbird
import ServiceKit

/// The addresses of pages, as people are given them.
struct Addresses: Sendable {
    /// Purposes of signed links.
    static let registration = "registration"
    static let registrations = "event-registrations"

    let environment: ServiceEnvironment

    func tenant(of principal: Principal) async throws -> AccessStore.TenantRecord {
        try await tenant(principal.tenant)
    }

    func tenant(_ id: TenantID) async throws -> AccessStore.TenantRecord {
        guard let tenant = try await environment.access.tenant(id: id) else { throw Problem.notFound("tenant") }
        return tenant
    }

    func page(of event: EventRecord, _ tenant: AccessStore.TenantRecord) -> String {
        environment.publicURL + event.path(tenantSlug: tenant.slug)
    }

    /// Below the public URL. Call it outside of transactions: it may have to read the tenant's key.
    func personalPath(of registration: RegistrationID, _ tenant: TenantID) async throws -> String {
        let link = try await environment.links.sign(
            tenant: tenant,
            purpose: Self.registration,
            subject: registration.uuid
        )
        return "/events/l/\(link)"
    }

    func registrationsPage(of event: EventID, _ tenant: TenantID) async throws -> String {
        let link = try await environment.links.sign(tenant: tenant, purpose: Self.registrations, subject: event.uuid)
        return "\(environment.publicURL)/events/l/\(link)"
    }
}

extension AppContext {
    /// The path's `{id}`. What is no id names nothing: a 404.
    func eventID() throws -> EventID {
        guard let id = parameters.get("id").flatMap({ EventID($0) }) else { throw Problem.notFound("event") }
        return id
    }

    func registrationID() throws -> RegistrationID {
        guard let id = parameters.get("id").flatMap({ RegistrationID($0) }) else {
            throw Problem.notFound("registration")
        }
        return id
    }
}

extension Problem {
    static let badCursor = Problem(
        .badRequest,
        type: "bad-cursor",
        title: "The cursor is not one of this list",
        errors: [.init("/query/cursor", "must be the `next` of the page before")]
    )
}
