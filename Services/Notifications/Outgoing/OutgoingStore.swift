import Domain
import Foundation
import Messaging
import Postgres

/// All SQL about outgoing mails: what handlers, pages and the API do. The mailer's part is in `OutgoingStore+Leases`.
struct OutgoingStore: Sendable {
    static let channel = "notifications_outgoing"

    let database: Database

    /// Adds a mail, unless this message has asked for it already.
    func add(_ mail: NewMail, in tx: borrowing Transaction) {
        tx.enqueue(
            """
            INSERT INTO notifications.outgoing (tenant_id, id, source_message_id, kind, subject_id, recipient_name,
                recipient_email, language, model, message_id, traceparent, due, created_at)
            VALUES (\(mail.tenant.uuid), \(mail.id.uuid), \(mail.sourceMessage), \(mail.content.kind.rawValue),
                \(mail.content.subject), \(mail.recipient.name.description), \(mail.recipient.email.description),
                \(mail.recipient.language.description), \(JSON(mail.content)), \(mail.messageID),
                \(mail.traceparent), \(mail.createdAt), \(mail.createdAt))
            ON CONFLICT (tenant_id, source_message_id, kind) DO NOTHING
            """
        )
        tx.notifyAfterCommit(Self.channel)
    }

    /// Whether a registration was ever told that it has a place.
    func hasInvited(_ registration: RegistrationID, tenant: TenantID, in tx: borrowing Transaction) async throws -> Bool
    {
        let rows = try await tx.query(
            """
            SELECT EXISTS (SELECT FROM notifications.outgoing
                WHERE tenant_id = \(tenant.uuid) AND subject_id = \(registration.uuid)
                AND kind IN ('confirmed', 'moved-up'))
            """
        )
        return try rows.first?.decode(Bool.self) ?? false
    }

    /// Newest first, after the one with id `after`.
    func list(_ state: OutgoingState?, after: UUID?, limit: Int, tenant: TenantID) async throws -> [OutgoingRecord] {
        // Ids rise with time; the greatest of them begins the list.
        let bound: SQL = after.map { "AND id < \($0)" } ?? ""
        let filter: SQL = state.map { "AND state = \($0.rawValue)" } ?? ""
        return try await database.transaction(tenant: tenant, readOnly: true) { tx in
            try await tx.query(
                """
                SELECT \(Self.columns) FROM notifications.outgoing
                WHERE tenant_id = \(tenant.uuid) \(filter) \(bound) ORDER BY id DESC LIMIT \(limit)
                """
            ).map(OutgoingRecord.init)
        }
    }

    func find(_ id: UUID, tenant: TenantID) async throws -> OutgoingRecord? {
        try await database.transaction(tenant: tenant, readOnly: true) { tx in
            try await tx.query(
                """
                SELECT \(Self.columns) FROM notifications.outgoing
                WHERE tenant_id = \(tenant.uuid) AND id = \(id)
                """
            ).first.map(OutgoingRecord.init)
        }
    }

    /// Makes a mail that failed or waits due now, as if it had never been tried. Tells whether there was one.
    func retry(_ id: UUID, tenant: TenantID, now: Date) async throws -> Bool {
        try await database.transaction(tenant: tenant) { tx in
            let count = try await tx.execute(
                """
                UPDATE notifications.outgoing SET state = 'pending', attempts = 0, due = \(now)
                WHERE tenant_id = \(tenant.uuid) AND id = \(id) AND state IN ('failed', 'pending')
                """
            )
            if count > 0 { tx.notifyAfterCommit(Self.channel) }
            return count > 0
        }
    }

    func summary(tenant: TenantID) async throws -> OutgoingSummary {
        let rows = try await database.transaction(tenant: tenant, readOnly: true) { tx in
            try await tx.query(
                """
                SELECT state, count(*) FROM notifications.outgoing WHERE tenant_id = \(tenant.uuid) GROUP BY state
                """
            )
        }
        var summary = OutgoingSummary()
        for row in rows {
            let (state, count) = try row.decode(String.self, Int.self)
            switch OutgoingState(rawValue: state) {
            case .pending: summary.pending = count
            case .leased: summary.leased = count
            case .sent: summary.sent = count
            case .failed: summary.failed = count
            case nil: break
            }
        }
        return summary
    }

    private static let columns: SQL = """
        id, kind, state, recipient_name, recipient_email, language, subject_id, message_id, attempts, due, smtp_code,
        outcome, created_at, sent_at
        """
}

/// A mail that a message asks for.
struct NewMail: Sendable {
    let id: ID<OutgoingMail>
    let tenant: TenantID
    let sourceMessage: UUID
    let content: MailContent
    let recipient: Recipient
    let messageID: String
    let traceparent: String?
    let createdAt: Date
}

extension OutgoingRecord {
    fileprivate init(_ row: Row) throws {
        let (id, kind, state, name, email, language, subject, messageID, attempts, due, code, outcome, created, sent) =
            try row.decode(
                UUID.self,
                String.self,
                String.self,
                String.self,
                String.self,
                String.self,
                UUID.self,
                String.self,
                Int32.self,
                Date.self,
                Int32?.self,
                String?.self,
                Date.self,
                Date?.self
            )
        self.init(
            id: ID(id),
            kind: kind,
            state: state,
            recipient: .init(name: name, email: email, language: language),
            subject: ID(subject),
            messageID: messageID,
            attempts: Int(attempts),
            due: state == OutgoingState.pending.rawValue ? due : nil,
            smtpCode: code.map(Int.init),
            outcome: outcome,
            createdAt: created,
            sentAt: sent
        )
    }
}
