import Domain
import Foundation

struct NewRound: Decodable, Sendable {
    let closesEarly: Bool?
}

struct RoundBody: Encodable, Sendable {
    struct Choice: Encodable, Sendable {
        let choice: Int
        let applicants: Int
    }

    struct CutOff: Encodable, Sendable {
        let rank: Int
        let lotteryNumber: String?
    }

    struct FirmResult: Encodable, Sendable {
        let firm: FirmID
        let code: Slug
        let name: LocalizedText
        let capacity: Int
        let filled: Int
        let cutOff: CutOff?
    }

    enum State: String, Encodable, Sendable { case tentative, published }

    let id: RoundID
    let cohort: CohortID
    let number: Int
    let rulesVersion: Int
    let state: State
    let runId: String
    let engine: String
    let seedHash: String
    let seed: String?
    let placed: Int
    let unplaced: Int
    let blockingPairs: Int
    let rankProfile: [Choice]
    let firms: [FirmResult]
    let createdAt: Date
    let publishedAt: Date?
    let overviewLink: String

    init(_ round: StoredRound, _ firms: [(Firm, FirmOutcome)], seed: String?, overviewLink: String) {
        let record = round.record
        id = record.id
        cohort = record.cohort
        number = record.number
        rulesVersion = record.rulesVersion
        state = round.publishedAt == nil ? .tentative : .published
        runId = record.runID
        engine = record.engine
        seedHash = record.seedHash
        self.seed = round.publishedAt == nil ? nil : seed
        placed = record.placed
        unplaced = record.unplaced
        blockingPairs = record.blockingPairs
        rankProfile = record.statistics.rankProfile.enumerated().map { Choice(choice: $0 + 1, applicants: $1) }
        self.firms = firms.map { firm, outcome in
            FirmResult(
                firm: firm.id,
                code: firm.code,
                name: firm.name,
                capacity: outcome.capacity,
                filled: outcome.filled,
                cutOff: outcome.lastRank.map { CutOff(rank: $0, lotteryNumber: outcome.lastLottery) }
            )
        }
        createdAt = record.createdAt
        publishedAt = round.publishedAt
        self.overviewLink = overviewLink
    }
}

struct NewPublication: Decodable, Sendable {
    let answerDeadline: Date?
}

struct PublicationBody: Encodable, Sendable {
    let round: RoundID
    let publishedAt: Date
    let answerDeadline: Date

    init(_ round: RoundID, _ publishedAt: Date, _ answerDeadline: Date) {
        self.round = round
        self.publishedAt = publishedAt
        self.answerDeadline = answerDeadline
    }
}

struct PlacementBody: Encodable, Sendable {
    let applicant: ApplicantID
    let firm: FirmID?
    let choice: Int?
    let lotteryNumber: String
}

struct ResultBody: Encodable, Sendable {
    let applicant: ApplicantID
    let round: RoundID
    let firm: FirmID?
    let choice: Int?
    let lotteryNumber: String
    let steps: [ExplanationRecord.Step]
    let change: ExplanationRecord.Change?
    /// Why the rules kept the applicant out of the round.
    let excluded: Exclusion?
    let terms: Terms?
    let resultLink: String
}
