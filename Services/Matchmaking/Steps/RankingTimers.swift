import Domain
import Foundation
import Messaging
import Postgres
import ServiceKit

/// The timers of a cohort's time of ranking: reminders before the deadline, and the lock after it.
struct RankingTimers: Sendable {
    let tenant: TenantID

    /// Sets what the rules ask for that are in force, and those that will be.
    func set(for cohort: Cohort, at now: Date, in tx: borrowing Transaction) async throws {
        let coming = try await RulesStore(tenant: tenant).coming(to: cohort.id, after: now, in: tx)
        for rules in coming + [cohort.rules] { try set(for: cohort, under: rules, at: now, in: tx) }
    }

    /// Sets what `rules` ask for. A timer that rules ask for no longer finds so when it comes.
    func set(for cohort: Cohort, under rules: CohortRules, at now: Date, in tx: borrowing Transaction) throws {
        guard cohort.state == .ranking else { return }
        let deadline = cohort.rankingDeadline
        for days in rules.reminderDays {
            let due = deadline.addingTimeInterval(Double(-days) * 86_400)
            guard due > now else { continue }
            try tx.publish(
                RankingReminderDue(cohortID: cohort.id, deadline: deadline, days: days),
                at: due,
                timer: "reminder \(cohort.id) \(days)"
            )
        }
        guard rules.locksAtDeadline, deadline > now else { return }
        // Rankings may change up to and including the deadline itself.
        try tx.publish(
            RankingsDue(cohortID: cohort.id, deadline: deadline),
            at: deadline.addingTimeInterval(1),
            timer: "rankings \(cohort.id)"
        )
    }

    /// The deadline has passed: locks the cohort where it is still ranking, the rules say so and there is something
    /// to match.
    func lock(_ message: RankingsDue, at now: Date, in tx: borrowing Transaction) async throws {
        var record = try await CohortStore(tenant: tenant).find(message.cohortID, .update, in: tx)
        let cohort = record.cohort
        guard cohort.state == .ranking, cohort.rules.locksAtDeadline, now > cohort.rankingDeadline else { return }
        do {
            try await CohortSteps(tenant: tenant, actor: .deadline)
                .lock(&record, closesEarly: false, at: now, in: tx)
        } catch let problem as Problem where problem.type == CohortRefusal.nothingToMatch.rawValue {
            return
        }
    }
}
