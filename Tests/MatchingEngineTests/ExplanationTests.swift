import Testing

@testable import MatchingEngine

@Suite struct ExplanationTests {
    /// Every explanation is derived again from the market and the matching alone.
    @Test func reasonsFollowFromTheMatching() throws {
        for seed in 0..<200 {
            let input = RandomMarket(ties: true)(seed)
            let rules = MatchingRules(seed: "\(seed)")
            let outcome = try Market(input).solve(rules)
            let brute = PlacesBruteForce(input: input)
            let lottery = Lottery(seed: "\(seed)", round: "")
            for applicant in input.applicants {
                let explanation = try #require(outcome.explanation(of: applicant.id, seekingChange: false))
                #expect(explanation.placedAt == outcome.matching[applicant.id] ?? nil)
                var expected: [Explanation.Step] = []
                var choice = 1
                for group in applicant.ranking {
                    let ends = explanation.placedAt.map(group.contains) ?? false
                    for place in group.sorted() {
                        let reason = reason(applicant.id, place, explanation.placedAt, ends, brute, outcome, lottery)
                        expected.append(.init(choice: choice, position: place, reason: reason))
                    }
                    if ends { break }
                    choice += group.count
                }
                #expect(explanation.steps == expected, "seed \(seed), \(applicant.id)")
            }
        }
    }

    private func reason(
        _ id: String,
        _ place: String,
        _ got: String?,
        _ isLastGroup: Bool,
        _ brute: PlacesBruteForce,
        _ outcome: Outcome,
        _ lottery: Lottery
    ) -> Explanation.Reason {
        if place == got { return .placed }
        if isLastGroup { return .equallyGood }
        guard let firm = brute.firm(of: place), let tier = brute.rank(id, firm) else { return .notRankedByFirm }
        if firm.capacity == 0 { return .noSeats }
        func number(_ tier: Int) -> Int { 1 + firm.ranking.prefix(tier).joined().count }
        let staff = brute.staff(at: place, outcome.matching)
        let last = staff.compactMap { brute.rank($0, firm) }.max() ?? -1
        if tier > last { return .ranked(number(tier), lastAdmitted: number(last)) }
        let lowest = staff.filter { brute.rank($0, firm) == last }.map(lottery.number).max()
        return .lottery(rank: number(tier), own: lottery.number(of: id), lastAdmitted: lowest ?? .init(value: 0))
    }

    /// The named change works, and a smaller one of its kind does not.
    @Test func theSmallestChangeReallyChangesTheResult() throws {
        var ranks = 0
        var listings = 0
        for seed in 0..<150 {
            let input = RandomMarket(applicants: 3...6, ties: seed % 2 == 0)(seed)
            let rules = MatchingRules(seed: "\(seed)")
            for explanation in try Market(input).solve(rules).explanations() {
                let id = explanation.applicant
                func place(_ market: MarketInput) throws -> String? { try Market(market).solve(rules).place(of: id) }
                switch explanation.smallestChange {
                case .ranked(let position, let rank):
                    ranks += 1
                    let firm = try #require(input.firms.firstIndex { $0.id == position })
                    for better in 1...rank {
                        #expect(
                            try place(input.ranking(id, at: better, byFirm: firm)) == position,
                            "seed \(seed), \(id)"
                        )
                    }
                    let worse = input.ranking(id, at: rank + 1, byFirm: firm)
                    if worse != input.ranking(id, at: rank, byFirm: firm) {
                        #expect(try place(worse) != position, "seed \(seed), \(id)")
                    }
                case .listing(let position):
                    listings += 1
                    #expect(try place(input.appending(position, toListOf: id)) == position, "seed \(seed), \(id)")
                case nil:
                    let ranking = input.applicants.first { $0.id == id }?.ranking ?? []
                    let better = ranking.prefix { group in explanation.placedAt.map { !group.contains($0) } ?? true }
                    let seats = input.firms.filter { better.joined().contains($0.id) }.map(\.capacity)
                    #expect(seats.allSatisfy { $0 == 0 }, "seed \(seed), \(id)")
                }
            }
        }
        #expect(ranks > 100)
        #expect(listings > 3)
    }
}

@Suite struct PositionExplanationTests {
    @Test func theSmallestChangeReallyChangesTheResult() throws {
        var changes = 0
        for seed in 0..<120 {
            let input = PositionTests.market(seed, ties: seed % 2 == 0)
            let rules = MatchingRules(seed: "\(seed)")
            let brute = PlacesBruteForce(input: input)
            for explanation in try Market(input).solve(rules).explanations() {
                guard case .ranked(let position, let rank) = explanation.smallestChange else { continue }
                changes += 1
                let id = explanation.applicant
                let firm = try #require(input.firms.firstIndex { $0.id == brute.firm(of: position)?.id })
                for better in 1...rank {
                    let changed = try Market(input.ranking(id, at: better, byFirm: firm)).solve(rules)
                    #expect(changed.place(of: id) == position, "seed \(seed), \(id)")
                }
                let worse = input.ranking(id, at: rank + 1, byFirm: firm)
                if worse != input.ranking(id, at: rank, byFirm: firm) {
                    #expect(try Market(worse).solve(rules).place(of: id) != position, "seed \(seed), \(id)")
                }
            }
        }
        #expect(changes > 50)
    }
}

@Suite struct LockedPlaceTests {
    @Test func theRestIsMatchedAsIfTheSeatWereGone() throws {
        for seed in 0..<150 {
            let input = RandomMarket(applicants: 1...6, capacity: 1...3)(seed)
            let locked = [input.applicants[0].id: input.firms[0].id]
            let outcome = try Market(input).solve(MatchingRules(locked: locked))
            #expect(outcome.place(of: input.applicants[0].id) == input.firms[0].id)
            #expect(outcome.certificate.verdict == .holds, "seed \(seed)")
            #expect(outcome.explanation(of: input.applicants[0].id)?.steps.map(\.reason) == [.locked])
            var rest = input
            rest.applicants.removeFirst()
            rest.firms[0].capacity -= 1
            for index in rest.firms.indices {
                rest.firms[index].ranking = rest.firms[index].ranking.map { $0.filter { $0 != input.applicants[0].id } }
            }
            let alone = try Market(rest).solve().matching
            #expect(outcome.matching.filter { $0.key != input.applicants[0].id } == alone, "seed \(seed)")
        }
    }

    @Test func impossibleLocksAreRefused() throws {
        let input = MarketInput(
            applicants: ["a", "b"].map { .init(id: $0, ranking: []) },
            firms: [.init(id: "f", capacity: 1, ranking: [])]
        )
        let market = try Market(input)
        for (locked, reason) in [
            (["x": "f"], "\"x\" can't be locked: it is no applicant of this market."),
            (["a": "x"], "\"a\" can't be locked at \"x\", which does not exist."),
            (["a": "f", "b": "f"], "More are locked at \"f\" than its capacity, 1."),
        ] {
            let error = #expect(throws: UnsupportedMarket.self) { try market.solve(MatchingRules(locked: locked)) }
            #expect(error?.reason == reason)
        }
    }
}
