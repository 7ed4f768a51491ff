import Domain
import MatchingEngine

/// Turns the engine's explanations into a placement for each person: a team's is that of every member, and of a couple's
/// pairs of places each member has their own side.
struct GroupPlacements {
    private let market: RoundMarket
    private let teams: [String: [ApplicantID]]
    /// By a couple's member, which side of a pair is theirs.
    private let sides: [String: Int]

    init(_ market: RoundMarket) {
        self.market = market
        let present = Set(market.input.teams.map(\.id))
        let groups = market.groups.filter { $0.kind == .team && present.contains($0.id.description) }
        teams = Dictionary(uniqueKeysWithValues: groups.map { ($0.id.description, $0.applicants) })
        let pairs = market.input.couples.flatMap { [($0.first, 0), ($0.second, 1)] }
        sides = Dictionary(uniqueKeysWithValues: pairs)
    }

    func records(_ explanations: [Explanation], _ lottery: Lottery) throws -> [PlacementRecord] {
        try explanations.flatMap { explanation in
            let record = try record(explanation, lottery)
            guard let members = teams[explanation.applicant] else { return [record] }
            return members.map { record.with(applicant: $0) }
        }
    }

    private func record(_ explanation: Explanation, _ lottery: Lottery) throws -> PlacementRecord {
        let told = try ExplanationRecord(
            steps: explanation.steps.compactMap { try step($0, of: explanation.applicant) },
            change: explanation.smallestChange.map { try .init($0, in: market) },
            excluded: market.excluded[explanation.applicant]
        )
        return PlacementRecord(
            applicant: try ApplicantID(engine: explanation.applicant),
            place: try explanation.placedAt.map { try market.place($0) },
            choice: told.steps.first { $0.outcome == .placed }?.choice,
            lottery: lottery.number(of: explanation.applicant).description,
            explanation: told
        )
    }

    /// `nil` for a pair in which the member would have no place.
    private func step(_ step: Explanation.Step, of applicant: String) throws -> ExplanationRecord.Step? {
        var position = step.position
        if let side = sides[applicant] {
            let pair = step.position.split(separator: ",", omittingEmptySubsequences: false)
            guard pair.count == 2, pair[side] != "-" else { return nil }
            position = String(pair[side])
        }
        return ExplanationRecord.Step(
            step,
            at: try market.place(position),
            unranked: unranked(applicant, by: position)
        )
    }

    /// Why somebody is not on a position's ranking.
    private func unranked(_ applicant: String, by position: String) -> ExplanationRecord.Outcome {
        if market.ineligible[position]?.contains(applicant) == true { return .ineligible }
        return market.uncertified.contains(position) ? .uncertified : .notRanked
    }
}

extension PlacementRecord {
    fileprivate func with(applicant: ApplicantID) -> PlacementRecord {
        PlacementRecord(
            applicant: applicant,
            place: place,
            choice: choice,
            lottery: lottery,
            explanation: explanation
        )
    }
}
