import Domain
import Foundation
import Postgres

/// All statements on `events.registrations`.
struct RegistrationStore: Sendable {
    private static let columns: SQL = """
        id, event_id, number, state, version, team_name, name, email, language, economy, organisation, registered_at
        """

    /// Precondition: the event's row is locked.
    func insert(_ registration: RegistrationRecord, tenant: TenantID, in tx: borrowing Transaction) {
        let who = registration.registrant
        tx.enqueue(
            """
            INSERT INTO events.registrations
                (tenant_id, id, event_id, number, state, version, team_name, name, email, mailbox_key, language,
                 economy, organisation, registered_at)
            VALUES
                (\(tenant.uuid), \(registration.id.uuid), \(registration.event.uuid), \(registration.number),
                 \(registration.state.rawValue), \(registration.version), \(who.party.teamName?.description),
                 \(who.recipient.name.description), \(who.recipient.email.description),
                 \(who.recipient.email.mailboxKey), \(who.recipient.language.description),
                 \(who.economy.description), \(who.organisation?.description), \(registration.registeredAt))
            """
        )
    }

    /// With its position, if it waits.
    func registration(
        _ id: RegistrationID,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> RegistrationRecord? {
        try await tx.query(Self.registration(id, tenant: tenant)).first.map(RegistrationRecord.init)
    }

    static func registration(_ id: RegistrationID, tenant: TenantID) -> SQL {
        """
        SELECT \(columns), CASE state WHEN 'waiting' THEN (
            SELECT count(*) FROM events.registrations AS before
            WHERE before.tenant_id = registrations.tenant_id AND before.event_id = registrations.event_id
                AND before.state = 'waiting' AND before.number <= registrations.number
        ) END
        FROM events.registrations
        WHERE tenant_id = \(tenant.uuid) AND id = \(id.uuid)
        """
    }

    /// In the order of registration; those who wait with their positions.
    func registrations(
        of event: EventID,
        state: RegistrationState?,
        after number: Int,
        limit: Int,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> [RegistrationRecord] {
        try await tx.query(Self.page(of: event, state: state, after: number, limit: limit, tenant: tenant))
            .map(RegistrationRecord.init)
    }

    static func page(
        of event: EventID,
        state: RegistrationState?,
        after number: Int,
        limit: Int,
        tenant: TenantID
    ) -> SQL {
        // Literals, so that the planner knows which index holds them.
        let condition: SQL =
            switch state {
            case .confirmed: "state = 'confirmed'"
            case .waiting: "state = 'waiting'"
            case .cancelled: "state = 'cancelled'"
            case nil: "true"
            }
        return """
            WITH page AS (
                SELECT \(columns) FROM events.registrations
                WHERE tenant_id = \(tenant.uuid) AND event_id = \(event.uuid) AND \(condition)
                    AND number > \(number)
                ORDER BY number LIMIT \(limit)
            ), before AS (
                SELECT count(*) AS waiting FROM events.registrations
                WHERE tenant_id = \(tenant.uuid) AND event_id = \(event.uuid) AND state = 'waiting'
                    AND number <= \(number)
            )
            SELECT page.*, CASE state WHEN 'waiting' THEN
                before.waiting + count(*) FILTER (WHERE state = 'waiting') OVER (ORDER BY number)
            END
            FROM page, before
            ORDER BY number
            """
    }

    /// Confirms the first `count` who wait. Precondition: the event's row is locked.
    func promote(
        _ count: Int,
        of event: EventID,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> [RegistrationRecord] {
        try await tx.query(Self.promotion(count, of: event, tenant: tenant))
            .map(RegistrationRecord.init).sorted { $0.number < $1.number }
    }

    static func promotion(_ count: Int, of event: EventID, tenant: TenantID) -> SQL {
        """
        UPDATE events.registrations SET state = 'confirmed', version = version + 1
        WHERE tenant_id = \(tenant.uuid) AND event_id = \(event.uuid) AND number = ANY(ARRAY(
            SELECT number FROM events.registrations
            WHERE tenant_id = \(tenant.uuid) AND event_id = \(event.uuid) AND state = 'waiting'
            ORDER BY number LIMIT \(count)
        ))
        RETURNING \(columns), NULL::bigint
        """
    }

    /// Precondition: the event's row is locked.
    func update(_ registration: RegistrationRecord, tenant: TenantID, in tx: borrowing Transaction) {
        tx.enqueue(
            """
            UPDATE events.registrations
            SET state = \(registration.state.rawValue), version = \(registration.version)
            WHERE tenant_id = \(tenant.uuid) AND id = \(registration.id.uuid)
            """
        )
    }

    /// Notes that the owner of `email` asks for the link again. Returns the registration, unless there is none or its
    /// owner was sent the link a short while ago.
    func requestLink(
        of event: EventID,
        email: EmailAddress,
        now: Date,
        notSince: Date,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> RegistrationRecord? {
        try await tx.query(
            """
            UPDATE events.registrations SET link_requested_at = \(now)
            WHERE tenant_id = \(tenant.uuid) AND event_id = \(event.uuid) AND mailbox_key = \(email.mailboxKey)
                AND state <> 'cancelled' AND coalesce(link_requested_at < \(notSince), true)
            RETURNING \(Self.columns), NULL::bigint
            """
        ).first.map(RegistrationRecord.init)
    }
}

extension RegistrationRecord {
    /// Precondition: the row has the columns of `RegistrationStore` in their order, and then the position.
    init(_ row: Row) throws {
        let (
            id, event, number, state, version, teamName, name, email, language, economy, organisation, registeredAt,
            position
        ) = try row.decode(
            UUID.self,
            UUID.self,
            Int.self,
            String.self,
            Int.self,
            String?.self,
            String.self,
            String.self,
            String.self,
            String.self,
            String?.self,
            Date.self,
            Int?.self
        )
        self.init(
            id: RegistrationID(id),
            event: EventID(event),
            registrant: Registrant(
                party: try teamName.map { .team(name: try OrganisationName($0)) } ?? .person,
                recipient: Recipient(
                    name: try PersonName(name),
                    email: try EmailAddress(email),
                    language: try LanguageTag(language)
                ),
                economy: try EconomyCode(economy),
                organisation: try organisation.map { try OrganisationName($0) }
            ),
            number: number,
            state: try RegistrationState(stored: state),
            version: version,
            registeredAt: registeredAt,
            position: position
        )
    }
}
