import MatchingEngine

typealias Matching = [String: String?]

/// Tries every matching of a small market. Written from the definitions alone: slow, plain, and no code shared.
struct BruteForce {
    let input: MarketInput

    /// Every matching within capacities in which both sides listed each other.
    func feasible() -> [Matching] {
        var found: [Matching] = []
        extend([:], Array(input.applicants[...]), &found)
        return found
    }

    private func extend(_ matching: Matching, _ rest: [MarketInput.Applicant], _ found: inout [Matching]) {
        guard let applicant = rest.first else { return found.append(matching) }
        var next = matching
        next[applicant.id] = .some(nil)
        extend(next, Array(rest.dropFirst()), &found)
        for firm in input.firms where isAcceptable(applicant, firm) {
            guard members(firm.id, matching).count < firm.capacity else { continue }
            next[applicant.id] = firm.id
            extend(next, Array(rest.dropFirst()), &found)
        }
    }

    func isAcceptable(_ applicant: MarketInput.Applicant, _ firm: MarketInput.Firm) -> Bool {
        applicant.ranking.joined().contains(firm.id) && firm.ranking.joined().contains(applicant.id)
    }

    func members(_ firm: String, _ matching: Matching) -> [String] {
        matching.filter { $0.value == firm }.map(\.key)
    }

    func tier(_ id: String, _ ranking: [[String]]) -> Int { ranking.firstIndex { $0.contains(id) } ?? .max }

    /// Which pairs block, as the goal's notion of stability has it.
    func blocking(_ matching: Matching, _ goal: MatchingRules.Goal = .stable) -> [BlockingPair] {
        var pairs: [BlockingPair] = []
        for applicant in input.applicants {
            let place = matching[applicant.id] ?? nil
            for firm in input.firms where isAcceptable(applicant, firm) && place != firm.id {
                let now = place.map { tier($0, applicant.ranking) } ?? .max
                let offered = tier(firm.id, applicant.ranking)
                let staff = members(firm.id, matching).map { tier($0, firm.ranking) }
                let own = tier(applicant.id, firm.ranking)
                guard firm.capacity > 0 else { continue }
                let free = staff.count < firm.capacity
                let worst = staff.max() ?? -1
                let eager = (applicant: offered < now, firm: free || own < worst)
                let willing = (applicant: offered <= now, firm: free || own <= worst)
                let blocks =
                    switch goal {
                    case .strong:
                        willing.applicant && willing.firm && (eager.applicant || eager.firm)
                    case .super: willing.applicant && willing.firm
                    default: eager.applicant && eager.firm
                    }
                if blocks { pairs.append(BlockingPair(applicant: applicant.id, position: firm.id)) }
            }
        }
        return pairs
    }

    func stable(_ goal: MatchingRules.Goal = .stable) -> [Matching] {
        feasible().filter { blocking($0, goal).isEmpty }
    }
}
