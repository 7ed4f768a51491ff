extension Certificate {
    /// What a checker found. Without breaches and blocking pairs the matching is what was asked for.
    init(
        _ rules: MatchingRules,
        inputHash: String,
        notion: Notion,
        breaches: [String],
        blocking: [BlockingPair],
        cutoffs: [Cutoff]
    ) {
        runID = sha256(Array("\(engineVersion)\n\(inputHash)\n\(rules.canonical)".utf8))
        self.inputHash = inputHash
        seedHash = sha256(Array(rules.seed.utf8))
        self.notion = notion
        verdict = breaches.isEmpty && blocking.isEmpty ? .holds : .open
        self.breaches = breaches
        self.blocking = blocking
        self.cutoffs = cutoffs
        bound = nil
    }
}

extension Certificate.Notion {
    /// What stability means for a goal in the market `input`.
    init(_ goal: MatchingRules.Goal, _ input: MarketInput) {
        switch goal {
        case .strong: self = .strong
        case .super: self = .super
        case .envyFree: self = .envyFree
        case .stable, .mostPlaced, .closing:
            if !input.couples.isEmpty {
                self = .kpr
            } else if !input.regions.isEmpty {
                self = .regional
            } else if input.firms.contains(where: { !$0.caps.isEmpty || !$0.reserves.isEmpty }) {
                self = .choice
            } else {
                self = input.teams.contains { $0.seats > 1 } ? .team : .weak
            }
        }
    }
}

extension Market {
    /// What an independent checker says of somebody's matching. Everybody must be in it; `nil` is for without a place.
    public func certificate(for matching: [String: String?], rules: MatchingRules) -> Certificate {
        certificate(for: WrittenMatching(matching, of: self), rules: rules)
    }

    package func certificate(for written: WrittenMatching, rules: MatchingRules) -> Certificate {
        guard let tables, rules.isPlain else {
            return MatchingChecker(input, locked: rules.locked)
                .certificate(for: written.matching(of: self), rules: rules)
        }
        var breaches: [String] = []
        let places = written.places.enumerated().map { applicant, place -> Int32 in
            switch place {
            case .position(let position): return position
            case .nowhere: return PlainChecker.nowhere
            case .missing:
                breaches.append("\(applicantIDs[applicant]) is missing from the matching.")
                return PlainChecker.nowhere
            case .unknown:
                let place = written.unknownPlaces[applicant] ?? ""
                breaches.append("\(applicantIDs[applicant]) is placed at \(place), which does not exist.")
                return PlainChecker.nowhere
            }
        }
        for id in written.strangers.keys.sorted(by: { $0.canonicallyPrecedes($1) }) {
            breaches.append("\(id) is no applicant of the market.")
        }
        return PlainChecker(tables, places: places).certificate(rules, breaches: breaches)
    }

    /// What the checker says of the solver's answer in `market`, which is this one with places locked.
    func certificate(for edges: [Int32], of market: Market, _ rules: MatchingRules) -> Certificate {
        guard let tables = market.tables, rules.isPlain else {
            return MatchingChecker(input, locked: rules.locked)
                .certificate(for: market.matching(edges), rules: rules)
        }
        let places = edges.map { $0 < 0 ? PlainChecker.nowhere : Int32(market.position(of: $0)) }
        return PlainChecker(tables, places: places).certificate(rules)
    }
}

extension MatchingRules {
    /// Weak stability, and nothing settled beforehand.
    fileprivate var isPlain: Bool { locked.isEmpty && (goal == .stable || goal == .mostPlaced) }
}

extension PlainChecker {
    fileprivate func certificate(_ rules: MatchingRules, breaches others: [String] = []) -> Certificate {
        Certificate(
            rules,
            inputHash: inputHash,
            notion: .weak,
            breaches: others + breaches,
            blocking: blocking(),
            cutoffs: cutoffs(Lottery(seed: rules.seed, round: rules.round))
        )
    }
}
