extension CohortRules {
    /// What is wrong with a rule.
    public struct Fault: Error, Hashable, Sendable {
        /// A JSON pointer into the rules, such as `/caps/0/maximum`.
        public let pointer: String
        /// A whole sentence without its subject.
        public let reason: String

        init(_ pointer: String, _ reason: String) {
            self.pointer = pointer
            self.reason = reason
        }
    }

    /// Everything that keeps these rules from being a cohort's with these universities and firms.
    public func faults(universities: Set<Slug>, firms: Set<Slug>) -> [Fault] {
        var check = RuleCheck(universities: universities, firms: firms)
        check.amounts(of: self)
        check.groups(of: self)
        check.goal(of: self)
        return check.faults
    }
}

private struct RuleCheck {
    let universities: Set<Slug>
    let firms: Set<Slug>
    var faults: [CohortRules.Fault] = []

    mutating func amounts(of rules: CohortRules) {
        let lists = rules.lists
        range(lists.applicants.maximum, 1...50, "/lists/applicants/maximum")
        range(lists.applicants.minimum, 0...max(0, lists.applicants.maximum), "/lists/applicants/minimum")
        range(lists.firms.maximum ?? 1, 1...20_000, "/lists/firms/maximum")
        range(lists.firms.minimum, 0...max(0, lists.firms.maximum ?? 20_000), "/lists/firms/minimum")
        range(rules.answerDays, 1...366, "/answerDays")
        range(rules.supplementaryRounds ?? 0, 0...1000, "/supplementaryRounds")
        for (index, days) in rules.reminderDays.enumerated() {
            range(days, 1...366, "/reminderDays/\(index)")
            if rules.reminderDays[..<index].contains(days) { fault("/reminderDays/\(index)", "is named twice") }
        }
        if rules.reminderDays.count > 10 { fault("/reminderDays", "must have at most 10 entries") }
        range(rules.terms?.yearsOfService ?? 0, 0...50, "/terms/yearsOfService")
        for (index, amount) in (rules.terms?.amounts ?? []).enumerated() {
            range(amount.minor, 0...1_000_000_000_000, "/terms/amounts/\(index)/minor")
        }
    }

    mutating func groups(of rules: CohortRules) {
        known(rules.eligibility.universities, universities, "university", "/eligibility/universities")
        for (index, cap) in rules.caps.enumerated() {
            group(cap.group, cap.firms, "/caps/\(index)")
            range(cap.maximum, 0...10_000, "/caps/\(index)/maximum")
            let rivals = rules.caps[..<index].filter { $0.group == cap.group }
            if rivals.contains(where: { meet($0.firms, cap.firms) }) {
                fault("/caps/\(index)", "is the second cap of this group at a firm")
            }
        }
        for (index, reserve) in rules.reserves.enumerated() {
            group(reserve.group, reserve.firms, "/reserves/\(index)")
            range(reserve.seats, 1...10_000, "/reserves/\(index)/seats")
            let rivals = rules.reserves[..<index].filter { $0.group == reserve.group }
            if rivals.contains(where: { meet($0.firms, reserve.firms) }) {
                fault("/reserves/\(index)", "is the second reserve of this group at a firm")
            }
        }
        for (index, minimum) in rules.minimums.enumerated() {
            known([minimum.firm], firms, "firm", "/minimums/\(index)/firm", isList: false)
            range(minimum.seats, 1...10_000, "/minimums/\(index)/seats")
            if rules.minimums[..<index].contains(where: { $0.firm == minimum.firm }) {
                fault("/minimums/\(index)/firm", "has a minimum already")
            }
        }
        var placed: Set<Slug> = []
        for (index, region) in rules.regions.enumerated() {
            known(region.firms, firms, "firm", "/regions/\(index)/firms")
            range(region.maximum, 0...1_000_000, "/regions/\(index)/maximum")
            if rules.regions[..<index].contains(where: { $0.code == region.code }) {
                fault("/regions/\(index)/code", "is used twice")
            }
            for (place, firm) in region.firms.enumerated() where !placed.insert(firm).inserted {
                fault("/regions/\(index)/firms/\(place)", "lies in a region already")
            }
        }
    }

    /// What the engine has no algorithm for.
    mutating func goal(of rules: CohortRules) {
        let hasCategories = !rules.caps.isEmpty || !rules.reserves.isEmpty
        if hasCategories, !rules.regions.isEmpty {
            fault("/regions", "can't be combined with caps and reserves")
        }
        if !rules.minimums.isEmpty, hasCategories || !rules.regions.isEmpty {
            fault("/minimums", "can't be combined with caps, reserves or regions")
        }
        switch rules.goal {
        case .applicantsOptimal: break
        case .firmsOptimal:
            if !rules.regions.isEmpty { fault("/goal", "can't be firms-optimal with regions") }
        case .mostPlaced:
            if hasCategories || !rules.regions.isEmpty {
                fault("/goal", "can't be most-placed with caps, reserves or regions")
            }
        }
    }

    private mutating func group(_ group: CohortRules.Group, _ firms: [Slug], _ pointer: String) {
        if group.university == nil, group.economy == nil {
            fault("\(pointer)/group", "must name a university, an economy or both")
        }
        if let university = group.university {
            known([university], universities, "university", "\(pointer)/group/university", isList: false)
        }
        known(firms, self.firms, "firm", "\(pointer)/firms")
    }

    private mutating func known(
        _ codes: [Slug],
        _ known: Set<Slug>,
        _ name: String,
        _ pointer: String,
        isList: Bool = true
    ) {
        for (index, code) in codes.enumerated() {
            let place = isList ? "\(pointer)/\(index)" : pointer
            if !known.contains(code) { fault(place, "is not the code of a \(name) of the cohort") }
            if codes[..<index].contains(code) { fault(place, "is named twice") }
        }
    }

    /// Whether some firm has both; no firms stand for all.
    private func meet(_ left: [Slug], _ right: [Slug]) -> Bool {
        left.isEmpty || right.isEmpty || !Set(left).isDisjoint(with: right)
    }

    private mutating func range(_ value: Int, _ range: ClosedRange<Int>, _ pointer: String) {
        if !range.contains(value) { fault(pointer, "must be from \(range.lowerBound) to \(range.upperBound)") }
    }

    private mutating func fault(_ pointer: String, _ reason: String) {
        faults.append(CohortRules.Fault(pointer, reason))
    }
}
