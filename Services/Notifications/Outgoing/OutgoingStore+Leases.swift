import Domain
import Foundation
import Messaging
import Postgres

/// The right to send some mails for a while. Whoever holds no lease any more can't record an outcome.
struct Lease: Sendable {
    let token: UUID
    var end: Date
}

/// How an attempt ended, for the row.
enum Settlement: Sendable {
    case sent(SMTPAcceptance)
    /// To be tried again at this time.
    case retry(SMTPFailure, at: Date)
    case failed(SMTPFailure)
}

extension OutgoingStore {
    /// Leases due mails of tenants in turn, beginning behind `tenant`. Ids by tenant, in the order of the turns.
    func take(after tenant: TenantID?, limit: Int, now: Date, lease: Lease) async throws -> [(TenantID, [UUID])] {
        let rows = try await database.query(
            """
            SELECT taken_tenant, taken_id
            FROM notifications.take_outgoing(\(tenant?.uuid), \(Int32(limit)), \(Int32(limit)), \(now), \(lease.end),
                \(lease.token))
            """
        )
        var turns: [(TenantID, [UUID])] = []
        for row in rows {
            let (tenant, id) = try row.decode(UUID.self, UUID.self)
            if turns.last?.0.uuid == tenant {
                turns[turns.count - 1].1.append(id)
            } else {
                turns.append((TenantID(tenant), [id]))
            }
        }
        return turns
    }

    /// What was leased, oldest first.
    func load(_ ids: [UUID], tenant: TenantID, lease: Lease) async throws -> [OutgoingMail] {
        try await database.transaction(tenant: tenant, readOnly: true) { tx in
            try await tx.query(
                """
                SELECT id, model, recipient_name, recipient_email, language, message_id, created_at, attempts,
                    traceparent
                FROM notifications.outgoing
                WHERE tenant_id = \(tenant.uuid) AND id = ANY(\(ids)) AND lease_token = \(lease.token) ORDER BY id
                """
            ).map(OutgoingMail.init)
        }
    }

    /// Prolongs the lease and tells of which mails.
    func renew(_ ids: [UUID], tenant: TenantID, lease: Lease) async throws -> Set<UUID> {
        try await database.transaction(tenant: tenant) { tx in
            let rows = try await tx.query(
                """
                UPDATE notifications.outgoing SET due = \(lease.end)
                WHERE tenant_id = \(tenant.uuid) AND id = ANY(\(ids)) AND lease_token = \(lease.token)
                RETURNING id
                """
            )
            return Set(try rows.map { try $0.decode(UUID.self) })
        }
    }

    /// Gives mails back that were not tried, so that the attempt does not count.
    func giveBack(_ ids: [UUID], tenant: TenantID, lease: Lease, due: Date) async throws {
        try await database.transaction(tenant: tenant) { tx in
            tx.enqueue(
                """
                UPDATE notifications.outgoing
                SET state = 'pending', lease_token = NULL, due = \(due), attempts = attempts - 1
                WHERE tenant_id = \(tenant.uuid) AND id = ANY(\(ids)) AND lease_token = \(lease.token)
                """
            )
        }
    }

    /// Records how an attempt ended. Tells whether the lease still held: if not, somebody else has the mail now.
    func settle(
        _ id: UUID,
        _ settlement: Settlement,
        tenant: TenantID,
        lease: Lease,
        now: Date
    ) async throws -> Bool {
        let row = SettledRow(settlement, now: now)
        return try await database.transaction(tenant: tenant) { tx in
            try await tx.execute(
                """
                UPDATE notifications.outgoing
                SET state = \(row.state.rawValue), lease_token = NULL, due = \(row.due), smtp_code = \(row.code),
                    outcome = \(row.outcome), sent_at = \(row.sentAt)
                WHERE tenant_id = \(tenant.uuid) AND id = \(id) AND lease_token = \(lease.token)
                """
            ) > 0
        }
    }
}

private struct SettledRow {
    let state: OutgoingState
    let due: Date
    let code: Int32?
    let outcome: String
    let sentAt: Date?

    init(_ settlement: Settlement, now: Date) {
        switch settlement {
        case .sent(let acceptance):
            (state, due, code, outcome, sentAt) = (.sent, now, Int32(acceptance.code), acceptance.reply, now)
        case .retry(let failure, let time):
            (state, due, code, outcome, sentAt) = (.pending, time, failure.code.map(Int32.init), failure.reason, nil)
        case .failed(let failure):
            (state, due, code, outcome, sentAt) = (.failed, now, failure.code.map(Int32.init), failure.reason, nil)
        }
    }
}

extension OutgoingMail {
    fileprivate init(_ row: Row) throws {
        let (id, content, name, email, language, messageID, created, attempts, traceparent) = try row.decode(
            UUID.self,
            JSON<MailContent>.self,
            String.self,
            String.self,
            String.self,
            String.self,
            Date.self,
            Int32.self,
            String?.self
        )
        self.init(
            id: id,
            content: content.value,
            recipient: Recipient(
                name: try PersonName(name),
                email: try EmailAddress(email),
                language: try LanguageTag(language)
            ),
            messageID: messageID,
            createdAt: created,
            attempts: Int(attempts),
            traceparent: traceparent
        )
    }
}
