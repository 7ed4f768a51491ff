import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import ServiceKit

/// `/notifications/l/<link>` with the purpose `queue`: the queue's state and the mails', for a tenant's staff.
struct QueuePages: Sendable {
    let inspector: QueueInspector
    let store: OutgoingStore
    let access: AccessStore
    let links: LinkSigner
    let renderer: PageRenderer
    let strings: Strings

    func add(to router: Router<AppContext>) {
        router.get("notifications/l/:link") { request, context in
            let link = try await links.verify(try context.parameters.require("link"), purpose: "queue")
            guard let tenant = try await access.tenant(id: link.tenant) else { throw Problem.notFound("page") }
            let language = Strings.negotiate(request.headers[.acceptLanguage], default: tenant.language)
            let page = try await page(for: tenant, language)
            return try renderer.page("queue", page, title: page.label.title, language: language, isPersonal: true)
        }
    }

    private func page(for tenant: AccessStore.TenantRecord, _ language: LanguageTag) async throws -> QueuePage {
        func time(_ date: Date) -> String { LocalizedTime.dateTime(date, tenant.timeZone, language) }
        // Figures are of the whole house; single messages only of the tenant whose staff asks.
        let messages = try await inspector.failedMessages(of: tenant.id, limit: 50).map {
            QueuePage.Failure(type: $0.type, attempt: String($0.attempt), reason: $0.error, time: time($0.time))
        }
        let schedules = try await inspector.schedules().map { schedule in
            QueuePage.Schedule(
                name: schedule.schedule,
                rule: "\(schedule.cron) (\(schedule.timeZone))",
                next: time(schedule.nextDue),
                last: schedule.lastFired.map(time) ?? "–"
            )
        }
        let mails = try await store.list(.failed, after: nil, limit: 50, tenant: tenant.id).map { mail in
            QueuePage.Failure(
                type: mail.kind,
                attempt: String(mail.attempts),
                reason: mail.smtpCode.map { "SMTP \($0)" } ?? "–",
                time: time(mail.createdAt)
            )
        }
        let summary = try await store.summary(tenant: tenant.id)
        func count(_ key: String, _ number: Int) -> QueuePage.Count {
            .init(state: strings("queue.\(key)", language), count: String(number))
        }
        return QueuePage(
            label: .init(strings, language),
            topics: try await inspector.topics().map(QueuePage.Topic.init),
            subscriptions: try await inspector.subscriptions().map(QueuePage.Subscription.init),
            log: .init(try await inspector.log()),
            timers: .init(try await inspector.timersState(), time: time),
            schedules: schedules,
            mails: [
                count("pending", summary.pending), count("leased", summary.leased), count("sent", summary.sent),
                count("failed", summary.failed),
            ],
            messages: messages,
            failedMails: mails,
            hasSchedules: !schedules.isEmpty,
            hasMessages: !messages.isEmpty,
            hasFailedMails: !mails.isEmpty
        )
    }
}
