import Domain
import Foundation

struct NewCohort: Decodable, Sendable {
    let slug: Slug
    let title: LocalizedText
    let rankingDeadline: Date
    /// These three in short, or the rules as a whole.
    let maximumChoices: Int?
    let answerDays: Int?
    let refill: AnswerRules.Refill?
    let rules: CohortRules?
}

struct CohortBody: Encodable, Sendable {
    struct Lottery: Encodable, Sendable {
        let commitment: String
        let seed: String?
    }

    let id: CohortID
    let slug: Slug
    let title: LocalizedText
    let rankingDeadline: Date
    let maximumChoices: Int
    let answerDays: Int
    let refill: AnswerRules.Refill
    let rulesVersion: Int
    let state: CohortState
    let version: Int
    let lottery: Lottery
    let counts: CohortCounts
    let createdAt: Date

    init(_ record: CohortRecord, _ counts: CohortCounts) {
        let cohort = record.cohort
        id = cohort.id
        slug = cohort.slug
        title = cohort.title
        rankingDeadline = cohort.rankingDeadline
        maximumChoices = cohort.maximumChoices
        answerDays = cohort.answers.days
        refill = cohort.answers.refill
        rulesVersion = cohort.rulesVersion
        state = cohort.state
        version = cohort.version
        lottery = Lottery(commitment: record.seed.commitment, seed: record.publicSeed)
        self.counts = counts
        createdAt = record.createdAt
    }
}
