extension MarketCompiler {
    mutating func validate() {
        declareDemand()
        declareSupply()
        for (index, applicant) in input.applicants.enumerated() {
            checkChoices(applicant.ranking, "/applicants/\(index)/ranking")
        }
        for (index, team) in input.teams.enumerated() { checkChoices(team.ranking, "/teams/\(index)/ranking") }
        for (index, couple) in input.couples.enumerated() { checkPairs(couple, "/couples/\(index)/ranking") }
        for (index, firm) in input.firms.enumerated() { checkFirm(firm, "/firms/\(index)") }
        for (index, region) in input.regions.enumerated() { checkRegion(region, "/regions/\(index)") }
    }

    private mutating func declareDemand() {
        for (index, applicant) in input.applicants.enumerated() {
            declare(applicant.id, .applicant, "/applicants/\(index)/id", demand: true)
        }
        for (index, team) in input.teams.enumerated() {
            declare(team.id, .team, "/teams/\(index)/id", demand: true)
            checkAmount(team.seats, least: 1, "/teams/\(index)/seats")
            for (member, id) in team.members.enumerated() {
                declare(id, .teamMember, "/teams/\(index)/members/\(member)", demand: true)
            }
        }
        for (index, couple) in input.couples.enumerated() {
            declare(couple.id, .couple, "/couples/\(index)/id", demand: true)
            declare(couple.first, .coupleMember, "/couples/\(index)/members/0", demand: true)
            declare(couple.second, .coupleMember, "/couples/\(index)/members/1", demand: true)
        }
    }

    private mutating func declareSupply() {
        for (index, firm) in input.firms.enumerated() {
            let pointer = "/firms/\(index)"
            declare(firm.id, firm.positions.isEmpty ? .firm : .firmWithPositions, pointer + "/id", demand: false)
            for (number, position) in firm.positions.enumerated() {
                declare(position.id, .position, "\(pointer)/positions/\(number)/id", demand: false)
            }
        }
    }

    private mutating func checkChoices(_ ranking: [[String]], _ pointer: String) {
        var seen = Set<String>()
        for (row, group) in ranking.enumerated() {
            for (column, id) in group.enumerated() {
                let place = group.count == 1 ? "\(pointer)/\(row)" : "\(pointer)/\(row)/\(column)"
                checkPlace(id, place)
                if !seen.insert(id).inserted { fault(place, "\"\(id)\" is ranked twice.") }
            }
        }
    }

    private mutating func checkPlace(_ id: String, _ pointer: String) {
        switch kind(of: id, demand: false) {
        case .firm, .position: break
        case .firmWithPositions: fault(pointer, "\"\(id)\" has positions: rank these instead.")
        default: fault(pointer, "\"\(id)\" is no firm or position of this market.")
        }
    }

    private mutating func checkPairs(_ couple: MarketInput.Couple, _ pointer: String) {
        var seen = Set<MarketInput.Pair>()
        for (row, group) in couple.ranking.enumerated() {
            for (column, pair) in group.enumerated() {
                let place = group.count == 1 ? "\(pointer)/\(row)" : "\(pointer)/\(row)/tied/\(column)"
                if let first = pair.first { checkPlace(first, place + "/0") }
                if let second = pair.second { checkPlace(second, place + "/1") }
                if !seen.insert(pair).inserted { fault(place, "This pair is ranked twice.") }
            }
        }
    }

    private mutating func checkFirm(_ firm: MarketInput.Firm, _ pointer: String) {
        checkAmount(firm.capacity, least: 0, pointer + "/capacity")
        checkMinimum(firm.minimum, capacity: firm.capacity, pointer + "/minimum")
        for (index, position) in firm.positions.enumerated() {
            checkAmount(position.capacity, least: 0, "\(pointer)/positions/\(index)/capacity")
            checkMinimum(position.minimum, capacity: position.capacity, "\(pointer)/positions/\(index)/minimum")
        }
        var seen = Set<String>()
        for (row, group) in firm.ranking.enumerated() {
            for (column, id) in group.enumerated() {
                let place = group.count == 1 ? "\(pointer)/ranking/\(row)" : "\(pointer)/ranking/\(row)/\(column)"
                switch kind(of: id, demand: true) {
                case .applicant, .team, .coupleMember: break
                case .couple: fault(place, "\"\(id)\" is a couple: rank its members.")
                case .teamMember: fault(place, "\"\(id)\" is a team's member: rank the team.")
                default: fault(place, "\"\(id)\" is no applicant or team of this market.")
                }
                if !seen.insert(id).inserted { fault(place, "\"\(id)\" is ranked twice.") }
            }
        }
        for (index, cap) in firm.caps.enumerated() {
            checkAmount(cap.maximum, least: 0, "\(pointer)/caps/\(index)/maximum")
            if firm.caps[..<index].contains(where: { $0.category == cap.category }) {
                fault("\(pointer)/caps/\(index)", "The category has a cap already.")
            }
        }
        for (index, reserve) in firm.reserves.enumerated() {
            checkAmount(reserve.seats, least: 0, "\(pointer)/reserves/\(index)/seats")
            if firm.reserves[..<index].contains(where: { $0.category == reserve.category }) {
                fault("\(pointer)/reserves/\(index)", "The category has a reserve already.")
            }
        }
    }

    private mutating func checkRegion(_ region: MarketInput.Region, _ pointer: String) {
        checkAmount(region.maximum, least: 0, pointer + "/maximum")
        var seen = Set<String>()
        for (index, id) in region.firms.enumerated() {
            checkIsFirm(id, "\(pointer)/firms/\(index)")
            if !seen.insert(id).inserted { fault("\(pointer)/firms/\(index)", "\"\(id)\" is named twice.") }
        }
        for (id, target) in region.targets.sorted(by: { $0.key < $1.key }) {
            checkAmount(target, least: 0, pointer + "/targets")
            if !seen.contains(id) { fault(pointer + "/targets", "\"\(id)\" is no firm of the region.") }
        }
        if region.targets.values.reduce(0, +) > region.maximum {
            fault(pointer + "/targets", "The targets together must be at most the maximum, \(region.maximum).")
        }
        if !region.order.isEmpty, region.order.canonicallySorted != region.firms.canonicallySorted {
            fault(pointer + "/order", "The order must name each firm of the region once.")
        }
    }

    private mutating func checkIsFirm(_ id: String, _ pointer: String) {
        switch kind(of: id, demand: false) {
        case .firm, .firmWithPositions: break
        default: fault(pointer, "\"\(id)\" is no firm of this market.")
        }
    }

    private mutating func checkAmount(_ amount: Int, least: Int, _ pointer: String) {
        if amount < least { fault(pointer, "Must be at least \(least).") }
        if amount > 1_000_000_000 { fault(pointer, "Must be at most 1000000000.") }
    }

    private mutating func checkMinimum(_ minimum: Int, capacity: Int, _ pointer: String) {
        checkAmount(minimum, least: 0, pointer)
        if minimum > max(0, capacity) { fault(pointer, "Must be at most the capacity, \(max(0, capacity)).") }
    }
}
