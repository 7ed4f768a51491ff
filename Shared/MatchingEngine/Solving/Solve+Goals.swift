extension Market {
    /// Király's approximation, a flow that none can exceed, and if there is a gap the exact search.
    func solveMostPlaced(_ features: Features, _ strict: StrictPreferences) -> Solution {
        var start = deferredAcceptance(.applicants, features, strict)
        if !features.positions {
            var kiraly = ApplicantsPropose(self, strict, promoting: true)
            let promoted = kiraly.solve()
            if promoted.count(where: { $0 >= 0 }) > start.count(where: { $0 >= 0 }) { start = promoted }
        }
        let limit = mostThatFit()
        // Where nobody is tied all stable matchings place the same.
        if !features.positions, !hasTies {
            return Solution(edges: start, atMost: start.count { $0 >= 0 })
        }
        let best = ExactSearch(self, strict).mostPlaced(from: start, atMost: limit)
        return Solution(edges: best.edges, atMost: best.atMost)
    }

    /// Envy-free, within minimum quotas: a stable matching if it meets them, else the largest that does.
    func solveEnvyFree(_ strict: StrictPreferences) -> Solution {
        var solver = ApplicantsPropose(self, strict)
        let stable = solver.solve()
        if meetsMinima(stable) { return Solution(edges: stable) }
        let (answer, isLargest) = ExactSearch(self, strict).envyFree(from: stable)
        switch answer {
        case .found(let edges):
            return Solution(edges: edges, atMost: isLargest ? edges.count { $0 >= 0 } : nil)
        case .impossible: return Solution(edges: stable, isExhaustive: true)
        case .undecided: return Solution(edges: stable)
        }
    }

    /// `edges` if they are what the goal asks for, else a weakly stable matching; the algorithm was complete.
    func preferring(_ edges: [Int32], goal: MatchingRules.Goal, _ strict: StrictPreferences) -> Solution {
        let checker = MatchingChecker(input)
        let found = checker.certificate(for: matching(edges), rules: MatchingRules(goal: goal))
        if found.verdict == .holds { return Solution(edges: edges, isExhaustive: true) }
        var solver = ApplicantsPropose(self, strict)
        return Solution(edges: solver.solve(), isExhaustive: true)
    }

    /// Minimum quotas. By the Rural Hospitals theorem one stable matching decides where nobody is tied; else the exact
    /// search does. If there is none, the fewest blocking pairs.
    func meetMinima(
        _ solution: Solution,
        _ features: Features,
        _ strict: StrictPreferences,
        _ rules: MatchingRules
    ) -> Solution {
        if meetsMinima(solution.edges) { return solution }
        let search = ExactSearch(self, strict)
        var isProved = !hasTies && !features.positions
        if !isProved {
            switch search.stable(from: solution.edges) {
            case .found(let edges):
                guard rules.goal == .mostPlaced else { return Solution(edges: edges) }
                let best = search.mostPlaced(from: edges, atMost: mostThatFit())
                return Solution(edges: best.edges, atMost: best.atMost)
            case .impossible: isProved = true
            case .undecided: break
            }
        }
        let least = search.fewestBlocking(from: solution.edges)?.edges ?? solution.edges
        return Solution(edges: least, isExhaustive: isProved)
    }

    func meetsMinima(_ edges: [Int32]) -> Bool {
        var filled = [Int](repeating: 0, count: positionCount)
        for edge in edges where edge >= 0 { filled[position(of: edge)] += 1 }
        return input.firms.allSatisfy { firm in
            let counts = firm.allPositions.map { position in
                (filled: positionIndex[position.id].map { filled[Int($0)] } ?? 0, minimum: position.minimum)
            }
            return counts.allSatisfy { $0.filled >= $0.minimum }
                && counts.reduce(0) { $0 + $1.filled } >= firm.minimum
        }
    }

    /// Whether either side is indifferent between two that it could have.
    var hasTies: Bool {
        for applicant in 0..<applicantCount {
            let choices = edges(of: applicant).map { edgeChoice[$0] }
            if Set(choices).count < choices.count { return true }
        }
        var seen = Set<Int64>()
        for edge in edgePosition.indices {
            let key = Int64(edgePosition[edge]) << 32 | Int64(edgeRank[edge])
            if !seen.insert(key).inserted { return true }
        }
        return false
    }
}
