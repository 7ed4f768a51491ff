/// A market of applicants and firms with a capacity, and nothing else, in numbers: ids in canonical order, and the
/// lists as they were written, with what the other side did not return.
///
/// A market of a million applicants is kept in this form only.
package struct MarketTables: Hashable, Sendable {
    package let applicants: IDs
    package let firms: IDs
    package let capacity: [Int32]
    package let choices: RankedLists
    package let rankings: RankedLists
    /// By applicant; empty if nobody has any.
    package let categories: [[String]]

    package init(
        applicants: IDs,
        firms: IDs,
        capacity: [Int32],
        choices: RankedLists,
        rankings: RankedLists,
        categories: [[String]] = []
    ) {
        self.applicants = applicants
        self.firms = firms
        self.capacity = capacity
        self.choices = choices
        self.rankings = rankings
        self.categories = categories
    }

    /// `input` must be free of faults and hold applicants and firms with a capacity only.
    init(_ input: MarketInput) {
        let people = input.applicants.sorted { $0.id.canonicallyPrecedes($1.id) }
        let firms = input.firms.sorted { $0.id.canonicallyPrecedes($1.id) }
        let personNumber = Dictionary(people.enumerated().map { ($1.id, Int32($0)) }) { first, _ in first }
        let firmNumber = Dictionary(firms.enumerated().map { ($1.id, Int32($0)) }) { first, _ in first }
        var choices = RankedLists()
        for person in people { choices.append(person.ranking.map { $0.compactMap { firmNumber[$0] } }) }
        var rankings = RankedLists()
        for firm in firms { rankings.append(firm.ranking.map { $0.compactMap { personNumber[$0] } }) }
        self.init(
            applicants: IDs(sorted: people.map(\.id)),
            firms: IDs(sorted: firms.map(\.id)),
            capacity: firms.map { Int32($0.capacity) },
            choices: choices,
            rankings: rankings,
            categories: people.allSatisfy(\.categories.isEmpty) ? [] : people.map(\.categories)
        )
    }

    var hasTies: Bool { choices.hasTies || rankings.hasTies }

    /// As people write it.
    var input: MarketInput {
        MarketInput(
            applicants: applicants.indices.map { index in
                MarketInput.Applicant(
                    id: applicants[index],
                    ranking: choices(of: index),
                    categories: categories.isEmpty ? [] : categories[index]
                )
            },
            firms: firms.indices.map { index in
                MarketInput.Firm(
                    id: firms[index],
                    capacity: Int(capacity[index]),
                    ranking: rankings.groups(index).map { $0.map { applicants[Int($0)] } }
                )
            }
        )
    }

    func choices(of applicant: Int) -> [[String]] { choices.groups(applicant).map { $0.map { firms[Int($0)] } } }
}
