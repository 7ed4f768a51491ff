import Domain
import Foundation
import Logging
import ServiceKit
import ServiceLifecycle

/// Takes some mails at a time and sends them one after the other over its own connection. No transaction is open while
/// it talks to the mail server.
struct MailerLane: Sendable {
    let client: SMTPClient
    let store: OutgoingStore
    let composer: MailComposer
    let access: AccessStore
    let health: ServerHealth
    let turn: TenantTurn
    let options: Mailer.Options
    let now: @Sendable () -> Date
    let logger: Logger

    /// Takes due mails and sends them. Tells how many it took: 0 when nothing is due or the server is not to be troubled.
    func sendSome() async throws -> Int {
        let limit = health.allowance(of: options.batchSize, now: now())
        guard limit > 0 else { return 0 }
        defer { health.endProbe() }
        var lease = Lease(token: UUID(), end: now() + leaseTime)
        let turns = try await store.take(after: turn.last, limit: limit, now: now(), lease: lease)
        if let last = turns.last { turn.last = last.0 }
        for (tenant, ids) in turns {
            let mails = try await store.load(ids, tenant: tenant, lease: lease)
            try await send(mails[...], tenant: tenant, lease: &lease)
        }
        return turns.reduce(0) { $0 + $1.1.count }
    }

    private func send(_ mails: ArraySlice<OutgoingMail>, tenant: TenantID, lease: inout Lease) async throws {
        let host = try await access.tenant(id: tenant).map(MailHost.init)
        var mails = mails
        while let mail = mails.first {
            guard let host, health.isUp || mails.count == 1, !Task.isShuttingDownGracefully, !Task.isCancelled else {
                let due = host == nil ? now() + options.backoff.cap.seconds : max(now(), health.pausedUntil)
                return try await store.giveBack(mails.map(\.id), tenant: tenant, lease: lease, due: due)
            }
            // No attempt begins that the lease might not outlast.
            if lease.end < now() + leaseTime * 0.75 {
                lease.end = now() + leaseTime
                let kept = try await store.renew(mails.map(\.id), tenant: tenant, lease: lease)
                mails = mails.filter { kept.contains($0.id) }[...]
                guard mails.first?.id == mail.id else { continue }
            }
            mails = mails.dropFirst()
            try await send(mail, from: host, lease: lease)
        }
    }

    private func send(_ mail: OutgoingMail, from host: MailHost, lease: Lease) async throws {
        let settlement: Settlement
        do throws(SMTPFailure) {
            // Leases that ran out count too: what kills its mailer each time is not tried for ever.
            guard mail.attempts <= options.maximumAttempts else {
                throw SMTPFailure(kind: .permanent, code: nil, reason: "Given up: the attempts never came to an end")
            }
            settlement = .sent(try await attempt(mail, from: host))
            health.succeeded()
        } catch {
            log(error, mail)
            switch error.kind {
            case .unreachable, .cancelled:
                if error.kind == .unreachable { health.failed(now: now()) }
                let due = max(now(), health.pausedUntil)
                return try await store.giveBack([mail.id], tenant: host.id, lease: lease, due: due)
            case .transient where mail.attempts < options.maximumAttempts:
                settlement = .retry(error, at: now() + options.backoff.delay(after: mail.attempts).seconds)
            case .transient, .permanent:
                settlement = .failed(error)
            }
        }
        MailMetrics.count(settlement)
        guard try await store.settle(mail.id, settlement, tenant: host.id, lease: lease, now: now()) else {
            logger.warning("a mail's lease was lost before its outcome was recorded", metadata: ["mail": "\(mail.id)"])
            return
        }
    }

    private func attempt(_ mail: OutgoingMail, from host: MailHost) async throws(SMTPFailure)
        -> SMTPAcceptance
    {
        do {
            return try await MailTrace.send(mail) { traceparent in
                var message = try await composer.compose(mail, for: host)
                message.traceparent = traceparent
                return try await client.send(message)
            }
        } catch let failure as SMTPFailure {
            throw failure
        } catch {
            throw SMTPFailure(kind: .transient, code: nil, reason: "The mail could not be composed: \(error)")
        }
    }

    /// Says nothing of the person, nor the server's words, which may hold the address.
    private func log(_ failure: SMTPFailure, _ mail: OutgoingMail) {
        logger.warning(
            "a mail was not taken",
            metadata: [
                "mail": "\(mail.id)", "kind": "\(mail.content.kind.rawValue)", "attempt": "\(mail.attempts)",
                "failure": "\(failure)", "traceparent": "\(mail.traceparent ?? "-")",
            ]
        )
    }

    private var leaseTime: TimeInterval { (client.endpoint.timeout + options.leaseMargin).seconds }
}
