extension Market {
    /// Finds the matching that `rules` ask for, and has it checked.
    ///
    /// Deterministic: the same market, in whatever order it is written, and the same rules give the same outcome.
    public func solve(_ rules: MatchingRules = MatchingRules()) throws(UnsupportedMarket) -> Outcome {
        outcome(try edges(for: rules), rules)
    }

    /// For each applicant the edge of its place, -1 without one.
    func edges(for rules: MatchingRules) throws(UnsupportedMarket) -> [Int32] {
        try refuseUnsupported(rules)
        let strict = StrictPreferences(self, Lottery(seed: rules.seed, round: rules.round))
        switch rules.proposing {
        case .applicants:
            var solver = ApplicantsPropose(self, strict)
            return solver.solve()
        case .firms: return FirmsPropose(self, strict).solve()
        }
    }

    private func refuseUnsupported(_ rules: MatchingRules) throws(UnsupportedMarket) {
        if rules.goal != .stable { throw UnsupportedMarket("The goal \(rules.goal.rawValue) is not solved yet.") }
        if !rules.locked.isEmpty { throw UnsupportedMarket("Locked places are not solved yet.") }
        if !input.couples.isEmpty { throw UnsupportedMarket("Couples are not solved yet.") }
        if input.teams.contains(where: { $0.seats > 1 }) {
            throw UnsupportedMarket("Teams that take more than one seat are not solved yet.")
        }
        if !input.regions.isEmpty { throw UnsupportedMarket("Regional maxima are not solved yet.") }
        for firm in input.firms {
            if !firm.positions.isEmpty { throw UnsupportedMarket("Positions are not solved yet.") }
            if !firm.caps.isEmpty { throw UnsupportedMarket("Caps by category are not solved yet.") }
            if !firm.reserves.isEmpty { throw UnsupportedMarket("Reserves are not solved yet.") }
            if firm.minimum > 0 { throw UnsupportedMarket("Minimum quotas are not solved yet.") }
        }
    }

    func outcome(_ edges: [Int32], _ rules: MatchingRules) -> Outcome {
        Outcome(
            market: self,
            rules: rules,
            certificate: MatchingChecker(input).certificate(for: matching(edges), rules: rules),
            statistics: statistics(edges),
            edges: edges
        )
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
