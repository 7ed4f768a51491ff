import Domain
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Reminds those who still have to act, each at most once a day, in the caller's transaction.
struct ReminderDesk: Sendable {
    struct Count: Encodable, Sendable {
        /// A team is one.
        var reminded = 0
        /// Reminded within the last day already.
        var before = 0
        /// Nobody knows how to write to them.
        var unreachable = 0
    }

    let tenant: TenantID
    let actor: Author

    func remind(_ id: CohortID, at now: Date, in tx: borrowing Transaction) async throws -> Count {
        let record = try await CohortStore(tenant: tenant).find(id, .share, in: tx)
        let cohort = record.cohort
        guard now <= cohort.rankingDeadline else { return Count() }
        let store = OutstandingStore(tenant: tenant, cohort: id)
        let all = try await store.list(of: cohort.state, under: cohort.rules, in: tx)
        let reachable = all.filter { !$0.people.isEmpty }
        let claimed = try await store.claim(reachable.map(\.id), at: now, in: tx)
        let reminded = reachable.filter { claimed.contains($0.id) }
        try tx.publish(
            contentsOf: reminded.flatMap { entry in
                entry.people.map { person in
                    ActionReminded(
                        cohortID: id,
                        cohortTitle: cohort.title,
                        member: entry.member(person),
                        action: entry.action,
                        count: entry.count,
                        recipient: person.recipient,
                        deadline: cohort.rankingDeadline
                    )
                }
            }
        )
        let count = Count(
            reminded: reminded.count,
            before: reachable.count - reminded.count,
            unreachable: all.count - reachable.count
        )
        guard count.reminded > 0 else { return count }
        let entry = AuditEntry(.reminded, of: id, by: actor, at: now, after: ["reminded": "\(count.reminded)"])
        AuditStore(tenant: tenant).add(entry, in: tx)
        return count
    }

    /// The timer of a day on which the rules have people reminded. One that the rules or the deadline no longer ask for
    /// does nothing.
    func remind(_ message: RankingReminderDue, at now: Date, in tx: borrowing Transaction) async throws {
        let cohort = try await CohortStore(tenant: tenant).find(message.cohortID, in: tx).cohort
        guard cohort.state == .ranking, cohort.rankingDeadline == message.deadline,
            cohort.rules.reminderDays.contains(message.days)
        else { return }
        _ = try await remind(message.cohortID, at: now, in: tx)
    }
}
