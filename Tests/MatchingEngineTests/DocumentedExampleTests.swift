import Foundation
import MatchingEngine
import Testing

/// The examples of docs/matching.md, line by line.
@Suite struct DocumentedExampleTests {
    @Test func theThreeExamplesHold() throws {
        // 1. A market, solved and proved
        let market = try Market(
            MarketInput(
                applicants: [
                    .init(id: "an", ranking: [["x"], ["y"]]),
                    .init(id: "bo", ranking: [["x"]]),
                ],
                firms: [
                    .init(id: "x", capacity: 1, ranking: [["bo"], ["an"]]),
                    .init(id: "y", capacity: 1, ranking: [["an"]]),
                ]
            )
        )
        let outcome = try market.solve(MatchingRules(seed: "2018"))
        let place = outcome.place(of: "an")  // "y"
        let verdict = outcome.certificate.verdict  // .holds
        let explanation = outcome.explanation(of: "an")
        let reasons = explanation?.steps.map(\.reason)  // x: ranked 2nd, the last place went to the 1st; y: placed
        let change = explanation?.smallestChange  // ranked 1st at x

        #expect(place == "y")
        #expect(verdict == .holds)
        #expect(reasons == [.ranked(2, lastAdmitted: 1), .placed])
        #expect(change == .ranked(position: "x", atMost: 1))

        // 2. Somebody else's matching, checked
        let checker = MatchingChecker(market.input)
        let checked = checker.certificate(for: ["an": nil, "bo": "x"], rules: MatchingRules())
        let blocking = checked.blocking  // an and y

        #expect(blocking == [BlockingPair(applicant: "an", position: "y")])

        // 3. Meetings
        let wishes = MeetingsInput(
            tables: 1,
            slots: [.init(id: "morning"), .init(id: "noon")],
            buyers: [.init(id: "rice", ranking: [["sensors"]]), .init(id: "tea", ranking: [["sensors"]])],
            suppliers: [.init(id: "sensors", ranking: [["tea"]])]
        )
        let schedule = try Meetings(wishes).schedule()
        let meetings = schedule.meetings  // one in the morning, one at noon
        let isBest = schedule.check.isOptimal  // true

        #expect(Set(meetings.map(\.slot)) == ["morning", "noon"])
        #expect(isBest)
    }

    /// What is printed is what was compiled here.
    @Test func thePageShowsTheseLines() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        func lines(_ path: URL) throws -> [String] {
            try String(contentsOf: path, encoding: .utf8).components(separatedBy: "\n")
        }
        let compiled = Set(try lines(URL(filePath: #filePath)).map { $0.trimmingCharacters(in: .whitespaces) })
        var isExample = false
        var shown = 0
        for line in try lines(root.appending(path: "docs/matching.md")) {
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.hasPrefix("// ") { isExample = true }
            if text == "```" { isExample = false }
            guard isExample else { continue }
            #expect(compiled.contains(text), "\(text)")
            shown += 1
        }
        #expect(shown > 30)
    }
}
