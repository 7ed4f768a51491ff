extension Market {
    /// Finds the matching that `rules` ask for, and has it checked.
    ///
    /// Deterministic: the same market, in whatever order it is written, and the same rules give the same outcome.
    public func solve(
        _ rules: MatchingRules = MatchingRules(),
        progress: MatchingProgress? = nil
    ) throws(UnsupportedMarket) -> Outcome {
        progress?(.solving)
        let market = try locking(rules.locked)
        let solution = try market.solution(for: rules)
        progress?(.checking)
        var certificate = certificate(for: solution.edges, of: market, rules)
        if certificate.verdict == .open, solution.isExhaustive { certificate.verdict = .noneExists }
        if certificate.verdict != .holds { certificate.leastBlocking = solution.leastBlocking }
        certificate.isClosingLeast = solution.isClosingLeast
        if certificate.verdict == .holds { certificate.kept = solution.kept }
        if let atMost = solution.atMost {
            certificate.bound = Certificate.Bound(placed: solution.edges.count { $0 >= 0 }, atMost: atMost)
        }
        progress?(.writing)
        return Outcome(
            market: market,
            rules: rules,
            certificate: certificate,
            statistics: market.statistics(solution.edges),
            edges: solution.edges
        )
    }

    /// The solver's answer, unchecked. `self` holds the locked places already.
    func solution(for rules: MatchingRules) throws(UnsupportedMarket) -> Solution {
        try features.check(rules)
        if features.categories { try CategoryLimits(self).check() }
        if features.regions { try checkRegions() }
        if rules.goal == .stable, rules.previous.isEmpty, let plain = PlainAcceptance(self) {
            return Solution(edges: plain.solve(rules.proposing, Lottery(seed: rules.seed, round: rules.round)))
        }
        let strict = StrictPreferences(self, Lottery(seed: rules.seed, round: rules.round))
        var solution = solution(for: rules, features, strict)
        if features.minima, rules.goal != .envyFree, rules.goal != .closing {
            solution = meetMinima(solution, features, strict, rules)
        }
        return rules.previous.isEmpty ? solution : keepingMost(solution, rules.previous, strict)
    }

    private func solution(for rules: MatchingRules, _ features: Features, _ strict: StrictPreferences) -> Solution {
        switch rules.goal {
        case .stable:
            if features.couples { return solveCouples(strict, seed: rules.seed) }
            if features.largeTeams { return solveTeams(strict) }
            return Solution(edges: deferredAcceptance(rules.proposing, features, strict))
        case .mostPlaced: return solveMostPlaced(features, strict)
        case .strong:
            var algorithm = StrongStability(self)
            return preferring(algorithm.solve(), goal: .strong, strict)
        case .super:
            var algorithm = SuperStability(self)
            let weak = deferredAcceptance(.applicants, features, strict)
            return Solution(edges: algorithm.solve() ?? weak, isExhaustive: true)
        case .envyFree: return solveEnvyFree(strict)
        case .closing: return solveClosing(strict)
        }
    }

    func deferredAcceptance(
        _ proposing: MatchingRules.Proposing,
        _ features: Features,
        _ strict: StrictPreferences
    ) -> [Int32] {
        let choosing = features.positions || features.categories || features.regions
        switch (proposing, choosing) {
        case (.applicants, false):
            var solver = ApplicantsPropose(self, strict)
            return solver.solve()
        case (.firms, false): return FirmsPropose(self, strict).solve()
        case (.applicants, true): return ChoiceAcceptance(self, strict).applicantsPropose()
        case (.firms, true): return ChoiceAcceptance(self, strict).firmsPropose()
        }
    }

    private func checkRegions() throws(UnsupportedMarket) {
        var seen = Set<String>()
        for region in input.regions {
            for firm in region.firms where !seen.insert(firm).inserted {
                throw UnsupportedMarket("\(firm) lies in two regions.")
            }
        }
    }

    func matching(_ edges: [Int32]) -> [String: String?] {
        var matching: [String: String?] = [:]
        matching.reserveCapacity(applicantCount)
        for (applicant, id) in applicantIDs.enumerated() {
            matching[id] = .some(edges[applicant] < 0 ? nil : positionIDs[position(of: edges[applicant])])
        }
        return matching
    }
}
