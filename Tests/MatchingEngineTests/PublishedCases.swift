import Foundation
import MarketFile
import Testing

@testable import MatchingEngine

/// A published market with what its source, or a computation told beside it, says of it.
struct PublishedCase: CustomTestStringConvertible {
    let name: String
    let market: Market
    private let data: Data

    /// What is said of the market, by field.
    var expected: [String: Any] {
        let json = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        return json?["expected"] as? [String: Any] ?? [:]
    }

    var testDescription: String { name }

    static let all: [PublishedCase] = {
        let folder = Bundle.module.bundleURL.appending(path: "Resources/cases")
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).compactMap(Self.init).sorted { $0.name < $1.name }
    }()

    init?(_ file: URL) {
        guard let data = try? Data(contentsOf: file),
            let json = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
            let part = json["market"], let bytes = try? JSONSerialization.data(withJSONObject: part),
            let read = try? MarketReader.read(Array(bytes))
        else { return nil }
        name = file.deletingPathExtension().lastPathComponent
        market = read.market
        self.data = data
    }

    func matching(_ value: Any?) -> Matching? {
        guard let places = value as? [String: Any] else { return nil }
        var matching: Matching = [:]
        for id in market.applicantIDs { matching[id] = .some(nil) }
        for (id, place) in places { matching[id] = .some(place as? String) }
        return matching
    }
}

@Suite struct PublishedCasesTests {
    /// What the engine does not answer: how many a popular matching places.
    static let unanswered: Set<String> = ["max_cardinality"]

    @Test func allAreRead() {
        #expect(PublishedCase.all.count == 46)
    }

    @Test(arguments: PublishedCase.all)
    func answersAsPublished(_ published: PublishedCase) throws {
        let plain = try Market(published.market.input.withoutMinima)
        for (field, value) in published.expected where !Self.unanswered.contains(field) {
            switch field {
            case "resident_optimal", "flexible_da":
                #expect(try plain.solve().matching == published.matching(value), "\(field)")
            case "hospital_optimal":
                let outcome = try plain.solve(MatchingRules(proposing: .firms))
                #expect(outcome.matching == published.matching(value), "\(field)")
            case "ttc": #expect(try plain.matching(by: .topTradingCycles) == published.matching(value), "\(field)")
            case "boston": #expect(try plain.matching(by: .boston) == published.matching(value), "\(field)")
            case "size": #expect(try plain.solve().statistics.placed == value as? Int, "\(field)")
            case "max_size": #expect(try plain.mostPlaced() == value as? Int, "\(field)")
            case "min_size": #expect(plain.fewestPlaced() == value as? Int, "\(field)")
            case "all_stable": #expect(plain.stableMatchings() == value as? Int, "\(field)")
            case "stable_exists":
                #expect(try (plain.solve().certificate.verdict == .holds) == (value as? Bool), "\(field)")
            case "stable_examples": try checkExamples(value, plain, published)
            case "stability_checks": try checkStability(value, plain, published)
            case "strong_stable_exists", "super_stable_exists":
                try checkStrict(field == "strong_stable_exists" ? .strong : .super, value, plain)
            default: try checkQuotas(field, value, published)
            }
        }
    }

    private func checkQuotas(_ field: String, _ value: Any, _ published: PublishedCase) throws {
        let market = published.market
        switch field {
        case "stable_meeting_lower":
            #expect(try (market.solve().certificate.verdict == .holds) == (value as? Bool), "\(field)")
        case "min_blocking_pairs_lower":
            #expect(try market.solve().certificate.blocking.count == value as? Int, "\(field)")
        case "max_envy_free_lower":
            #expect(try market.solve(MatchingRules(goal: .envyFree)).statistics.placed == value as? Int, "\(field)")
        case "max_size_no_stability_lower": #expect(market.mostWithinQuotas() == value as? Int, "\(field)")
        default: Issue.record("\(published.name) expects \(field), which is not checked")
        }
    }

    private func checkExamples(_ value: Any, _ market: Market, _ published: PublishedCase) throws {
        for example in try #require(value as? [Any]) {
            let places = try #require(published.matching(example))
            let checked = MatchingChecker(market.input).certificate(for: places, rules: MatchingRules())
            #expect(checked.verdict == .holds)
        }
    }

    /// Of the three notions for couples the engine knows the one of Kojima, Pathak and Roth.
    private func checkStability(_ value: Any, _ market: Market, _ published: PublishedCase) throws {
        var checks = 0
        for check in try #require(value as? [[String: Any]]) where check["notion"] as? String == "KPR" {
            let places = try #require(published.matching(check["matching"]))
            let checked = MatchingChecker(market.input).certificate(for: places, rules: MatchingRules())
            #expect((checked.verdict == .holds) == (check["stable"] as? Bool), "\(places)")
            checks += 1
        }
        #expect(checks >= 7)
    }

    /// With positions these notions are refused, not answered wrongly.
    private func checkStrict(_ goal: MatchingRules.Goal, _ value: Any, _ market: Market) throws {
        guard market.input.firms.allSatisfy(\.positions.isEmpty) else {
            #expect(throws: UnsupportedMarket.self) { try market.solve(MatchingRules(goal: goal)) }
            return
        }
        #expect(try (market.solve(MatchingRules(goal: goal)).certificate.verdict == .holds) == (value as? Bool))
    }
}

extension MarketInput {
    var withoutMinima: MarketInput {
        var copy = self
        for index in firms.indices {
            copy.firms[index].minimum = 0
            for position in firms[index].positions.indices { copy.firms[index].positions[position].minimum = 0 }
        }
        return copy
    }
}

extension Market {
    private var search: ExactSearch { ExactSearch(self, StrictPreferences(self, Lottery(seed: "", round: ""))) }

    /// The most that a stable matching places.
    func mostPlaced() throws -> Int {
        if !input.regions.isEmpty { return try solve().statistics.placed }
        if input.couples.isEmpty { return try solve(MatchingRules(goal: .mostPlaced)).statistics.placed }
        let start = try solve().edges
        return search.mostPlaced(from: start, atMost: applicantCount).edges.count { $0 >= 0 }
    }

    /// The fewest that a stable matching places; `nil` if that was not proved.
    func fewestPlaced() -> Int? {
        var model = StabilityModel(self, search.agents, start: Array(repeating: -1, count: applicantCount))
        model.requireStability()
        let terms = zip(search.agents.all, model.gets).flatMap { agent, literals in
            zip(agent.options, literals).map { Term($0.edges.count, $1) }
        }
        var fewest: Int?
        while true {
            switch model.solver.solve(conflictLimit: 1_000_000) {
            case .satisfied:
                let placed = model.edges.count { $0 >= 0 }
                fewest = placed
                model.solver.require(terms, atMost: placed - 1)
            case .impossible: return fewest
            case .undecided: return nil
            }
        }
    }

    /// Counts all stable matchings, each excluded once it is found.
    func stableMatchings() -> Int {
        var model = StabilityModel(self, search.agents, start: Array(repeating: -1, count: applicantCount))
        model.requireStability()
        var found = 0
        while model.solver.solve(conflictLimit: 100_000) == .satisfied, found < 1000 {
            found += 1
            model.solver.require(model.gets.joined().map { model.solver.isTrue($0) ? !$0 : $0 })
        }
        return found
    }

    /// The most that fit within all quotas, stable or not.
    func mostWithinQuotas() -> Int {
        var model = StabilityModel(self, search.agents, start: Array(repeating: -1, count: applicantCount))
        model.requireMinima()
        var most = 0
        while model.solver.solve(conflictLimit: 100_000) == .satisfied {
            most = model.edges.count { $0 >= 0 }
            model.require(placed: most + 1)
        }
        return most
    }
}
