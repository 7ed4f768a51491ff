import Domain
import Foundation
import HTTPTypes
import MatchingEngine
import ServiceKit

/// A round that was solved and is ready to be stored.
struct ComputedRound: Sendable {
    let record: RoundRecord
    let firms: [FirmOutcome]
    let positions: [PositionOutcome]
    let placements: [PlacementRecord]

    init(_ market: RoundMarket, as id: RoundID = RoundID(), at now: Date) throws {
        let outcome = try market.solve()
        let lottery = market.lottery
        let certificate = outcome.certificate
        let ends = try certificate.cutoffs.map { (try market.place($0.position), $0) }
        firms = FirmOutcome.sums(ends.map { FirmOutcome($0.0.firm, $0.1) })
        positions = ends.compactMap { place, cutoff in
            place.position.map { PositionOutcome($0, place.firm, cutoff) }
        }
        placements = try GroupPlacements(market).records(outcome.explanations(), lottery)
        let statistics =
            market.groups.isEmpty
            ? StatisticsRecord(outcome.statistics)
            : StatisticsRecord(outcome.statistics, of: placements, in: market)
        let placed = market.groups.isEmpty ? outcome.statistics.placed : placements.count { $0.place != nil }
        record = RoundRecord(
            id: id,
            cohort: market.cohort.id,
            number: market.number,
            rulesVersion: market.cohort.rulesVersion,
            marketVersion: market.cohort.marketVersion,
            createdAt: now,
            placed: placed,
            unplaced: placements.count - placed,
            blockingPairs: certificate.blocking.count,
            runID: certificate.runID,
            engine: engineVersion,
            seedHash: certificate.seedHash,
            certificate: CertificateRecord(certificate),
            statistics: statistics
        )
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

    /// With teams and couples: each member counts.
    fileprivate init(_ statistics: MatchingStatistics, of placements: [PlacementRecord], in market: RoundMarket) {
        seats = statistics.seats
        filledSeats = statistics.filledSeats
        let choices = placements.compactMap(\.choice)
        rankProfile = (0..<(choices.max() ?? 0)).map { rank in choices.count { $0 == rank + 1 } }
        var shares: [String: (applicants: Int, placed: Int)] = [:]
        let people = market.input.applicants + market.members
        let own = Dictionary(people.map { ($0.id, $0.categories) }) { first, _ in first }
        for placement in placements {
            for category in own[placement.applicant.description] ?? [] {
                shares[category, default: (0, 0)].applicants += 1
                if placement.place != nil { shares[category, default: (0, 0)].placed += 1 }
            }
        }
        categories = shares.mapValues { Share(applicants: $0.applicants, placed: $0.placed) }
    }
}

extension PositionOutcome {
    fileprivate init(_ position: PositionID, _ firm: FirmID, _ cutoff: Cutoff) {
        self.position = position
        self.firm = firm
        capacity = cutoff.capacity
        filled = cutoff.filled
        lastRank = cutoff.lastRank
        lastLottery = cutoff.lastLottery?.description
    }
}

extension FirmOutcome {
    /// One for each firm, in order; where a firm has several positions no rank is the last.
    fileprivate static func sums(_ parts: [FirmOutcome]) -> [FirmOutcome] {
        Dictionary(grouping: parts, by: \.firm).sorted { $0.key < $1.key }.map { firm, parts in
            guard parts.count > 1 else { return parts[0] }
            return FirmOutcome(
                firm: firm,
                capacity: parts.reduce(0) { $0 + $1.capacity },
                filled: parts.reduce(0) { $0 + $1.filled },
                lastRank: nil,
                lastLottery: nil
            )
        }
    }

    fileprivate init(_ firm: FirmID, _ cutoff: Cutoff) {
        self.firm = firm
        capacity = cutoff.capacity
        filled = cutoff.filled
        lastRank = cutoff.lastRank
        lastLottery = cutoff.lastLottery?.description
    }
}
