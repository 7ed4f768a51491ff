import MarketFile
import Testing

@testable import MatchingEngine

/// Markets of applicants and firms take a short way through the engine; it must lead where the general one does.
@Suite struct PlainMarketTests {
    private let sizes = RandomMarket(applicants: 0...9, firms: 1...5, capacity: 0...3, ties: true, density: 60)

    private func matching(_ edges: [Int32], _ market: Market) -> Matching { market.matching(edges) }

    @Test func proposalsEndWhereTheGeneralOnesDo() throws {
        for seed in 0..<300 {
            let input = sizes(seed)
            let market = try Market(input)
            let plain = try #require(PlainAcceptance(market))
            let lottery = Lottery(seed: "\(seed)", round: "")
            let strict = StrictPreferences(market, lottery)
            var general = ApplicantsPropose(market, strict)
            #expect(plain.solve(.applicants, lottery) == general.solve(), "seed \(seed)")
            #expect(plain.solve(.firms, lottery) == FirmsPropose(market, strict).solve(), "seed \(seed)")
        }
    }

    @Test func manyChainsEndWhereOneDoes() throws {
        for seed in 0..<6 {
            let sizes = RandomMarket(
                applicants: 300...300,
                firms: 60...60,
                capacity: 0...6,
                density: seed < 3 ? 20 : 95
            )
            let market = try Market(sizes(seed))
            func solve(_ chains: Int) -> [Int32] {
                HotLoops.applicantsPropose(
                    start: market.edgeStart,
                    position: market.edgePosition,
                    rank: market.edgeRank,
                    capacity: market.positionCapacity,
                    chains: chains
                )
            }
            let one = solve(1)
            #expect(solve(7) == one)
            #expect(solve(1000) == one)
            var general = ApplicantsPropose(market, StrictPreferences(market, Lottery(seed: "", round: "")))
            #expect(general.solve() == one)
        }
    }

    /// The checker for plain markets and the general one, of matchings good and bad.
    @Test func bothCheckersFindTheSame() throws {
        for seed in 0..<400 {
            var random = SeededGenerator(seed)
            let input = sizes(seed)
            let market = try Market(input)
            var matching = try market.solve(MatchingRules(seed: "\(seed)")).matching
            for id in matching.keys.sorted() where Int.random(in: 0..<4, using: &random) == 0 {
                matching[id] = .some(["f0", "f1", "f4", "f9", nil].randomElement(using: &random) ?? nil)
            }
            if seed % 5 == 0 { matching["stranger"] = .some("f0") }
            if seed % 7 == 0 { matching["s1"] = nil }
            let rules = MatchingRules(goal: seed % 2 == 0 ? .stable : .mostPlaced, seed: "\(seed)")
            let plain = market.certificate(for: matching, rules: rules)
            let general = MatchingChecker(input).certificate(for: matching, rules: rules)
            #expect(plain.breaches.sorted() == general.breaches.sorted(), "seed \(seed)")
            #expect(plain.blocking == general.blocking, "seed \(seed)")
            #expect(plain.cutoffs == general.cutoffs, "seed \(seed)")
            #expect(plain.runID == general.runID, "seed \(seed)")
            #expect(plain.verdict == general.verdict, "seed \(seed)")
        }
    }

    @Test func oneSeatMoreOrLessIsAsSolvingAgainFinds() throws {
        for seed in 0..<300 {
            var sizes = sizes
            sizes.ties = seed % 2 == 0
            let outcome = try Market(sizes(seed)).solve(MatchingRules(seed: "\(seed)"))
            let rows = try outcome.capacitySensitivity()
            #expect(try rows == outcome.capacitySensitivityBySolving(), "seed \(seed)")
        }
    }

    @Test func aMarketFromAFileIsTheMarketAsWritten() throws {
        for seed in 0..<200 {
            var random = SeededGenerator(seed)
            var input = sizes(seed)
            for index in input.applicants.indices where index % 2 == 0 {
                input.applicants[index].categories = ["ntu", "VN", "\"x\""].shuffled(using: &random)
            }
            let written = try Market(input)
            let (read, warnings) = try MarketReader.read(input.shuffled(&random).json)
            let rules = MatchingRules(seed: "\(seed)")
            let outcomes = (try written.solve(rules), try read.solve(rules))
            #expect(outcomes.0.matching == outcomes.1.matching, "seed \(seed)")
            #expect(outcomes.0.certificate == outcomes.1.certificate, "seed \(seed)")
            #expect(outcomes.0.statistics == outcomes.1.statistics, "seed \(seed)")
            #expect(outcomes.0.explanations() == outcomes.1.explanations(), "seed \(seed)")
            #expect(written.oneSided == read.oneSided)
            #expect(warnings.map(\.message).sorted() == written.warnings.map(\.message).sorted(), "seed \(seed)")
        }
    }

    @Test func aTableIsTheSameMarketAsAFile() throws {
        for seed in 0..<100 {
            let input = sizes(seed)
            let csv = input.csv
            let (read, warnings) = try CSVMarketReader.read(
                applicants: FileBytes(csv.applicants),
                firms: FileBytes(csv.firms)
            )
            let written = try Market(input)
            #expect(read.input.canonicalHash == written.input.canonicalHash, "seed \(seed)")
            #expect(warnings.map(\.message).sorted() == written.warnings.map(\.message).sorted(), "seed \(seed)")
        }
    }

    @Test func idsAreFoundByBinarySearch() throws {
        let ids: IDs = ["b", "a", "", "ä", "a\u{301}", "陳", "ab", "Z"]
        #expect(Array(ids) == ["", "Z", "a", "ab", "a\u{301}", "b", "ä", "陳"])
        for (index, id) in ids.enumerated() { #expect(ids[id] == Int32(index)) }
        #expect(ids["aa"] == nil)
        #expect(ids["á"] == nil)
    }

    /// What a large market's explanations go by, of one applicant at a time.
    @Test func smallestChangesOfOneAreThoseOfAll() throws {
        for seed in 0..<60 {
            let outcome = try Market(sizes(seed)).solve(MatchingRules(seed: "\(seed)"))
            var all = try #require(SmallestChanges(outcome))
            all.find()
            for applicant in 0..<outcome.market.applicantCount {
                var one = try #require(SmallestChanges(outcome))
                one.find(of: applicant..<applicant + 1)
                #expect(one.changes[applicant] == all.changes[applicant], "seed \(seed)")
            }
        }
    }
}
