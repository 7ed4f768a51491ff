import Domain
import Foundation
import HTTPTypes
import MatchingEngine
import ServiceKit

/// A round that was solved and is ready to be stored.
struct ComputedRound: Sendable {
    let record: RoundRecord
    let firms: [FirmOutcome]
    let placements: [PlacementRecord]

    init(_ market: RoundMarket, as id: RoundID = RoundID(), at now: Date) throws {
        let outcome = try market.solve()
        let lottery = market.lottery
        let certificate = outcome.certificate
        let statistics = outcome.statistics
        record = RoundRecord(
            id: id,
            cohort: market.cohort.id,
            number: market.number,
            rulesVersion: market.cohort.rulesVersion,
            marketVersion: market.cohort.marketVersion,
            createdAt: now,
            placed: statistics.placed,
            unplaced: statistics.unplaced,
            blockingPairs: certificate.blocking.count,
            runID: certificate.runID,
            engine: engineVersion,
            seedHash: certificate.seedHash,
            certificate: CertificateRecord(certificate),
            statistics: StatisticsRecord(statistics)
        )
        firms = try certificate.cutoffs.map { try FirmOutcome($0) }
        placements = try outcome.explanations().map { try PlacementRecord($0, lottery, market.excluded[$0.applicant]) }
    }
}

extension ComputedRound {
    /// Solves a market, and says so where its rules ask for what can't be solved together.
    static func solving(_ market: RoundMarket, as id: RoundID = RoundID(), at now: Date) throws -> ComputedRound {
        do {
            return try ComputedRound(market, as: id, at: now)
        } catch let unsupported as UnsupportedMarket {
            throw Problem(
                .conflict,
                type: "rules-unsolvable",
                title: "The rules can't be applied to this cohort",
                detail: unsupported.reason
            )
        }
    }
}

extension CertificateRecord {
    fileprivate init(_ certificate: Certificate) {
        inputHash = certificate.inputHash
        notion = certificate.notion.rawValue
        verdict = certificate.verdict.rawValue
        breaches = certificate.breaches
        blocking = certificate.blocking.map { Pair(applicant: $0.applicant, firm: $0.position) }
    }
}

extension StatisticsRecord {
    fileprivate init(_ statistics: MatchingStatistics) {
        seats = statistics.seats
        filledSeats = statistics.filledSeats
        rankProfile = statistics.rankProfile
        categories = statistics.categories.mapValues { Share(applicants: $0.applicants, placed: $0.placed) }
    }
}

extension FirmOutcome {
    fileprivate init(_ cutoff: Cutoff) throws {
        firm = try FirmID(engine: cutoff.position)
        capacity = cutoff.capacity
        filled = cutoff.filled
        lastRank = cutoff.lastRank
        lastLottery = cutoff.lastLottery?.description
    }
}

extension PlacementRecord {
    fileprivate init(_ explanation: Explanation, _ lottery: Lottery, _ excluded: Exclusion?) throws {
        applicant = try ApplicantID(engine: explanation.applicant)
        firm = try explanation.placedAt.map { try FirmID(engine: $0) }
        choice = explanation.steps.first { $0.reason == .placed }?.choice
        self.lottery = lottery.number(of: explanation.applicant).description
        self.explanation = try ExplanationRecord(explanation, excluded: excluded)
    }
}
