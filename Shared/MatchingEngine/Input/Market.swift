/// A market in numbers: ids in canonical order, the pairs that both sides listed as edges in compressed rows.
///
/// Firms without positions count as one position with the firm's id and capacity, so that everything below needs to
/// know positions only.
public struct Market: Sendable {
    public let input: MarketInput
    /// Entries that only one side listed, and the like; the first hundred.
    public let warnings: [MarketFault]
    /// How many entries of rankings the other side did not return.
    public let oneSided: Int

    /// Applicants, teams and members of couples in the order of their UTF-8 bytes.
    public let applicantIDs: [String]
    public let firmIDs: [String]
    public let positionIDs: [String]

    let applicantIndex: [String: Int32]
    let positionIndex: [String: Int32]
    let firmOfPosition: [Int32]
    let positionCapacity: [Int32]
    let firmCapacity: [Int32]
    /// Seats that each applicant takes: 1 but for teams.
    let seats: [Int32]

    /// The edges of applicant `a` are `edgeStart[a]..<edgeStart[a + 1]`, best first.
    let edgeStart: [Int32]
    let edgeApplicant: [Int32]
    let edgePosition: [Int32]
    /// 1 + how many the applicant's list names strictly before; equal for tied ones.
    let edgeChoice: [Int32]
    /// 1 + how many the firm's list names strictly before; equal for tied ones.
    let edgeRank: [Int32]

    /// Checks `input` and numbers it.
    public init(_ input: MarketInput) throws(InvalidMarket) {
        var compiler = MarketCompiler(input)
        compiler.validate()
        guard compiler.faults.isEmpty else { throw InvalidMarket(faults: compiler.faults) }
        self = compiler.market()
    }

    init(
        input: MarketInput,
        ids: MarketIDs,
        edges: MarketEdges,
        warnings: [MarketFault]
    ) {
        self.input = input
        self.warnings = warnings
        oneSided = edges.oneSided
        applicantIDs = ids.applicants
        firmIDs = ids.firms
        positionIDs = ids.positions
        applicantIndex = ids.applicantIndex
        positionIndex = ids.positionIndex
        firmOfPosition = ids.firmOfPosition
        positionCapacity = ids.positionCapacity
        firmCapacity = ids.firmCapacity
        seats = ids.seats
        edgeStart = edges.start
        edgeApplicant = edges.applicant
        edgePosition = edges.position
        edgeChoice = edges.choice
        edgeRank = edges.rank
    }

    /// `base` with other edges.
    init(_ base: Market, edges: MarketEdges) {
        input = base.input
        warnings = base.warnings
        oneSided = edges.oneSided
        applicantIDs = base.applicantIDs
        firmIDs = base.firmIDs
        positionIDs = base.positionIDs
        applicantIndex = base.applicantIndex
        positionIndex = base.positionIndex
        firmOfPosition = base.firmOfPosition
        positionCapacity = base.positionCapacity
        firmCapacity = base.firmCapacity
        seats = base.seats
        edgeStart = edges.start
        edgeApplicant = edges.applicant
        edgePosition = edges.position
        edgeChoice = edges.choice
        edgeRank = edges.rank
    }

    var applicantCount: Int { applicantIDs.count }
    var positionCount: Int { positionIDs.count }

    func edges(of applicant: Int) -> Range<Int> { Int(edgeStart[applicant])..<Int(edgeStart[applicant + 1]) }

    func position(of edge: Int32) -> Int { Int(edgePosition[Int(edge)]) }
}
