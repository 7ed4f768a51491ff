/// Finds entries of rankings that the other side did not return. Such pairs can't be matched.
struct OneSidedListings {
    private let input: MarketInput
    private var ranked: [String: Set<String>] = [:]
    private var choices: [String: Set<String>] = [:]
    private var firmOf: [String: String] = [:]
    private var found: [MarketFault] = []

    init(_ input: MarketInput) {
        self.input = input
    }

    /// The first hundred.
    mutating func find() -> [MarketFault] {
        for firm in input.firms {
            ranked[firm.id] = Set(firm.ranking.joined())
            for position in firm.allPositions { firmOf[position.id] = firm.id }
        }
        for (index, applicant) in input.applicants.enumerated() {
            look(applicant.id, applicant.ranking, "/applicants/\(index)/ranking")
        }
        for (index, team) in input.teams.enumerated() { look(team.id, team.ranking, "/teams/\(index)/ranking") }
        for couple in input.couples {
            choices[couple.first] = Set(couple.ranking.joined().compactMap { $0.first.flatMap { firmOf[$0] } })
            choices[couple.second] = Set(couple.ranking.joined().compactMap { $0.second.flatMap { firmOf[$0] } })
        }
        for (index, firm) in input.firms.enumerated() {
            for (row, group) in firm.ranking.enumerated() {
                for (column, id) in group.enumerated() where choices[id]?.contains(firm.id) != true {
                    let tied = group.count == 1 ? "" : "/\(column)"
                    note(
                        "/firms/\(index)/ranking/\(row)\(tied)",
                        "\"\(firm.id)\" ranks \"\(id)\", who does not list it."
                    )
                }
            }
        }
        return found
    }

    private mutating func look(_ applicant: String, _ ranking: [[String]], _ pointer: String) {
        choices[applicant] = Set(ranking.joined().compactMap { firmOf[$0] })
        for (row, group) in ranking.enumerated() {
            for (column, id) in group.enumerated() {
                guard let firm = firmOf[id], ranked[firm]?.contains(applicant) != true else { continue }
                let tied = group.count == 1 ? "" : "/\(column)"
                note("\(pointer)/\(row)\(tied)", "\"\(applicant)\" lists \"\(id)\", which does not rank them.")
            }
        }
    }

    private mutating func note(_ pointer: String, _ message: String) {
        if found.count < InvalidMarket.limit { found.append(MarketFault(pointer, message)) }
    }
}
