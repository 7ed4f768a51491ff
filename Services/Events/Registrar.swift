import Domain
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Registers, cancels and moves up: each change with its messages in the caller's transaction.
///
/// Each locks the event's row first, so the decisions of one event are taken one after the other.
struct Registrar: Sendable {
    let events = EventStore()
    let registrations = RegistrationStore()

    /// Precondition: the transaction is of `tenant`. An address that is registered already fails the transaction with
    /// `PostgresError.isRegisteredAlready`, at the latest at the commit.
    func register(
        _ registrant: Registrant,
        as id: RegistrationID,
        at event: EventID,
        tenant: AccessStore.TenantRecord,
        now: Date = .now,
        in tx: borrowing Transaction
    ) async throws -> RegistrationRecord {
        guard var event = try await events.lock(event, tenant: tenant.id, in: tx) else {
            throw Problem.notFound("event")
        }
        try event.definition.window.check(at: now)
        let admission = event.places.register()
        var registration = RegistrationRecord(
            id: id,
            event: event.id,
            registrant: registrant,
            number: event.places.registered,
            state: admission.state,
            version: 1,
            registeredAt: now
        )
        registrations.insert(registration, tenant: tenant.id, in: tx)
        events.count(admission, at: event.id, tenant: tenant.id, in: tx)
        switch admission {
        case .confirmed:
            try tx.publish(registration.confirmed(facts: event.facts(tenantSlug: tenant.slug), wasWaiting: false))
        case .waiting(let position):
            registration.position = position
            try tx.publish(registration.waits(at: position, facts: event.facts(tenantSlug: tenant.slug)))
        }
        return registration
    }

    /// Cancels, and moves up the first who waits. What is cancelled already is returned as it is.
    func cancel(
        _ id: RegistrationID,
        tenant: AccessStore.TenantRecord,
        in tx: borrowing Transaction
    ) async throws -> RegistrationRecord {
        guard var event = try await events.lock(eventOf: id, tenant: tenant.id, in: tx),
            var registration = try await registrations.registration(id, tenant: tenant.id, in: tx)
        else { throw Problem.notFound("registration") }
        let promoted: Int
        do throws(CancellationRefusal) {
            promoted = try event.places.cancel(registration.state)
        } catch .alreadyCancelled {
            return registration
        }
        registration.state = .cancelled
        registration.version += 1
        registration.position = nil
        registrations.update(registration, tenant: tenant.id, in: tx)
        let facts = event.facts(tenantSlug: tenant.slug)
        try tx.publish(registration.cancelled(facts: facts))
        try await promote(promoted, of: event, facts: facts, tenant: tenant.id, in: tx)
        events.updatePlaces(of: event, tenant: tenant.id, in: tx)
        return registration
    }

    /// Replaces the definition of a locked event, and moves up as many as a higher capacity has places for.
    func change(
        _ event: EventRecord,
        to definition: EventDefinition,
        tenant: AccessStore.TenantRecord,
        in tx: borrowing Transaction
    ) async throws -> EventRecord {
        var places = event.places
        let promoted = places.change(capacity: definition.capacity)
        let changed = EventRecord(id: event.id, definition: definition, version: event.version + 1, places: places)
        let facts = changed.facts(tenantSlug: tenant.slug)
        try await promote(promoted, of: changed, facts: facts, tenant: tenant.id, in: tx)
        events.update(changed, tenant: tenant.id, in: tx)
        return changed
    }

    private func promote(
        _ count: Int,
        of event: EventRecord,
        facts: EventFacts,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws {
        guard count > 0 else { return }
        let promoted = try await registrations.promote(count, of: event.id, tenant: tenant, in: tx)
        try tx.publish(contentsOf: promoted.map { $0.confirmed(facts: facts, wasWaiting: true) })
    }
}

extension PostgresError {
    /// Whether the statement would have made a second registration of one address for one event.
    var isRegisteredAlready: Bool { sqlState == "23505" && constraint == "registrations_one_per_mailbox" }

    /// Whether another event of the tenant has this slug.
    var isSlugTaken: Bool { sqlState == "23505" && constraint == "events_slug" }
}
