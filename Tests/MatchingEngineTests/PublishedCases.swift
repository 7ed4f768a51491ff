import Foundation
import MarketFile
import MatchingEngine
import Testing

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
    /// What the engine does not answer.
    static let unanswered: Set<String> = [
        "all_stable", "boston", "ttc", "max_size", "min_size", "max_size_no_stability_lower", "stable_meeting_lower",
        "min_blocking_pairs_lower", "max_envy_free_lower", "max_cardinality", "strong_stable_exists",
        "super_stable_exists", "stable_exists", "stability_checks", "flexible_da",
    ]

    @Test func allAreRead() {
        #expect(PublishedCase.all.count == 46)
    }

    @Test(arguments: PublishedCase.all.filter { $0.market.isPlain })
    func answersAsPublished(_ published: PublishedCase) throws {
        for (field, value) in published.expected where !Self.unanswered.contains(field) {
            switch field {
            case "resident_optimal":
                #expect(try published.market.solve().matching == published.matching(value))
            case "hospital_optimal":
                let rules = MatchingRules(proposing: .firms)
                #expect(try published.market.solve(rules).matching == published.matching(value))
            case "size":
                #expect(try published.market.solve().statistics.placed == value as? Int)
            case "stable_examples":
                for example in value as? [Any] ?? [] {
                    let places = try #require(published.matching(example))
                    let checked = MatchingChecker(published.market.input).certificate(for: places, rules: .init())
                    #expect(checked.verdict == .holds)
                }
            default: Issue.record("\(published.name) expects \(field), which is not checked")
            }
        }
    }
}

extension Market {
    /// Neither couples nor positions, quotas, caps or regions.
    var isPlain: Bool {
        input.couples.isEmpty && input.regions.isEmpty
            && input.firms.allSatisfy {
                $0.positions.isEmpty && $0.caps.isEmpty && $0.reserves.isEmpty && $0.minimum == 0
            }
    }
}
