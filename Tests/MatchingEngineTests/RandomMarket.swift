import MatchingEngine

/// SplitMix64: the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) {
        state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// Small markets with incomplete, partly one-sided lists and, if asked for, ties on both sides.
struct RandomMarket {
    var applicants = 0...6
    var firms = 1...4
    var capacity = 0...3
    var ties = false
    /// In a hundred: how likely an entry is tied with the one before.
    var tieChance = 40
    /// In a hundred: how likely it is that one side lists the other.
    var density = 70

    func callAsFunction(_ seed: Int) -> MarketInput {
        var random = SeededGenerator(seed)
        let people = (0..<Int.random(in: applicants, using: &random)).map { "s\($0)" }
        let places = (0..<Int.random(in: firms, using: &random)).map { "f\($0)" }
        return MarketInput(
            applicants: people.map { .init(id: $0, ranking: ranking(places, &random)) },
            firms: places.map {
                .init(
                    id: $0,
                    capacity: Int.random(in: capacity, using: &random),
                    ranking: ranking(people, &random)
                )
            }
        )
    }

    func ranking(_ ids: [String], _ random: inout SeededGenerator) -> [[String]] {
        var groups: [[String]] = []
        for id in ids.shuffled(using: &random) where Int.random(in: 0..<100, using: &random) < density {
            if ties, !groups.isEmpty, Int.random(in: 0..<100, using: &random) < tieChance {
                groups[groups.count - 1].append(id)
            } else {
                groups.append([id])
            }
        }
        return groups
    }
}

extension MarketInput {
    /// The same market written in another order.
    func shuffled(_ random: inout SeededGenerator) -> MarketInput {
        func stir(_ ranking: [[String]]) -> [[String]] { ranking.map { $0.shuffled(using: &random) } }
        var copy = self
        copy.applicants = applicants.shuffled(using: &random)
        copy.teams = teams.shuffled(using: &random)
        copy.couples = couples.shuffled(using: &random)
        copy.firms = firms.shuffled(using: &random)
        copy.regions = regions.shuffled(using: &random)
        for index in copy.applicants.indices {
            copy.applicants[index].ranking = stir(copy.applicants[index].ranking)
            copy.applicants[index].categories.shuffle(using: &random)
        }
        for index in copy.teams.indices { copy.teams[index].ranking = stir(copy.teams[index].ranking) }
        for index in copy.couples.indices {
            copy.couples[index].ranking = copy.couples[index].ranking.map { $0.shuffled(using: &random) }
        }
        for index in copy.regions.indices { copy.regions[index].firms.shuffle(using: &random) }
        for index in copy.firms.indices {
            copy.firms[index].ranking = stir(copy.firms[index].ranking)
            copy.firms[index].caps.shuffle(using: &random)
            copy.firms[index].reserves.shuffle(using: &random)
            copy.firms[index].positions.shuffle(using: &random)
        }
        return copy
    }
}
