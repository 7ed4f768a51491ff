import MatchingEngine

enum GeneratedMarkets {
    static func meetings(
        wishes: Int,
        presence: Int,
        tables: Int,
        limits: ClosedRange<Int>? = nil
    ) -> MeetingsInput {
        var random = SplitMix(seed: UInt64(wishes * 1000 + presence))
        let slots = (0..<24).map { "t\($0)" }
        let sides = ["b", "s"].map { side in (0..<300).map { "\(side)\($0)" } }
        func people(_ own: [String], _ others: [String]) -> [MeetingsInput.Person] {
            own.map { id in
                MeetingsInput.Person(
                    id: id,
                    ranking: others.shuffled(using: &random).prefix(wishes).map { [$0] },
                    limit: limits.map { Int.random(in: $0, using: &random) },
                    available: presence == 100
                        ? nil : slots.filter { _ in Int.random(in: 0..<100, using: &random) < presence }
                )
            }
        }
        return MeetingsInput(
            tables: tables,
            slots: slots.map { MeetingsInput.Slot(id: $0) },
            buyers: people(sides[0], sides[1]),
            suppliers: people(sides[1], sides[0])
        )
    }

    /// As the alliance of 2018: 30 teams of five or six, 158 students together, each with a list of eight firms.
    static func alliance(_ seed: Int) -> MarketInput {
        var random = SplitMix(seed: UInt64(seed))
        let firms = (0..<30).map { "firm\($0)" }
        let teams = (0..<30).map { number in
            MarketInput.Team(
                id: "team\(number)",
                ranking: firms.shuffled(using: &random).prefix(8).map { [$0] },
                seats: number < 8 ? 6 : 5
            )
        }
        return MarketInput(
            teams: teams,
            firms: firms.map {
                .init(
                    id: $0,
                    capacity: Int.random(in: 4...11, using: &random),
                    ranking: teams.map(\.id).shuffled(using: &random).map { [$0] }
                )
            }
        )
    }

    /// Couples rank ten pairs, singles eight firms, and firms everybody; there are as many seats as people.
    static func couples(_ count: Int, singles: Int, firms: Int, seed: Int) -> MarketInput {
        var random = SplitMix(seed: UInt64(seed + 1000))
        let places = (0..<firms).map { "f\($0)" }
        let people = (0..<singles).map { "s\($0)" }
        let couples = (0..<count).map { number in
            var pairs: [MarketInput.Pair] = []
            while pairs.count < 10 {
                let pair = MarketInput.Pair(places.randomElement(using: &random), places.randomElement(using: &random))
                if !pairs.contains(pair) { pairs.append(pair) }
            }
            return MarketInput.Couple(
                id: "c\(number)",
                first: "x\(number)",
                second: "y\(number)",
                ranking: pairs.map { [$0] }
            )
        }
        let everybody = people + couples.flatMap { [$0.first, $0.second] }
        return MarketInput(
            applicants: people.map { .init(id: $0, ranking: places.shuffled(using: &random).prefix(8).map { [$0] }) },
            couples: couples,
            firms: places.map {
                .init(
                    id: $0,
                    capacity: (everybody.count + firms - 1) / firms,
                    ranking: everybody.shuffled(using: &random).map { [$0] }
                )
            }
        )
    }
}

struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
