extension Market {
    /// Of the stable matchings one in which the most have what they had; `solution` if that is out of reach.
    func keepingMost(_ solution: Solution, _ previous: [String: String], _ strict: StrictPreferences) -> Solution {
        var before = [Int32](repeating: -1, count: applicantCount)
        for (id, place) in previous {
            guard let applicant = applicantIndex[id], let edge = edge(of: Int(applicant), at: place) else { continue }
            before[Int(applicant)] = edge
        }
        let search = ExactSearch(self, strict)
        let best = search.keepingMost(of: before, from: solution.edges)
        var found = solution
        found.edges = best.edges
        found.kept = best.kept
        return found
    }

    /// Closes as few of the firms with a minimum as can be, so that the others fill theirs; of as few, those that leave
    /// the most placed. Beyond some thousand trials the firm that lacks most is closed, one after the other.
    func solveClosing(_ strict: StrictPreferences) -> Solution {
        let minimum = Dictionary(uniqueKeysWithValues: input.firms.map { ($0.id, $0.minimum) })
        let needs = positionIDs.indices.map { minimum[positionIDs[$0]] ?? 0 }
        let candidates = needs.indices.filter { needs[$0] > 0 }
        func trial(_ closed: [Int]) -> (edges: [Int32], lacking: [(shortfall: Int, position: Int)]) {
            var solver = ApplicantsPropose(self, strict)
            for position in closed { solver.close(position) }
            let edges = solver.solve()
            let lacking = candidates.filter { !closed.contains($0) }.map { (needs[$0] - solver.held(by: $0).count, $0) }
            return (edges, lacking.filter { $0.0 > 0 })
        }
        var trials = 0
        for size in 0...candidates.count {
            var best: (placed: Int, edges: [Int32])?
            var choice = Array(0..<size)
            repeat {
                trials += 1
                if trials > 4000 { return closeGreedily(trial) }
                let (edges, lacking) = trial(choice.map { candidates[$0] })
                let placed = edges.count { $0 >= 0 }
                if lacking.isEmpty, placed > best?.placed ?? -1 { best = (placed, edges) }
            } while choice.advance(below: candidates.count)
            if let best { return Solution(edges: best.edges, isClosingLeast: true) }
        }
        return closeGreedily(trial)
    }

    private func closeGreedily(
        _ trial: ([Int]) -> (edges: [Int32], lacking: [(shortfall: Int, position: Int)])
    ) -> Solution {
        var closed: [Int] = []
        while true {
            let (edges, lacking) = trial(closed)
            guard let worst = lacking.max(by: { ($0.shortfall, -$0.position) < ($1.shortfall, -$1.position) }) else {
                return Solution(edges: edges)
            }
            closed.append(worst.position)
        }
    }
}

extension [Int] {
    /// The next choice of as many numbers below `limit`, in rising order; whether there is one.
    fileprivate mutating func advance(below limit: Int) -> Bool {
        guard let place = indices.last(where: { self[$0] < limit - count + $0 }) else { return false }
        let first = self[place] + 1
        for index in place..<count { self[index] = first + index - place }
        return true
    }
}
