/// Decides whether 0/1 variables can meet linear constraints: conflict-driven clause learning with two watched
/// literals for clauses and counters for the rest.
///
/// Integers only and no clock: the same constraints in the same order take the same steps on every machine.
struct PseudoBoolean {
    enum Answer: Hashable {
        case satisfied, impossible
        /// The allowed number of conflicts was not enough.
        case undecided
    }

    /// Σ weight · literal ≥ bound, weights falling.
    struct Linear {
        let terms: [Term]
        /// What may still be lost: the weights of literals that are not false, less the bound.
        var slack: Int

        var heaviest: Int { terms.first?.weight ?? 0 }
    }

    enum Reason {
        case none
        case clause(Int32)
        case linear(Int32)
    }

    struct Watch {
        let clause: Int32
        /// Any other literal of the clause: while it is true, the clause need not be looked at.
        let blocker: Literal
    }

    private(set) var variables = 0
    /// By literal: 1 true, -1 false, 0 open.
    var values: [Int8] = []
    var level: [Int32] = []
    var reason: [Reason] = []
    var trailPlace: [Int32] = []
    var trail: [Literal] = []
    var trailLimits: [Int] = []
    var head = 0

    /// The literals of all clauses one after the other; the first two of each are watched.
    var arena: [Literal] = []
    /// Clause `c` is `arena[clauseStart[c]..<clauseStart[c + 1]]`.
    var clauseStart: [Int32] = [0]
    /// By clause: how many levels it spans, 0 for those given.
    var spans: [Int32] = []
    /// By literal: clauses to look at when it turns false.
    var watches: [[Watch]] = []
    var linears: [Linear] = []
    /// By literal: linear constraints that lose when it turns false, and how much.
    var occurrences: [[(linear: Int32, weight: Int)]] = []

    var order = VariableOrder()
    var phase: [Bool] = []
    var seen: [Bool] = []
    var isImpossible = false
    /// How many conflicts it has met so far.
    var conflicts = 0
    /// How many clauses and terms it has looked at so far: what its time goes by.
    var work = 0
    /// With more clauses than this, some are forgotten.
    var keptClauses = 8000

    /// A new variable; the search tries `phase` first.
    mutating func variable(phase: Bool = false) -> Literal {
        defer { variables += 1 }
        values += [0, 0]
        level.append(0)
        reason.append(.none)
        trailPlace.append(0)
        watches += [[], []]
        occurrences += [[], []]
        self.phase.append(phase)
        seen.append(false)
        order.add()
        return Literal(variables)
    }

    func value(_ literal: Literal) -> Int8 { values[literal.index] }

    /// Whether the last satisfying assignment makes the literal true. Only after `.satisfied`.
    func isTrue(_ literal: Literal) -> Bool { model[literal.variable] == literal.isPositive }

    private(set) var model: [Bool] = []

    mutating func keepModel() { model = (0..<variables).map { values[$0 * 2] > 0 } }

    /// At least one of `literals`.
    mutating func require(_ literals: [Literal]) {
        backtrack(to: 0)
        var open: [Literal] = []
        for literal in literals {
            if value(literal) > 0 || open.contains(!literal) { return }
            if value(literal) == 0, !open.contains(literal) { open.append(literal) }
        }
        addClause(open, span: 0)
        if !isImpossible, propagate() != nil { isImpossible = true }
    }

    /// Σ weight · literal ≤ bound.
    mutating func require(_ terms: [Term], atMost bound: Int) {
        require(terms.map { Term($0.weight, !$0.literal) }, atLeast: terms.reduce(0) { $0 + $1.weight } - bound)
    }

    /// Σ weight · literal ≥ bound. Weights may have any sign, and literals may come twice.
    mutating func require(_ terms: [Term], atLeast bound: Int) {
        backtrack(to: 0)
        var bound = bound
        var weights: [Int: Int] = [:]
        for term in terms {
            // w · ¬x = w − w · x
            if !term.literal.isPositive { bound -= term.weight }
            weights[term.literal.variable, default: 0] += term.literal.isPositive ? term.weight : -term.weight
        }
        var kept: [Term] = []
        for (variable, weight) in weights.sorted(by: { $0.key < $1.key }) where weight != 0 {
            let literal = Literal(variable, isTrue: weight > 0)
            if weight < 0 { bound -= weight }
            if value(literal) < 0 { continue }
            if value(literal) > 0 { bound -= abs(weight) } else { kept.append(Term(abs(weight), literal)) }
        }
        if bound <= 0 { return }
        kept = kept.map { Term(min($0.weight, bound), $0.literal) }
        kept.sort { ($1.weight, $0.literal.code) < ($0.weight, $1.literal.code) }
        let slack = kept.reduce(0) { $0 + $1.weight } - bound
        if slack < 0 { return isImpossible = true }
        if kept.allSatisfy({ $0.weight == bound }) {
            addClause(kept.map(\.literal), span: 0)
        } else {
            addLinear(kept, slack)
        }
        if !isImpossible, propagate() != nil { isImpossible = true }
    }

    @discardableResult
    mutating func addClause(_ literals: [Literal], span: Int32) -> Reason {
        guard literals.count > 1 else {
            if let only = literals.first { assign(only, .none) } else { isImpossible = true }
            return .none
        }
        let index = Int32(spans.count)
        arena += literals
        clauseStart.append(Int32(arena.count))
        spans.append(span)
        watches[literals[0].index].append(Watch(clause: index, blocker: literals[1]))
        watches[literals[1].index].append(Watch(clause: index, blocker: literals[0]))
        return .clause(index)
    }

    func literals(of clause: Int) -> ArraySlice<Literal> {
        arena[Int(clauseStart[clause])..<Int(clauseStart[clause + 1])]
    }

    private mutating func addLinear(_ terms: [Term], _ slack: Int) {
        let index = Int32(linears.count)
        linears.append(Linear(terms: terms, slack: slack))
        for term in terms { occurrences[term.literal.index].append((index, term.weight)) }
        for term in terms where term.weight > slack { assign(term.literal, .none) }
    }

    /// Makes an open literal true.
    mutating func assign(_ literal: Literal, _ why: Reason) {
        guard value(literal) == 0 else { return }
        values[literal.index] = 1
        values[(!literal).index] = -1
        level[literal.variable] = Int32(trailLimits.count)
        reason[literal.variable] = why
        trailPlace[literal.variable] = Int32(trail.count)
        trail.append(literal)
    }

    mutating func backtrack(to target: Int) {
        guard trailLimits.count > target else { return }
        let keep = trailLimits[target]
        while trail.count > keep {
            let literal = trail.removeLast()
            if trail.count < head {
                for (linear, weight) in occurrences[(!literal).index] { linears[Int(linear)].slack += weight }
            }
            values[literal.index] = 0
            values[(!literal).index] = 0
            phase[literal.variable] = literal.isPositive
            order.insert(literal.variable)
        }
        head = min(head, keep)
        trailLimits.removeSubrange(target...)
    }
}
