/// Checks a market and numbers it.
struct MarketCompiler {
    let input: MarketInput
    private(set) var faults: [MarketFault] = []
    private var warnings: [MarketFault] = []
    /// What each id is, to say so when it is used for something else.
    private var kinds: [String: Kind] = [:]

    enum Kind: String {
        case applicant = "an applicant"
        case team = "a team"
        case couple = "a couple"
        case coupleMember = "a couple's member"
        case teamMember = "a team's member"
        case firm = "a firm"
        case firmWithPositions = "a firm with positions"
        case position = "a position"
    }

    init(_ input: MarketInput) {
        self.input = input
    }

    mutating func fault(_ pointer: String, _ message: String) {
        if faults.count < InvalidMarket.limit { faults.append(MarketFault(pointer, message)) }
    }

    mutating func warn(_ pointer: String, _ message: String) {
        if warnings.count < InvalidMarket.limit { warnings.append(MarketFault(pointer, message)) }
    }

    /// Applicants' side and firms' side have ids of their own: an applicant may be called as a firm is.
    mutating func declare(_ id: String, _ kind: Kind, _ pointer: String, demand: Bool) {
        if id.isEmpty { fault(pointer, "The id is empty.") }
        if id.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { fault(pointer, "The id holds a control character.") }
        let key = (demand ? "a" : "f") + id
        if let other = kinds.updateValue(kind, forKey: key) {
            fault(pointer, "\"\(id)\" is already the id of \(other.rawValue).")
        }
    }

    func kind(of id: String, demand: Bool) -> Kind? { kinds[(demand ? "a" : "f") + id] }

    /// The market in numbers. Only after `validate()` found no fault.
    func market() -> Market {
        if Features(input).isPlain, input.teams.isEmpty {
            return market(MarketTables(input))
        }
        let ids = MarketIDs(input)
        var listed = [[MarketEdges.Entry]](repeating: [], count: ids.applicants.count)
        func list(_ id: String, _ ranking: [[String]]) {
            guard let applicant = ids.applicantIndex[id] else { return }
            listed[Int(applicant)] = MarketEdges.entries(ranking, ids.positionIndex)
        }
        for applicant in input.applicants { list(applicant.id, applicant.ranking) }
        for team in input.teams { list(team.id, team.ranking) }
        for couple in input.couples {
            list(couple.first, [Set(couple.ranking.joined().compactMap(\.first)).sorted()])
            list(couple.second, [Set(couple.ranking.joined().compactMap(\.second)).sorted()])
        }
        let firms = Dictionary(uniqueKeysWithValues: input.firms.map { ($0.id, $0) })
        let ranks = ids.firms.map { MarketEdges.entries(firms[$0]?.ranking ?? [], ids.applicantIndex) }
        let edges = MarketEdges(listed: listed, ranks: ranks, firmOfPosition: ids.firmOfPosition)
        var notes = OneSidedListings(input)
        return Market(
            input: input,
            ids: ids,
            edges: edges,
            warnings: warnings + (edges.oneSided > 0 ? notes.find() : [])
        )
    }

    private func market(_ tables: MarketTables) -> Market {
        var notes = OneSidedListings(input)
        let isOneSided = MarketEdges(tables).oneSided > 0
        return Market(
            tables,
            written: WrittenMarket(input),
            warnings: warnings + (isOneSided ? notes.find() : [])
        )
    }
}
