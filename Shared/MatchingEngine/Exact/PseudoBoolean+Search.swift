extension PseudoBoolean {
    /// Looks for an assignment, for at most so many further conflicts and about so much work in all.
    mutating func solve(conflictLimit: Int, workLimit: Int = .max) -> Answer {
        if isImpossible { return .impossible }
        backtrack(to: 0)
        if propagate() != nil {
            isImpossible = true
            return .impossible
        }
        let last = conflicts + conflictLimit
        var restart = 1
        while true {
            switch search(until: min(last, conflicts + 64 * Self.luby(restart))) {
            case .undecided where conflicts >= last || work >= workLimit: return .undecided
            case .undecided: restart += 1
            case let answer: return answer
            }
            backtrack(to: 0)
            if propagate() != nil { isImpossible = true }
            if spans.count > keptClauses { forgetWideClauses() }
            if isImpossible { return .impossible }
        }
    }

    private mutating func search(until limit: Int) -> Answer {
        while true {
            if let conflict = propagate() {
                conflicts += 1
                if trailLimits.isEmpty {
                    isImpossible = true
                    return .impossible
                }
                learn(from: conflict)
                if isImpossible { return .impossible }
                if conflicts >= limit { return .undecided }
            } else if let literal = choose() {
                trailLimits.append(trail.count)
                assign(literal, .none)
            } else {
                keepModel()
                return .satisfied
            }
        }
    }

    private mutating func choose() -> Literal? {
        while let variable = order.next() {
            if values[variable * 2] == 0 { return Literal(variable, isTrue: phase[variable]) }
        }
        return nil
    }

    /// Learns the first clause with a single literal of the present level, and goes back to where it forces it.
    private mutating func learn(from conflict: Reason) {
        let present = Int32(trailLimits.count)
        var clause: [Literal] = []
        var open = 0
        var marked: [Int] = []
        var why = conflict
        var forced: Literal?
        var place = trail.count
        while true {
            for literal in causes(of: why, forced: forced) {
                let variable = literal.variable
                guard !seen[variable], level[variable] > 0 else { continue }
                seen[variable] = true
                marked.append(variable)
                order.bump(variable)
                if level[variable] == present { open += 1 } else { clause.append(literal) }
            }
            repeat { place -= 1 } while !seen[trail[place].variable]
            forced = trail[place]
            seen[trail[place].variable] = false
            open -= 1
            if open == 0 { break }
            why = reason[trail[place].variable]
        }
        clause = clause.filter { !isImplied($0) }
        for variable in marked { seen[variable] = false }
        order.decay()
        let asserted = !trail[place]
        clause.sort { level[$0.variable] > level[$1.variable] }
        let span = Set(clause.map { level[$0.variable] }).count
        backtrack(to: clause.first.map { Int(level[$0.variable]) } ?? 0)
        let learned = addClause([asserted] + clause, span: Int32(span + 1))
        assign(asserted, learned)
    }

    /// Whether the rest of the clause that is being learned makes this literal false anyway.
    private func isImplied(_ literal: Literal) -> Bool {
        let why = reason[literal.variable]
        if case .none = why { return false }
        return causes(of: why, forced: !literal).allSatisfy { seen[$0.variable] || level[$0.variable] == 0 }
    }

    /// Drops the learned clauses that span most levels, and what level 0 has settled. Only at level 0, where no reason
    /// is needed any more.
    private mutating func forgetWideClauses() {
        let learned = spans.indices.filter { spans[$0] > 2 }.sorted { (spans[$0], $0) < (spans[$1], $1) }
        let dropped = Set(learned.suffix(learned.count / 2))
        let all = spans.indices.filter { !dropped.contains($0) }.map { (Array(literals(of: $0)), spans[$0]) }
        arena = []
        clauseStart = [0]
        spans = []
        for variable in 0..<variables { reason[variable] = .none }
        for index in watches.indices { watches[index] = [] }
        for (clause, span) in all where !clause.contains(where: { value($0) > 0 }) {
            addClause(clause.filter { value($0) == 0 }, span: span)
        }
        keptClauses = spans.count + 4000
    }

    /// 1, 1, 2, 1, 1, 2, 4, …
    static func luby(_ index: Int) -> Int {
        var size = 1
        while size < index + 1 { size *= 2 }
        if size == index + 1 { return size / 2 }
        return luby(index - size / 2 + 1)
    }
}
