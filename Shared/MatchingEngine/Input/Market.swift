/// A market in numbers: ids in canonical order, the pairs that both sides listed as edges in compressed rows.
///
/// Firms without positions count as one position with the firm's id and capacity, so that everything below needs to
/// know positions only.
public struct Market: Sendable {
    /// Entries that only one side listed, and the like; the first hundred. A reader of files tells them itself.
    public let warnings: [MarketFault]
    /// How many entries of rankings the other side did not return.
    public let oneSided: Int

    /// Applicants, teams and members of couples in the order of their UTF-8 bytes.
    public let applicantIDs: IDs
    public let firmIDs: IDs
    public let positionIDs: IDs

    let features: Features
    /// The lists as they were written; only of markets with nothing but applicants and firms with a capacity.
    let tables: MarketTables?
    private let written: WrittenMarket

    let firmOfPosition: [Int32]
    let positionCapacity: [Int32]
    let firmCapacity: [Int32]
    /// Seats that each applicant takes: 1 but for teams.
    let seats: Seats

    /// The edges of applicant `a` are `edgeStart[a]..<edgeStart[a + 1]`, best first.
    let edgeStart: [Int32]
    let edgeApplicant: EdgeOwners
    let edgePosition: [Int32]
    /// 1 + how many the applicant's list names strictly before; equal for tied ones.
    let edgeChoice: EdgeChoices
    /// 1 + how many the firm's list names strictly before; equal for tied ones.
    let edgeRank: [Int32]

    /// Checks `input` and numbers it.
    public init(_ input: MarketInput) throws(InvalidMarket) {
        var compiler = MarketCompiler(input)
        compiler.validate()
        guard compiler.faults.isEmpty else { throw InvalidMarket(faults: compiler.faults) }
        self = compiler.market()
    }

    /// `tables` must be free of faults: no id or entry twice, and no capacity below zero.
    package init(_ tables: MarketTables) {
        self.init(tables, written: WrittenMarket(tables), warnings: [])
    }

    init(_ tables: MarketTables, written: WrittenMarket, warnings: [MarketFault]) {
        let edges = MarketEdges(tables)
        self.warnings = warnings
        self.written = written
        self.tables = tables
        features = Features()
        oneSided = edges.oneSided
        applicantIDs = tables.applicants
        firmIDs = tables.firms
        positionIDs = tables.firms
        firmOfPosition = tables.firms.indices.map { Int32($0) }
        positionCapacity = tables.capacity
        firmCapacity = tables.capacity
        seats = Seats()
        edgeStart = edges.start
        edgeApplicant = EdgeOwners(edges)
        edgePosition = edges.position
        edgeChoice = EdgeChoices(edges)
        edgeRank = edges.rank
    }

    init(
        input: MarketInput,
        ids: MarketIDs,
        edges: MarketEdges,
        warnings: [MarketFault]
    ) {
        self.warnings = warnings
        written = WrittenMarket(input)
        tables = nil
        features = Features(input)
        oneSided = edges.oneSided
        applicantIDs = IDs(sorted: ids.applicants)
        firmIDs = IDs(sorted: ids.firms)
        positionIDs = IDs(sorted: ids.positions)
        firmOfPosition = ids.firmOfPosition
        positionCapacity = ids.positionCapacity
        firmCapacity = ids.firmCapacity
        seats = Seats(ids.seats)
        edgeStart = edges.start
        edgeApplicant = EdgeOwners(edges)
        edgePosition = edges.position
        edgeChoice = EdgeChoices(edges)
        edgeRank = edges.rank
    }

    /// `base` with other edges.
    init(_ base: Market, edges: MarketEdges) {
        warnings = base.warnings
        written = base.written
        tables = nil
        features = base.features
        oneSided = edges.oneSided
        applicantIDs = base.applicantIDs
        firmIDs = base.firmIDs
        positionIDs = base.positionIDs
        firmOfPosition = base.firmOfPosition
        positionCapacity = base.positionCapacity
        firmCapacity = base.firmCapacity
        seats = base.seats
        edgeStart = edges.start
        edgeApplicant = EdgeOwners(edges)
        edgePosition = edges.position
        edgeChoice = EdgeChoices(edges)
        edgeRank = edges.rank
    }

    /// As people write it. Of a large market that was read from a file this takes time and memory: it is made when it
    /// is first asked for.
    public var input: MarketInput { written.input }

    /// By id, its number.
    var applicantIndex: IDs { applicantIDs }
    var positionIndex: IDs { positionIDs }

    var applicantCount: Int { applicantIDs.count }
    var positionCount: Int { positionIDs.count }

    func edges(of applicant: Int) -> Range<Int> { Int(edgeStart[applicant])..<Int(edgeStart[applicant + 1]) }

    func position(of edge: Int32) -> Int { Int(edgePosition[Int(edge)]) }
}

extension Market {
    /// Whether both sides listed each other. Numbers are places in the canonical order.
    package func isEdge(_ applicant: Int32, _ position: Int32) -> Bool {
        edges(of: Int(applicant)).contains { edgePosition[$0] == position }
    }
}
