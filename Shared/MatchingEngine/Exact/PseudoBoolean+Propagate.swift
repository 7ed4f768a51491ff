extension PseudoBoolean {
    /// Draws every conclusion from what is assigned. Returns the constraint that can't be met any more.
    mutating func propagate() -> Reason? {
        while head < trail.count {
            let literal = trail[head]
            head += 1
            let lost = !literal
            // All counters first, so that backtracking can undo a literal as a whole.
            for (linear, weight) in occurrences[lost.index] { linears[Int(linear)].slack -= weight }
            work += occurrences[lost.index].count + watches[lost.index].count
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
        guard linears[Int(index)].heaviest > slack else { return nil }
        for term in linears[Int(index)].terms {
            if term.weight <= slack { break }
            assign(term.literal, .linear(index))
            work += 1
        }
        return nil
    }

    private mutating func propagateClauses(_ lost: Literal) -> Reason? {
        // Nothing is appended to this list meanwhile: only literals that are not false are watched anew.
        var list: [Watch] = []
        swap(&list, &watches[lost.index])
        var kept = 0
        var next = 0
        var conflict: Reason?
        while next < list.count, conflict == nil {
            let watch = list[next]
            next += 1
            if value(watch.blocker) > 0 {
                list[kept] = watch
                kept += 1
                continue
            }
            let begin = Int(clauseStart[Int(watch.clause)])
            if arena[begin] == lost { arena.swapAt(begin, begin + 1) }
            let first = arena[begin]
            if value(first) <= 0, moveWatch(watch.clause, begin, first) { continue }
            list[kept] = Watch(clause: watch.clause, blocker: first)
            kept += 1
            if value(first) < 0 { conflict = .clause(watch.clause) }
            assign(first, .clause(watch.clause))
        }
        list.removeSubrange(kept..<next)
        swap(&list, &watches[lost.index])
        return conflict
    }

    /// Finds another literal to watch in place of the second.
    private mutating func moveWatch(_ clause: Int32, _ begin: Int, _ first: Literal) -> Bool {
        var candidate = begin + 2
        let end = Int(clauseStart[Int(clause) + 1])
        while candidate < end {
            if value(arena[candidate]) >= 0 {
                arena.swapAt(begin + 1, candidate)
                watches[arena[begin + 1].index].append(Watch(clause: clause, blocker: first))
                return true
            }
            candidate += 1
        }
        return false
    }

    /// The false literals that make `reason` force `forced`, or that make it fail.
    func causes(of why: Reason, forced: Literal?) -> [Literal] {
        switch why {
        case .none: return []
        case .clause(let index): return literals(of: Int(index)).filter { $0 != forced }
        case .linear(let index):
            let before = forced.map { trailPlace[$0.variable] } ?? Int32(trail.count)
            return linears[Int(index)].terms.compactMap { term in
                value(term.literal) < 0 && trailPlace[term.literal.variable] < before ? term.literal : nil
            }
        }
    }
}
