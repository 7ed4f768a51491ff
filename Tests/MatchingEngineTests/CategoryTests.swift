import MatchingEngine
import Testing

@Suite struct CategoryTests {
    /// Categories a and b lie apart; c holds a.
    static func market(_ seed: Int) -> MarketInput {
        var input = RandomMarket(applicants: 0...5, firms: 1...3, capacity: 1...3, density: 80)(seed)
        var random = SeededGenerator(seed + 9000)
        for index in input.applicants.indices {
            input.applicants[index].categories = [["a", "c"], ["b"], ["c"], []].randomElement(using: &random) ?? []
        }
        for index in input.firms.indices {
            for category in ["a", "b", "c"] where Int.random(in: 0..<3, using: &random) == 0 {
                let amount = Int.random(in: 0...2, using: &random)
                if Bool.random(using: &random) {
                    input.firms[index].caps.append(.init(category: category, maximum: amount))
                } else {
                    input.firms[index].reserves.append(.init(category: category, seats: amount))
                }
            }
        }
        return input
    }

    /// Whom a firm chooses, from all subsets: as many reserved seats used as can be, then the best by rank.
    private func choice(_ firm: MarketInput.Firm, of people: Set<String>, _ input: MarketInput) -> Set<String> {
        func kinds(_ id: String) -> [String] { input.applicants.first { $0.id == id }?.categories ?? [] }
        func count(_ kind: String, _ set: [String]) -> Int { set.count { kinds($0).contains(kind) } }
        let line = firm.ranking.joined().filter(people.contains)
        var best: (reserved: Int, mask: [Int])?
        var chosen: [String] = []
        for bits in 0..<1 << line.count {
            let set = line.indices.filter { bits >> $0 & 1 == 1 }.map { line[$0] }
            guard set.count <= firm.capacity, firm.caps.allSatisfy({ count($0.category, set) <= $0.maximum }) else {
                continue
            }
            // Reserves of nested categories are met together; the sum over all measures how far they are.
            let reserved = firm.reserves.reduce(0) { $0 + min($1.seats, count($1.category, set)) }
            let mask = line.indices.map { bits >> $0 & 1 }
            if let best, (best.reserved, best.mask.description) >= (reserved, mask.description) { continue }
            best = (reserved, mask)
            chosen = set
        }
        return Set(chosen)
    }

    private func isStable(_ matching: Matching, _ input: MarketInput) -> Bool {
        let brute = PlacesBruteForce(input: input)
        let rational = input.firms.allSatisfy { firm in
            let staff = Set(brute.staff(at: firm.id, matching))
            return choice(firm, of: staff, input) == staff
        }
        return rational
            && brute.wishes(matching).allSatisfy { person, place in
                guard let firm = brute.firm(of: place), brute.rank(person.id, firm) != nil else { return true }
                let staff = Set(brute.staff(at: place, matching)).union([person.id])
                return !choice(firm, of: staff, input).contains(person.id)
            }
    }

    @Test func bothSidesGetTheirBestUnderChoiceFunctions() throws {
        var solved = 0
        for seed in 0..<400 {
            let input = Self.market(seed)
            let outcomes: [Outcome]
            do {
                outcomes = try [.applicants, .firms].map { try Market(input).solve(MatchingRules(proposing: $0)) }
            } catch is UnsupportedMarket {
                continue
            }
            solved += 1
            let brute = PlacesBruteForce(input: input)
            let all = brute.feasible().filter { isStable($0, input) }
            for outcome in outcomes {
                #expect(all.contains(outcome.matching), "seed \(seed)")
                #expect(outcome.certificate.verdict == .holds, "seed \(seed)")
            }
            for person in brute.people {
                let tiers = all.map { brute.tier(person, $0) }
                #expect(brute.tier(person, outcomes[0].matching) == tiers.min(), "seed \(seed)")
                #expect(brute.tier(person, outcomes[1].matching) == tiers.max(), "seed \(seed)")
            }
        }
        #expect(solved > 200)
    }

    @Test func theCheckerFindsEveryBlockingPair() throws {
        for seed in 0..<60 {
            let input = Self.market(seed)
            guard (try? Market(input).solve()) != nil else { continue }
            let brute = PlacesBruteForce(input: input)
            let checker = MatchingChecker(input)
            for matching in brute.feasible().prefix(80) {
                let rational = input.firms.allSatisfy { firm in
                    let staff = brute.staff(at: firm.id, matching)
                    return firm.caps.allSatisfy { cap in
                        staff.count { id in
                            input.applicants.first { $0.id == id }?.categories.contains(cap.category) == true
                        } <= cap.maximum
                    }
                }
                let checked = checker.certificate(for: matching, rules: MatchingRules())
                #expect(checked.breaches.isEmpty == rational, "seed \(seed)")
                if rational { #expect((checked.verdict == .holds) == isStable(matching, input), "seed \(seed)") }
            }
        }
    }

    @Test func categoriesThatCrossAreRefusedWithTheReason() throws {
        let input = MarketInput(
            applicants: [("s", ["x"]), ("t", ["x", "y"]), ("u", ["y"])].map {
                .init(id: $0, ranking: [["f"]], categories: $1)
            },
            firms: [
                .init(
                    id: "f",
                    capacity: 2,
                    ranking: [["s"], ["t"], ["u"]],
                    caps: [.init(category: "x", maximum: 1), .init(category: "y", maximum: 1)]
                )
            ]
        )
        let error = #expect(throws: UnsupportedMarket.self) { try Market(input).solve() }
        #expect(error?.reason == "f: the categories x and y overlap, and neither lies within the other.")
        var crowded = input
        crowded.firms[0].caps = []
        crowded.firms[0].reserves = [.init(category: "x", seats: 3)]
        let other = #expect(throws: UnsupportedMarket.self) { try Market(crowded).solve() }
        #expect(other?.reason == "f: its reserves need 3 seats, more than the capacity, 2.")
    }
}

@Suite struct RegionTests {
    @Test func flexibleAcceptanceIsWeaklyStable() throws {
        for seed in 0..<300 {
            var input = RandomMarket(applicants: 0...6, firms: 2...4, capacity: 0...3, density: 80)(seed)
            var random = SeededGenerator(seed + 70)
            let firms = input.firms.map(\.id).shuffled(using: &random).prefix(2)
            let maximum = Int.random(in: 0...3, using: &random)
            let first = Int.random(in: 0...maximum, using: &random)
            input.regions = [.init(id: "r", firms: Array(firms), maximum: maximum, targets: [firms[0]: first])]
            let outcome = try Market(input).solve()
            #expect(outcome.certificate.notion == .regional)
            #expect(outcome.certificate.verdict == .holds, "seed \(seed)")
            // The definition again: nobody is wanted, unless the region is full and the firm has nobody worse.
            let brute = PlacesBruteForce(input: input)
            let taken = firms.reduce(0) { $0 + brute.staff(at: $1, outcome.matching).count }
            #expect(taken <= maximum)
            for (person, place) in brute.wishes(outcome.matching) {
                guard let firm = brute.firm(of: place), let own = brute.rank(person.id, firm) else { continue }
                let staff = brute.staff(at: place, outcome.matching)
                let hasWorse = staff.contains { (brute.rank($0, firm) ?? 0) > own }
                let hasRoom = staff.count < firm.capacity && !(firms.contains(place) && taken >= maximum)
                #expect(!hasWorse && !hasRoom, "seed \(seed)")
            }
        }
    }

    @Test func targetsComeFirstAndTheRestGoesRound() throws {
        let people = (0..<8).map { "s\($0)" }
        var input = MarketInput(
            applicants: people.map { .init(id: $0, ranking: [[$0 < "s4" ? "f" : "g"]]) },
            firms: ["f", "g"].map { .init(id: $0, capacity: 4, ranking: people.map { [$0] }) },
            regions: [.init(id: "r", firms: ["f", "g"], maximum: 5, targets: ["f": 1, "g": 1], order: ["g", "f"])]
        )
        func filled() throws -> [Int] { try Market(input).solve().certificate.cutoffs.map(\.filled) }
        #expect(try filled() == [2, 3])
        input.regions[0].order = ["f", "g"]
        #expect(try filled() == [3, 2])
        input.regions[0].targets = ["f": 4]
        #expect(try filled() == [4, 1])
        let explanation = try Market(input).solve().explanation(of: "s7")
        #expect(explanation?.steps.map(\.reason) == [.regionFull("r")])
    }
}
