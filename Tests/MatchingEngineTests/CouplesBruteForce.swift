import MatchingEngine

/// Markets with couples, and maybe teams, tried out in full. Stability as Kojima, Pathak and Roth define it, with ties
/// against newcomers; whoever is chosen fits beside all who go before.
struct CouplesBruteForce {
    let input: MarketInput

    /// Everybody who decides alone.
    private var singles: [(id: String, ranking: [[String]])] {
        input.applicants.map { ($0.id, $0.ranking) } + input.teams.map { ($0.id, $0.ranking) }
    }

    private func seats(_ ids: some Sequence<String>) -> Int {
        ids.reduce(0) { sum, id in sum + (input.teams.first { $0.id == id }?.seats ?? 1) }
    }

    func feasible() -> [Matching] {
        var found: [Matching] = [[:]]
        for applicant in singles {
            found = found.flatMap { matching in
                ([nil] + applicant.ranking.joined().map(Optional.some)).compactMap { place in
                    seat([applicant.id: place], in: matching)
                }
            }
        }
        for couple in input.couples {
            found = found.flatMap { matching in
                ([.init(nil, nil)] + options(couple).joined()).compactMap { pair in
                    seat([couple.first: pair.first, couple.second: pair.second], in: matching)
                }
            }
        }
        return found
    }

    /// A couple's list down to where it would stay without.
    private func options(_ couple: MarketInput.Couple) -> [[MarketInput.Pair]] {
        Array(couple.ranking.prefix { !$0.contains(.init(nil, nil)) })
    }

    private func seat(_ places: [String: String?], in matching: Matching) -> Matching? {
        var next = matching
        for (id, place) in places {
            next[id] = .some(place)
            guard let place, let firm = firm(place) else { continue }
            guard rank(id, firm) != nil, seats(staff(firm, next)) <= firm.capacity else { return nil }
        }
        return next
    }

    private func firm(_ id: String) -> MarketInput.Firm? { input.firms.first { $0.id == id } }

    private func rank(_ id: String, _ firm: MarketInput.Firm) -> Int? { firm.ranking.firstIndex { $0.contains(id) } }

    private func staff(_ firm: MarketInput.Firm, _ matching: Matching) -> [String] {
        matching.filter { $0.value == firm.id }.map(\.key)
    }

    /// Whether the firm would choose all of `group` from its staff and the group.
    private func chooses(_ group: Set<String>, _ id: String, _ matching: Matching) -> Bool {
        guard let firm = firm(id), group.allSatisfy({ rank($0, firm) != nil }) else { return false }
        let present = Set(staff(firm, matching))
        if group.isSubset(of: present) { return true }
        let ranked = present.union(group).map { member in
            (rank: rank(member, firm) ?? .max, isOfGroup: group.contains(member) ? 1 : 0, id: member)
        }
        let line = ranked.sorted { ($0.rank, $0.isOfGroup) < ($1.rank, $1.isOfGroup) }.map(\.id)
        return line.indices.allSatisfy { index in
            !group.contains(line[index]) || seats(line[...index]) <= firm.capacity
        }
    }

    func blocking(_ matching: Matching) -> Int {
        var count = 0
        for applicant in singles {
            let place = matching[applicant.id] ?? nil
            let now = place.flatMap { place in applicant.ranking.firstIndex { $0.contains(place) } } ?? .max
            for better in applicant.ranking.prefix(now == .max ? applicant.ranking.count : now).joined()
            where chooses([applicant.id], better, matching) { count += 1 }
        }
        for couple in input.couples {
            let options = options(couple)
            let pair = MarketInput.Pair(matching[couple.first] ?? nil, matching[couple.second] ?? nil)
            let now = options.firstIndex { $0.contains(pair) } ?? options.count
            for better in options.prefix(now).joined() {
                var groups: [String: Set<String>] = [:]
                if let place = better.first { groups[place, default: []].insert(couple.first) }
                if let place = better.second { groups[place, default: []].insert(couple.second) }
                if groups.allSatisfy({ chooses($1, $0, matching) }) { count += 1 }
            }
        }
        return count
    }
}

/// Small random markets with couples.
struct RandomCouplesMarket {
    var ties = false
    /// How many of the singles are teams of one seat to three.
    var teams = 0

    func callAsFunction(_ seed: Int) -> MarketInput {
        var random = SeededGenerator(seed)
        let lists = RandomMarket(ties: ties, tieChance: 12, density: 85)
        let places = (0..<Int.random(in: 2...3, using: &random)).map { "f\($0)" }
        let singles = (0..<Int.random(in: 1...3, using: &random)).map { "s\($0)" }
        let couples = (0..<Int.random(in: 1...2, using: &random)).map { "c\($0)" }
        let people = singles + couples.flatMap { [$0 + "x", $0 + "y"] }
        return MarketInput(
            applicants: singles.dropFirst(teams).map { .init(id: $0, ranking: lists.ranking(places, &random)) },
            teams: singles.prefix(teams).map {
                .init(id: $0, ranking: lists.ranking(places, &random), seats: Int.random(in: 1...3, using: &random))
            },
            couples: couples.map { .init(id: $0, first: $0 + "x", second: $0 + "y", ranking: pairs(places, &random)) },
            firms: places.map {
                .init(
                    id: $0,
                    capacity: max(1, Int.random(in: -1...(teams > 0 ? 4 : 2), using: &random)),
                    ranking: lists.ranking(people, &random)
                )
            }
        )
    }

    private func pairs(_ places: [String], _ random: inout SeededGenerator) -> [[MarketInput.Pair]] {
        let ends = places.map(Optional.some) + [nil]
        let all = ends.flatMap { first in ends.map { MarketInput.Pair(first, $0) } }
            .filter { $0 != MarketInput.Pair(nil, nil) || Int.random(in: 0..<10, using: &random) == 0 }
        var groups: [[MarketInput.Pair]] = []
        for pair in all.shuffled(using: &random).prefix(Int.random(in: 1...6, using: &random)) {
            if ties, !groups.isEmpty, Int.random(in: 0..<8, using: &random) == 0 {
                groups[groups.count - 1].append(pair)
            } else {
                groups.append([pair])
            }
        }
        return groups
    }
}
