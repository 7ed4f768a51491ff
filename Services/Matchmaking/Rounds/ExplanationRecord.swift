import Domain
import MatchingEngine

/// Why an applicant has the place they have, as it is kept and answered.
struct ExplanationRecord: Codable, Sendable, Hashable {
    enum Outcome: String, Codable, Sendable, CaseIterable {
        case placed
        case notRanked = "not-ranked"
        case full
        case lottery
        case noSeats = "no-seats"
        case equallyGood = "equally-good"
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
        var rank: Int?
    }

    let steps: [Step]
    var change: Change?
    /// Why the rules kept the applicant out of the round.
    var excluded: Exclusion?
}

extension ExplanationRecord {
    init(_ explanation: Explanation, excluded: Exclusion?) throws {
        self.excluded = excluded
        steps = try explanation.steps.map { try Step($0) }
        change = try explanation.smallestChange.map { try Change($0) }
    }
}

extension ExplanationRecord.Step {
    fileprivate init(_ step: Explanation.Step) throws {
        let firm = try FirmID(engine: step.position)
        switch step.reason {
        case .placed: self.init(choice: step.choice, firm: firm, outcome: .placed)
        case .notRankedByFirm: self.init(choice: step.choice, firm: firm, outcome: .notRanked)
        case .ranked(let rank, let last):
            self.init(choice: step.choice, firm: firm, outcome: .full, rank: rank, lastRank: last)
        case .lottery(let rank, _, let last):
            self.init(
                choice: step.choice,
                firm: firm,
                outcome: .lottery,
                rank: rank,
                lastRank: rank,
                lastLottery: last.description
            )
        case .noSeats: self.init(choice: step.choice, firm: firm, outcome: .noSeats)
        case .equallyGood: self.init(choice: step.choice, firm: firm, outcome: .equallyGood)
        case .categoryFull(let category):
            let group = RoundRules.group(category)
            self.init(choice: step.choice, firm: firm, outcome: .capFull, group: group)
        case .reserved(let category):
            let group = RoundRules.group(category)
            self.init(choice: step.choice, firm: firm, outcome: .reserved, group: group)
        case .regionFull(let region):
            self.init(choice: step.choice, firm: firm, outcome: .regionFull, region: region)
        case .locked, .noRoomTogether, .blocking, .other:
            self.init(choice: step.choice, firm: firm, outcome: .other)
        }
    }
}

extension ExplanationRecord.Change {
    fileprivate init(_ change: Explanation.SmallestChange) throws {
        switch change {
        case .ranked(let position, let rank):
            self.init(kind: .betterRank, firm: try FirmID(engine: position), rank: rank)
        case .listing(let position): self.init(kind: .listing, firm: try FirmID(engine: position))
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
