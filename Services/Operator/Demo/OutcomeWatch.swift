import Domain
import Messaging
import Postgres

/// Waits until every message is handled and every mail is sent or given up.
struct OutcomeWatch: Sendable {
    struct State: Sendable {
        let queue: DemoReport.Queue
        let mail: DemoReport.Mail
        /// Mails that are still to be sent.
        let outstanding: Int
    }

    let database: Database
    let tenants: [TenantID]
    let progress: Progress
    /// How long nothing may move before it is a fault: longer than the lease of a mailer that was killed.
    let patience = Duration.seconds(120)

    func settled() async throws -> State {
        let first = try await look()
        let total = first.mail.sent + first.outstanding
        return try await progress.step("Sending the mails", of: total) {
            var last = first
            var moved = ContinuousClock.now
            while true {
                let now = try await look()
                progress.advance(to: now.mail.sent)
                if now.queue.pending == 0, now.outstanding == 0 { return now }
                if now.mail.sent != last.mail.sent || now.queue.handled != last.queue.handled { moved = .now }
                guard ContinuousClock.now - moved < patience else { return now }
                last = now
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private func look() async throws -> State {
        let inspector = QueueInspector(database: database)
        let topics = try await inspector.topics()
        let subscriptions = try await inspector.subscriptions()
        let queue = DemoReport.Queue(
            published: topics.reduce(0) { $0 + $1.published },
            handled: subscriptions.reduce(0) { $0 + $1.handled },
            dead: subscriptions.reduce(0) { $0 + $1.deadLetters },
            pending: subscriptions.reduce(0) { $0 + $1.lag + $1.retries }
        )
        var counts: [String: Int] = [:]
        for tenant in tenants {
            // An owner that is no superuser is bound by row-level security too.
            let rows = try await database.transaction(tenant: tenant, readOnly: true) { tx in
                try await tx.query(
                    """
                    SELECT state, count(*) FROM notifications.outgoing WHERE tenant_id = \(tenant.uuid) GROUP BY state
                    """
                )
            }
            for row in rows {
                let (state, count) = try row.decode(String.self, Int.self)
                counts[state, default: 0] += count
            }
        }
        let sent = counts["sent"] ?? 0
        let failed = counts["failed"] ?? 0
        return State(
            queue: queue,
            mail: .init(sent: sent, failed: failed),
            outstanding: counts.values.reduce(0, +) - sent - failed
        )
    }
}
