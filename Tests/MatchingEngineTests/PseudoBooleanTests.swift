import Testing

@testable import MatchingEngine

@Suite struct PseudoBooleanTests {
    private struct Row {
        let terms: [Term]
        let bound: Int

        func holds(_ bits: Int) -> Bool {
            terms.reduce(0) { sum, term in
                let isSet = bits >> term.literal.variable & 1 == 1
                return sum + (isSet == term.literal.isPositive ? term.weight : 0)
            } >= bound
        }
    }

    private func rows(_ random: inout SeededGenerator, _ variables: Int) -> [Row] {
        (0..<Int.random(in: 1...14, using: &random)).map { _ in
            let terms = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                Term(
                    Int.random(in: -3...4, using: &random),
                    Literal(Int.random(in: 0..<variables, using: &random), isTrue: Bool.random(using: &random))
                )
            }
            return Row(terms: terms, bound: Int.random(in: -2...5, using: &random))
        }
    }

    /// Finds every solution, each excluded by a clause once it is found.
    private func allSolutions(_ rows: [Row], _ variables: Int) -> Set<Int> {
        var solver = PseudoBoolean()
        let literals = (0..<variables).map { _ in solver.variable() }
        for row in rows { solver.require(row.terms, atLeast: row.bound) }
        var found = Set<Int>()
        while solver.solve(conflictLimit: 100_000) == .satisfied {
            var bits = 0
            for (index, literal) in literals.enumerated() where solver.isTrue(literal) { bits |= 1 << index }
            guard found.insert(bits).inserted else {
                Issue.record("a solution came twice")
                break
            }
            solver.require(literals.enumerated().map { bits >> $0 & 1 == 1 ? !$1 : $1 })
        }
        return found
    }

    @Test func findsExactlyTheSolutions() {
        var random = SeededGenerator(11)
        for _ in 0..<400 {
            let variables = Int.random(in: 1...8, using: &random)
            let rows = rows(&random, variables)
            let expected = (0..<1 << variables).filter { bits in rows.allSatisfy { $0.holds(bits) } }
            #expect(allSolutions(rows, variables) == Set(expected))
        }
    }

    /// Pigeons do not fit into fewer holes: needs many conflicts, restarts and forgetting.
    @Test func provesThatPigeonsDoNotFit() {
        var solver = PseudoBoolean()
        solver.keptClauses = 20
        let sits = (0..<6).map { _ in (0..<5).map { _ in solver.variable() } }
        for pigeon in sits { solver.require(pigeon) }
        for hole in 0..<5 {
            for first in 0..<6 {
                for second in 0..<first { solver.require([!sits[first][hole], !sits[second][hole]]) }
            }
        }
        #expect(solver.solve(conflictLimit: 2) == .undecided)
        #expect(solver.solve(conflictLimit: 1_000_000) == .impossible)
    }

    @Test func restartsFollowLuby() {
        #expect((1...15).map(PseudoBoolean.luby) == [1, 1, 2, 1, 1, 2, 4, 1, 1, 2, 1, 1, 2, 4, 8])
    }
}
