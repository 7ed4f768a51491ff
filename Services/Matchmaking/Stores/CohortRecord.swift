import Domain
import Foundation
import MatchingEngine

/// A cohort with what only this service knows of it.
struct CohortRecord: Sendable {
    var cohort: Cohort
    let seed: LotterySeed
    let createdAt: Date
    /// Whether a round was published.
    var isPublished = false

    /// The seed, once it may be known: not in a cohort that was given up, where it decided nothing.
    var publicSeed: String? {
        switch cohort.state {
        case .published: seed.text
        case .closed: isPublished ? seed.text : nil
        case .draft, .open, .ranking, .locked, .run: nil
        }
    }
}

/// The secret of a cohort's lottery, and what is shown of it from the start: the SHA-256 of its text.
struct LotterySeed: Sendable, Hashable {
    let text: String
    let commitment: String

    init(text: String, commitment: String) {
        self.text = text
        self.commitment = commitment
    }

    /// Draws a seed of 256 bits from the system's randomness.
    static func draw() -> LotterySeed {
        var random = SystemRandomNumberGenerator()
        let text = (0..<4).map { _ in LotteryNumber(value: random.next()).description }.joined()
        return LotterySeed(text: text, commitment: Lottery(seed: text, round: "").seedHash)
    }
}

/// How much a cohort holds.
struct CohortCounts: Sendable, Hashable, Encodable {
    let universities: Int
    let firms: Int
    let places: Int
    let applicants: Int

    static let none = CohortCounts(universities: 0, firms: 0, places: 0, applicants: 0)
}
