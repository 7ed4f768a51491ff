import Testing

@testable import MatchingEngine

/// Explanations in markets with categories, regions, positions, minima, teams and couples: each reason must be true of
/// the matching, and each change that is named must work.
@Suite struct VariantExplanationTests {
    private func market(_ kind: Kind, _ seed: Int) -> MarketInput {
        var random = SeededGenerator(seed + 300)
        switch kind {
        case .categories: return CategoryTests.market(seed)
        case .positions: return PositionTests.market(seed, ties: seed % 2 == 0)
        case .minima: return QuotaTests.market(seed, ties: seed % 2 == 0)
        case .regions:
            var input = RandomMarket(applicants: 0...6, firms: 2...4, capacity: 0...3, density: 80)(seed)
            let firms = input.firms.map(\.id).shuffled(using: &random).prefix(2)
            input.regions = [.init(id: "r", firms: Array(firms), maximum: Int.random(in: 0...3, using: &random))]
            return input
        case .teams:
            var input = RandomMarket(applicants: 1...5, firms: 1...3, capacity: 1...4, density: 90)(seed)
            input.teams = input.applicants.map {
                .init(id: $0.id, ranking: $0.ranking, seats: Int.random(in: 1...3, using: &random))
            }
            input.applicants = []
            return input
        }
    }

    enum Kind: CaseIterable {
        case categories, positions, minima, regions, teams
    }

    @Test(arguments: Kind.allCases)
    func everyReasonIsTrueOfTheMatching(_ kind: Kind) throws {
        var seen = Set<String>()
        for seed in 0..<250 {
            let input = market(kind, seed)
            let rules = MatchingRules(seed: "\(seed)")
            guard let outcome = try solved(input, rules) else { continue }
            let truth = ExplanationTruth(input: input, outcome: outcome)
            for person in truth.brute.people {
                let explanation = try #require(outcome.explanation(of: person.id, seekingChange: false))
                let place = outcome.matching[person.id] ?? nil
                #expect(explanation.placedAt == place)
                var listed: [String] = []
                for group in person.ranking {
                    listed += group.sorted()
                    if let place, group.contains(place) { break }
                }
                #expect(explanation.steps.map(\.position) == listed, "seed \(seed), \(person.id)")
                for step in explanation.steps {
                    #expect(truth.holds(step, for: person), "\(kind) seed \(seed), \(person.id): \(step)")
                    seen.insert("\(step.reason)".prefix { $0 != "(" }.description)
                }
            }
        }
        #expect(seen.isSuperset(of: ["placed", "notRankedByFirm", "ranked"]))
        switch kind {
        case .categories: #expect(seen.contains("categoryFull"))
        case .regions: #expect(seen.contains("regionFull"))
        case .positions: #expect(seen.contains("lottery"))
        case .teams: #expect(seen.contains("noRoomTogether"))
        case .minima: #expect(seen.contains("blocking"))
        }
    }

    @Test func aSeatThatIsKeptForOthersIsNamed() throws {
        let input = MarketInput(
            applicants: ["s", "t"].map { .init(id: $0, ranking: [["f"]]) } + [
                .init(id: "u", ranking: [["f"]], categories: ["local"])
            ],
            firms: [
                .init(
                    id: "f",
                    capacity: 2,
                    ranking: [["s"], ["t"], ["u"]],
                    reserves: [.init(category: "local", seats: 1)]
                )
            ]
        )
        let outcome = try Market(input).solve()
        #expect(outcome.matching == ["s": "f", "t": nil, "u": "f"])
        let explanation = try #require(outcome.explanation(of: "t"))
        #expect(explanation.steps.map(\.reason) == [.reserved("local")])
        #expect(explanation.smallestChange == .ranked(position: "f", atMost: 1))
        let truth = ExplanationTruth(input: input, outcome: outcome)
        #expect(truth.holds(explanation.steps[0], for: try #require(truth.brute.people.first { $0.id == "t" })))
    }

    @Test(arguments: Kind.allCases)
    func theNamedChangeReallyChangesTheResult(_ kind: Kind) throws {
        var changes = 0
        for seed in 0..<80 {
            let input = market(kind, seed)
            let rules = MatchingRules(seed: "\(seed)")
            guard let outcome = try solved(input, rules) else { continue }
            let brute = PlacesBruteForce(input: input)
            for explanation in outcome.explanations() {
                let id = explanation.applicant
                func place(_ input: MarketInput) throws -> String? { try solved(input, rules)?.place(of: id) }
                switch explanation.smallestChange {
                case .ranked(let position, let rank):
                    changes += 1
                    let firm = try #require(input.firms.firstIndex { $0.id == brute.firm(of: position)?.id })
                    let better = input.ranking(id, at: rank, byFirm: firm)
                    #expect(try place(better) == position, "\(kind) seed \(seed), \(id)")
                    let worse = input.ranking(id, at: rank + 1, byFirm: firm)
                    if worse != better { #expect(try place(worse) != position, "\(kind) seed \(seed), \(id)") }
                case .listing(let position):
                    changes += 1
                    #expect(
                        try place(input.appending(position, toListOf: id)) == position,
                        "\(kind) seed \(seed), \(id)"
                    )
                case nil: break
                }
            }
        }
        #expect(changes > 30)
    }

    @Test func aCouplesMemberIsToldWhichRankWouldHaveDone() throws {
        var changes = 0
        for seed in 0..<60 {
            let input = RandomCouplesMarket(ties: seed % 2 == 0)(seed)
            let rules = MatchingRules(seed: "\(seed)")
            let outcome = try Market(input).solve(rules)
            for couple in input.couples {
                for member in [couple.first, couple.second] {
                    guard case .ranked(let position, let rank) = outcome.explanation(of: member)?.smallestChange else {
                        continue
                    }
                    changes += 1
                    let firm = try #require(input.firms.firstIndex { $0.id == position })
                    let better = input.ranking(member, at: rank, byFirm: firm)
                    let changed = try Market(better).solve(rules)
                    #expect(changed.place(of: member) == position, "seed \(seed), \(member)")
                    let now = pairRank(couple, outcome)
                    #expect(pairRank(couple, changed) < now, "seed \(seed), \(member)")
                    let worse = input.ranking(member, at: rank + 1, byFirm: firm)
                    guard worse != better else { continue }
                    #expect(
                        pair(couple, try Market(worse).solve(rules)) != pair(couple, changed),
                        "seed \(seed), \(member)"
                    )
                }
            }
        }
        #expect(changes > 20)
    }

    private func pair(_ couple: MarketInput.Couple, _ outcome: Outcome) -> MarketInput.Pair {
        MarketInput.Pair(outcome.place(of: couple.first), outcome.place(of: couple.second))
    }

    private func pairRank(_ couple: MarketInput.Couple, _ outcome: Outcome) -> Int {
        couple.ranking.firstIndex { $0.contains(pair(couple, outcome)) } ?? couple.ranking.count
    }

    private func solved(_ input: MarketInput, _ rules: MatchingRules) throws -> Outcome? {
        do { return try Market(input).solve(rules) } catch is UnsupportedMarket { return nil }
    }
}

/// What each reason claims, looked up in the matching and the market.
struct ExplanationTruth {
    let input: MarketInput
    let outcome: Outcome
    let brute: PlacesBruteForce

    init(input: MarketInput, outcome: Outcome) {
        self.input = input
        self.outcome = outcome
        brute = PlacesBruteForce(input: input)
    }

    private func categories(_ id: String) -> [String] { input.applicants.first { $0.id == id }?.categories ?? [] }

    func holds(_ step: Explanation.Step, for person: PlacesBruteForce.Person) -> Bool {
        let matching = outcome.matching
        let place = matching[person.id] ?? nil
        guard let firm = brute.firm(of: step.position) else { return false }
        let isRanked = brute.rank(person.id, firm) != nil
        let own = brute.rank(person.id, firm) ?? .max
        func number(_ tier: Int) -> Int { 1 + firm.ranking.prefix(tier).joined().count }
        let here = brute.staff(at: step.position, matching)
        let all = brute.staff(of: firm, matching)
        let isPlaceFull = brute.taken(here) >= brute.capacity(step.position)
        // Who would have to go: somebody of the place if it is full, else somebody of the full firm.
        let line = isPlaceFull ? here : brute.taken(all) >= firm.capacity ? all : []
        let last = line.compactMap { brute.rank($0, firm) }.max()
        func noWorse(_ staff: [String]) -> Bool { staff.allSatisfy { (brute.rank($0, firm) ?? 0) <= own } }
        switch step.reason {
        case .placed: return place == step.position
        case .equallyGood:
            return person.ranking.contains { $0.contains(step.position) && place.map($0.contains) == true }
        case .notRankedByFirm: return !isRanked
        case .noSeats: return isRanked && (brute.capacity(step.position) == 0 || firm.capacity == 0)
        case .ranked(let rank, let lastAdmitted):
            return isRanked && rank == number(own) && last.map(number) == lastAdmitted && rank > lastAdmitted
        case .lottery(let rank, let number, let lastAdmitted):
            let lottery = Lottery(seed: outcome.rules.seed, round: outcome.rules.round)
            let tied = line.filter { brute.rank($0, firm) == own }.map(lottery.number(of:)).max()
            return isRanked && last == own && rank == 1 + firm.ranking.prefix(own).joined().count
                && number == lottery.number(of: person.id) && tied == lastAdmitted
        case .categoryFull(let category):
            let staff = all.filter { categories($0).contains(category) }
            let maximum = firm.caps.first { $0.category == category }?.maximum
            return isRanked && categories(person.id).contains(category) && staff.count == maximum && noWorse(staff)
        case .reserved(let category):
            let kept = all.contains { categories($0).contains(category) && (brute.rank($0, firm) ?? 0) > own }
            return isRanked && !categories(person.id).contains(category) && kept
                && firm.reserves.contains { $0.category == category }
        case .regionFull(let id):
            guard let region = input.regions.first(where: { $0.id == id && $0.firms.contains(firm.id) }) else {
                return false
            }
            let taken = region.firms.reduce(0) { $0 + brute.staff(at: $1, matching).count }
            return isRanked && taken == region.maximum && all.count < firm.capacity && noWorse(all)
        case .noRoomTogether:
            let staying = here.filter { (brute.rank($0, firm) ?? 0) <= own }
            return isRanked && brute.taken(staying) + person.seats > firm.capacity
        case .blocking:
            return outcome.certificate.blocking.contains(.init(applicant: person.id, position: step.position))
        case .locked, .other: return false
        }
    }
}
