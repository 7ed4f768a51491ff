import Domain
import MatchingEngine

/// Why an applicant has the place they have, as it is kept and answered.
struct ExplanationRecord: Codable, Sendable, Hashable {
    enum Outcome: String, Codable, Sendable, CaseIterable {
        case placed
        case notRanked = "not-ranked"
        case ineligible
        /// The firm had not certified its ranking.
        case uncertified = "not-certified"
        case full
        case lottery
        case noSeats = "no-seats"
        case equallyGood = "equally-good"
        case noRoomTogether = "no-room-together"
        /// The most that the firm may take of a group is reached.
        case capFull = "cap-full"
        /// The last places are kept for a group.
        case reserved
        /// The most that firms may take together is reached.
        case regionFull = "region-full"
        case other
    }

    struct Step: Codable, Sendable, Hashable {
        let choice: Int
        let firm: FirmID
        /// Of a firm with described positions.
        var position: PositionID?
        let outcome: Outcome
        var rank: Int?
        var lastRank: Int?
        var lastLottery: String?
        /// The group that a cap or a reserve is for.
        var group: CohortRules.Group?
        /// The code of the firms that may take only so many together.
        var region: String?
    }

    struct Change: Codable, Sendable, Hashable {
        enum Kind: String, Codable, Sendable {
            case betterRank = "better-rank"
            case listing
        }
        let kind: Kind
        let firm: FirmID
        var position: PositionID?
        var rank: Int?
    }

    let steps: [Step]
    var change: Change?
    /// Why the rules kept the applicant out of the round.
    var excluded: Exclusion?
}

extension ExplanationRecord.Step {
    /// - Parameter unranked: What is told where nobody ranked the applicant.
    init(_ step: Explanation.Step, at place: Place, unranked: ExplanationRecord.Outcome) {
        func plain(_ outcome: ExplanationRecord.Outcome) -> Self {
            Self(choice: step.choice, firm: place.firm, position: place.position, outcome: outcome)
        }
        switch step.reason {
        case .placed: self = plain(.placed)
        case .notRankedByFirm: self = plain(unranked)
        case .ranked(let rank, let last):
            self = plain(.full)
            self.rank = rank
            lastRank = last
        case .lottery(let rank, _, let last):
            self = plain(.lottery)
            self.rank = rank
            lastRank = rank
            lastLottery = last.description
        case .noSeats: self = plain(.noSeats)
        case .equallyGood: self = plain(.equallyGood)
        case .noRoomTogether: self = plain(.noRoomTogether)
        case .categoryFull(let category):
            self = plain(.capFull)
            group = RoundRules.group(category)
        case .reserved(let category):
            self = plain(.reserved)
            group = RoundRules.group(category)
        case .regionFull(let code):
            self = plain(.regionFull)
            region = code
        case .locked, .blocking, .other: self = plain(.other)
        }
    }
}

extension ExplanationRecord.Change {
    init(_ change: Explanation.SmallestChange, in market: RoundMarket) throws {
        switch change {
        case .ranked(let position, let rank):
            let place = try market.place(position)
            self.init(kind: .betterRank, firm: place.firm, position: place.position, rank: rank)
        case .listing(let position):
            let place = try market.place(position)
            self.init(kind: .listing, firm: place.firm, position: place.position)
        }
    }
}

/// The engine answered with an id that is none of ours.
struct UnknownEngineID: Error {}

extension ID {
    init(engine text: String) throws {
        guard let id = Self(text) else { throw UnknownEngineID() }
        self = id
    }
}
