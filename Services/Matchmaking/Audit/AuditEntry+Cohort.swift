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

    init(locked cohort: Cohort, from old: CohortState, closesEarly: Bool, by actor: Author, at now: Date) {
        self.init(
            .cohortLocked,
            of: cohort.id,
            by: actor,
            at: now,
            before: ["state": old.rawValue],
            after: ["state": cohort.state.rawValue, "closesEarly": "\(closesEarly)"]
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
                "number": "\(round.number)", "run": round.runID, "placed": "\(round.placed)",
                "unplaced": "\(round.unplaced)",
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
