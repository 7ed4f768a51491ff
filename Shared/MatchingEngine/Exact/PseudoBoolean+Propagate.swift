extension PseudoBoolean {
    /// Draws every conclusion from what is assigned. Returns the constraint that can't be met any more.
    mutating func propagate() -> Reason? {
        while head < trail.count {
            let literal = trail[head]
            head += 1
            let lost = !literal
            // All counters first, so that backtracking can undo a literal as a whole.
            for (linear, weight) in occurrences[lost.index] { linears[Int(linear)].slack -= weight }
            for (linear, _) in occurrences[lost.index] {
                if let conflict = propagateLinear(linear) { return conflict }
            }
            if let conflict = propagateClauses(lost) { return conflict }
        }
        return nil
    }

    private mutating func propagateLinear(_ index: Int32) -> Reason? {
        let slack = linears[Int(index)].slack
        if slack < 0 { return .linear(index) }
        for term in linears[Int(index)].terms {
            if term.weight <= slack { break }
            assign(term.literal, .linear(index))
        }
        return nil
    }

    private mutating func propagateClauses(_ lost: Literal) -> Reason? {
        let list = watches[lost.index]
        watches[lost.index] = []
        var kept: [Int32] = []
        kept.reserveCapacity(list.count)
        for (place, index) in list.enumerated() {
            let clause = Int(index)
            if clauses[clause][0] == lost { clauses[clause].swapAt(0, 1) }
            let first = clauses[clause][0]
            if value(first) > 0 || !moveWatch(clause) { kept.append(index) } else { continue }
            if value(first) > 0 { continue }
            if value(first) < 0 {
                watches[lost.index] += kept + list[(place + 1)...]
                return .clause(index)
            }
            assign(first, .clause(index))
        }
        watches[lost.index] += kept
        return nil
    }

    /// Finds another literal to watch in place of the second.
    private mutating func moveWatch(_ clause: Int) -> Bool {
        for candidate in 2..<max(2, clauses[clause].count) where value(clauses[clause][candidate]) >= 0 {
            clauses[clause].swapAt(1, candidate)
            watches[clauses[clause][1].index].append(Int32(clause))
            return true
        }
        return false
    }

    /// The false literals that make `reason` force `forced`, or that make it fail.
    func causes(of why: Reason, forced: Literal?) -> [Literal] {
        switch why {
        case .none: return []
        case .clause(let index): return clauses[Int(index)].filter { $0 != forced }
        case .linear(let index):
            let before = forced.map { trailPlace[$0.variable] } ?? Int32(trail.count)
            return linears[Int(index)].terms.compactMap { term in
                value(term.literal) < 0 && trailPlace[term.literal.variable] < before ? term.literal : nil
            }
        }
    }
}
