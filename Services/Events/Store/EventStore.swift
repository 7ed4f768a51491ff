import Domain
import Foundation
import Postgres

/// All statements on `events.events`.
struct EventStore: Sendable {
    private static let columns: SQL = """
        id, slug, kind, title, venue, description, starts_at, ends_at, time_zone, registration_opens_at,
        registration_closes_at, version, capacity, confirmed, waiting, cancelled, promoted, ceiling
        """

    func insert(_ event: EventRecord, tenant: TenantID, in tx: borrowing Transaction) async throws {
        let it = event.definition
        try await tx.execute(
            """
            INSERT INTO events.events
                (tenant_id, id, slug, kind, title, venue, description, starts_at, ends_at, time_zone,
                 registration_opens_at, registration_closes_at, version, capacity, ceiling)
            VALUES
                (\(tenant.uuid), \(event.id.uuid), \(it.slug.description), \(it.kind.rawValue), \(JSON(it.title)),
                 \(JSON(it.venue)), \(it.description.map { JSON($0) }), \(it.startsAt), \(it.endsAt),
                 \(it.timeZone.description), \(it.window.opens), \(it.window.closes), \(event.version),
                 \(it.capacity.count), \(event.places.ceiling))
            """
        )
    }

    /// Writes the definition, the version and the places. Precondition: the row is locked.
    func update(_ event: EventRecord, tenant: TenantID, in tx: borrowing Transaction) {
        let it = event.definition
        tx.enqueue(
            """
            UPDATE events.events SET
                kind = \(it.kind.rawValue), title = \(JSON(it.title)), venue = \(JSON(it.venue)),
                description = \(it.description.map { JSON($0) }), starts_at = \(it.startsAt), ends_at = \(it.endsAt),
                time_zone = \(it.timeZone.description), registration_opens_at = \(it.window.opens),
                registration_closes_at = \(it.window.closes), version = \(event.version)
            WHERE tenant_id = \(tenant.uuid) AND id = \(event.id.uuid)
            """
        )
        updatePlaces(of: event, tenant: tenant, in: tx)
    }

    /// Writes the counts after a cancellation or a change of the capacity. Precondition: the row is locked.
    func updatePlaces(of event: EventRecord, tenant: TenantID, in tx: borrowing Transaction) {
        let places = event.places
        tx.enqueue(
            """
            UPDATE events.events SET
                capacity = \(places.capacity.count), ceiling = \(places.ceiling), confirmed = \(places.confirmed),
                waiting = \(places.waiting), cancelled = \(places.cancelled), promoted = \(places.promoted),
                registered = \(places.registered)
            WHERE tenant_id = \(tenant.uuid) AND id = \(event.id.uuid)
            """
        )
    }

    /// Counts one registration. Leaves the ceiling alone, which is the guard against overbooking.
    func count(_ admission: Admission, at event: EventID, tenant: TenantID, in tx: borrowing Transaction) {
        let confirmed = admission == .confirmed ? 1 : 0
        tx.enqueue(
            """
            UPDATE events.events SET
                confirmed = confirmed + \(confirmed), waiting = waiting + \(1 - confirmed), registered = registered + 1
            WHERE tenant_id = \(tenant.uuid) AND id = \(event.uuid)
            """
        )
    }

    func event(_ id: EventID, tenant: TenantID, in tx: borrowing Transaction) async throws -> EventRecord? {
        try await tx.query(
            "SELECT \(Self.columns) FROM events.events WHERE tenant_id = \(tenant.uuid) AND id = \(id.uuid)"
        ).first.map(EventRecord.init)
    }

    func event(slug: Slug, tenant: TenantID, in tx: borrowing Transaction) async throws -> EventRecord? {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM events.events
            WHERE tenant_id = \(tenant.uuid) AND slug = \(slug.description)
            """
        ).first.map(EventRecord.init)
    }

    /// The event, locked until the commit: nobody else registers, cancels or changes it meanwhile.
    func lock(_ id: EventID, tenant: TenantID, in tx: borrowing Transaction) async throws -> EventRecord? {
        // NO KEY: the foreign key of registrations may still look at the row.
        try await tx.query(
            """
            SELECT \(Self.columns) FROM events.events
            WHERE tenant_id = \(tenant.uuid) AND id = \(id.uuid)
            FOR NO KEY UPDATE
            """
        ).first.map(EventRecord.init)
    }

    /// The event of a registration, locked. Everybody locks the event first and its registrations after it, so nobody
    /// waits in a circle.
    func lock(
        eventOf registration: RegistrationID,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> EventRecord? {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM events.events
            WHERE tenant_id = \(tenant.uuid) AND id = (
                SELECT event_id FROM events.registrations
                WHERE tenant_id = \(tenant.uuid) AND id = \(registration.uuid)
            )
            FOR NO KEY UPDATE
            """
        ).first.map(EventRecord.init)
    }

    /// In the order they were made.
    func events(
        after id: EventID?,
        limit: Int,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> [EventRecord] {
        let start = id?.uuid ?? UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        return try await tx.query(
            """
            SELECT \(Self.columns) FROM events.events
            WHERE tenant_id = \(tenant.uuid) AND id > \(start)
            ORDER BY id LIMIT \(limit)
            """
        ).map(EventRecord.init)
    }

    /// The newest first.
    func latestEvents(limit: Int, tenant: TenantID, in tx: borrowing Transaction) async throws -> [EventRecord] {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM events.events
            WHERE tenant_id = \(tenant.uuid)
            ORDER BY starts_at DESC, id LIMIT \(limit)
            """
        ).map(EventRecord.init)
    }
}

extension EventRecord {
    /// Precondition: the row has the columns of `EventStore`, in their order.
    init(_ row: Row) throws {
        let (
            id, slug, kind, title, venue, description, startsAt, endsAt, timeZone, opens, closes, version, capacity,
            confirmed, waiting, cancelled, promoted, ceiling
        ) = try row.decode(
            UUID.self,
            String.self,
            String.self,
            JSON<LocalizedText>.self,
            JSON<LocalizedText>.self,
            JSON<LocalizedText>?.self,
            Date.self,
            Date.self,
            String.self,
            Date?.self,
            Date?.self,
            Int.self,
            Int.self,
            Int.self,
            Int.self,
            Int.self,
            Int.self,
            Int.self
        )
        let count = try Capacity(capacity)
        self.init(
            id: EventID(id),
            definition: EventDefinition(
                slug: try Slug(slug),
                kind: try EventKind(stored: kind),
                title: title.value,
                venue: venue.value,
                description: description?.value,
                startsAt: startsAt,
                endsAt: endsAt,
                timeZone: try TimeZoneID(timeZone),
                window: RegistrationWindow(opens: opens, closes: closes),
                capacity: count
            ),
            version: version,
            places: Places(
                capacity: count,
                confirmed: confirmed,
                waiting: waiting,
                cancelled: cancelled,
                promoted: promoted,
                ceiling: ceiling
            )
        )
    }
}

extension RawRepresentable where RawValue == String {
    /// A value that a CHECK constraint keeps valid.
    init(stored text: String) throws(InvalidValue) {
        guard let value = Self(rawValue: text) else { throw InvalidValue("is not a known \(Self.self)") }
        self = value
    }
}
