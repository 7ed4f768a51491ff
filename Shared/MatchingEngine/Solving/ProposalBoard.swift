/// Provisional assignments and deleted pairs, for the algorithms in which applicants propose to all firms of a tie.
struct ProposalBoard {
    let market: Market
    private(set) var isAlive: [Bool]
    /// By position: the edges assigned for now.
    private(set) var assigned: [[Int]]
    /// By applicant: how many positions it is assigned to.
    private(set) var held: [Int]
    /// By position: its edges, the best rank first.
    private let lists: [[Int]]
    private var free: [Int]

    init(_ market: Market) {
        self.market = market
        isAlive = Array(repeating: true, count: market.edgePosition.count)
        assigned = Array(repeating: [], count: market.positionCount)
        held = Array(repeating: 0, count: market.applicantCount)
        var lists = [[Int]](repeating: [], count: market.positionCount)
        for edge in market.edgePosition.indices { lists[Int(market.edgePosition[edge])].append(edge) }
        self.lists = lists.map { $0.sorted { (market.edgeRank[$0], $0) < (market.edgeRank[$1], $1) } }
        free = Array((0..<market.applicantCount).reversed())
        for position in lists.indices where market.positionCapacity[position] == 0 {
            for edge in lists[position] { isAlive[edge] = false }
        }
    }

    /// An applicant who is assigned nowhere and has somewhere left to ask.
    mutating func nextFree() -> Int? {
        while let applicant = free.popLast() {
            if held[applicant] == 0, market.edges(of: applicant).contains(where: { isAlive[$0] }) { return applicant }
        }
        return nil
    }

    /// The best group that is left of an applicant's list.
    func head(of applicant: Int) -> [Int] {
        let left = market.edges(of: applicant).filter { isAlive[$0] }
        guard let best = left.map({ market.edgeChoice[$0] }).min() else { return [] }
        return left.filter { market.edgeChoice[$0] == best }
    }

    /// Returns the position.
    mutating func assign(_ edge: Int) -> Int {
        let position = Int(market.edgePosition[edge])
        if !assigned[position].contains(edge) {
            assigned[position].append(edge)
            held[Int(market.edgeApplicant[edge])] += 1
        }
        return position
    }

    func worstAssigned(_ position: Int) -> Int32 { assigned[position].map { market.edgeRank[$0] }.max() ?? .max }

    /// The rank of the last group that is left of a position's list.
    func tailRank(of position: Int) -> Int32 {
        lists[position].last { isAlive[$0] }.map { market.edgeRank[$0] } ?? .max
    }

    mutating func deleteTail(of position: Int) {
        delete(at: position, worseThan: tailRank(of: position) - 1)
    }

    mutating func delete(at position: Int, worseThan rank: Int32) {
        for edge in lists[position].reversed() {
            guard market.edgeRank[edge] > rank else { break }
            guard isAlive[edge] else { continue }
            isAlive[edge] = false
            if let index = assigned[position].firstIndex(of: edge) {
                assigned[position].remove(at: index)
                let applicant = Int(market.edgeApplicant[edge])
                held[applicant] -= 1
                if held[applicant] == 0 { free.append(applicant) }
            }
        }
    }
}
