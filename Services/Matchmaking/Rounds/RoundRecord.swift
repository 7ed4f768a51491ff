import Domain
import Foundation

/// A round as it was stored: its figures and its proof.
struct RoundRecord: Sendable {
    let id: RoundID
    let cohort: CohortID
    let number: Int
    /// Which version of the cohort's rules it was computed under.
    let rulesVersion: Int
    /// The cohort's when it was computed.
    let marketVersion: Int
    let createdAt: Date
    let placed: Int
    let unplaced: Int
    let blockingPairs: Int
    let runID: String
    let engine: String
    let seedHash: String
    let certificate: CertificateRecord
    let statistics: StatisticsRecord
}

/// The independent checker's finding, as it is kept.
struct CertificateRecord: Codable, Sendable, Hashable {
    struct Pair: Codable, Sendable, Hashable {
        let applicant: String
        let firm: String
    }

    let inputHash: String
    let notion: String
    let verdict: String
    let breaches: [String]
    let blocking: [Pair]
}

struct StatisticsRecord: Codable, Sendable, Hashable {
    struct Share: Codable, Sendable, Hashable {
        let applicants: Int
        let placed: Int
    }

    let seats: Int
    let filledSeats: Int
    /// How many got their first choice, their second and so on.
    let rankProfile: [Int]
    /// By `university:<code>` and `economy:<code>`.
    let categories: [String: Share]
}

/// How a firm came out of a round.
struct FirmOutcome: Sendable, Hashable {
    let firm: FirmID
    let capacity: Int
    let filled: Int
    /// Of the last applicant admitted: the place on the firm's list and the number in the lottery.
    let lastRank: Int?
    let lastLottery: String?
}

/// How an applicant came out of a round.
struct PlacementRecord: Sendable {
    let applicant: ApplicantID
    let firm: FirmID?
    /// The firm's place on the applicant's list, from 1.
    let choice: Int?
    let lottery: String
    let explanation: ExplanationRecord
}
