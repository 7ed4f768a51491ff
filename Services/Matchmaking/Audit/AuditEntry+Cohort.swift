import Domain
import Foundation

extension AuditEntry {
    init(created record: CohortRecord, by actor: Author) {
        let cohort = record.cohort
        self.init(
            .cohortCreated,
            of: cohort.id,
            by: actor,
            at: record.createdAt,
            after: [
                "slug": cohort.slug.description, "rankingDeadline": cohort.rankingDeadline.formatted(.iso8601),
                "maximumChoices": "\(cohort.maximumChoices)", "answerDays": "\(cohort.answers.days)",
                "refill": cohort.answers.refill.rawValue, "commitment": record.seed.commitment,
            ]
        )
    }

    /// A cohort moved on from one state to the next.
    init(
        _ action: Action,
        _ cohort: Cohort,
        from old: CohortState,
        by actor: Author,
        at now: Date,
        facts: [String: String] = [:],
        reason: String? = nil
    ) {
        self.init(
            action,
            of: cohort.id,
            by: actor,
            at: now,
            before: ["state": old.rawValue],
            after: facts.merging(["state": cohort.state.rawValue]) { $1 },
            reason: reason
        )
    }

    init(moved old: Date, of cohort: Cohort, by actor: Author, at now: Date, reason: String) {
        self.init(
            .deadlineMoved,
            of: cohort.id,
            by: actor,
            at: now,
            before: ["rankingDeadline": old.formatted(.iso8601)],
            after: ["rankingDeadline": cohort.rankingDeadline.formatted(.iso8601)],
            reason: reason
        )
    }

    init(set record: RulesRecord, of cohort: Cohort, by actor: Author) {
        self.init(
            .rulesSet,
            of: cohort.id,
            by: actor,
            at: record.createdAt,
            before: ["version": "\(cohort.rulesVersion)"],
            after: ["version": "\(record.version)", "effectiveFrom": record.effectiveFrom.formatted(.iso8601)],
            reason: record.reason
        )
    }

    init(ran round: RoundRecord, by actor: Author) {
        self.init(
            .roundRun,
            of: round.cohort,
            by: actor,
            at: round.createdAt,
            subject: round.id.uuid,
            after: [
                "number": "\(round.number)", "run": round.runID, "rules": "\(round.rulesVersion)",
                "placed": "\(round.placed)", "unplaced": "\(round.unplaced)",
            ]
        )
    }

    init(published round: RoundRecord, answers deadline: Date, by actor: Author, at now: Date) {
        self.init(
            .roundPublished,
            of: round.cohort,
            by: actor,
            at: now,
            subject: round.id.uuid,
            after: [
                "number": "\(round.number)", "run": round.runID, "placed": "\(round.placed)",
                "answerDeadline": deadline.formatted(.iso8601),
            ]
        )
    }
}

extension Ranking {
    /// Ids from the most wanted on; tied ones are joined by `=`.
    var auditText: String {
        groups.map { $0.map(\.description).joined(separator: "=") }.joined(separator: " ")
    }
}
