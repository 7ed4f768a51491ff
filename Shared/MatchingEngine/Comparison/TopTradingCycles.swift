/// Top trading cycles: each applicant points to the best firm with a seat left, each firm to the applicant it ranks
/// best of those left; who stands in a circle gets what they point to.
struct TopTradingCycles {
    private let market: Market
    private let strict: StrictPreferences
    private var room: [Int32]
    private var result: [Int32]
    private var isDone: [Bool]
    private let lists: [[Int32]]

    init(_ market: Market, _ strict: StrictPreferences) {
        self.market = market
        self.strict = strict
        room = market.positionCapacity
        result = Array(repeating: -1, count: market.applicantCount)
        isDone = Array(repeating: false, count: market.applicantCount)
        var lists = [[Int32]](repeating: [], count: market.positionCount)
        for edge in market.edgePosition.indices { lists[Int(market.edgePosition[edge])].append(Int32(edge)) }
        self.lists = lists.map { $0.sorted { strict.key[Int($0)] < strict.key[Int($1)] } }
    }

    mutating func run() -> [Int32] {
        for applicant in 0..<market.applicantCount {
            while !isDone[applicant] { closeCircle(from: applicant) }
        }
        return result
    }

    private mutating func closeCircle(from start: Int) {
        var path: [(applicant: Int, edge: Int32)] = []
        var applicant = start
        while true {
            if let begin = path.firstIndex(where: { $0.applicant == applicant }) {
                for (member, edge) in path[begin...] {
                    isDone[member] = true
                    result[member] = edge
                    room[market.position(of: edge)] -= 1
                }
                return
            }
            guard let edge = bestEdge(of: applicant), let next = favourite(of: market.position(of: edge)) else {
                isDone[applicant] = true
                return
            }
            path.append((applicant, edge))
            applicant = next
        }
    }

    private func bestEdge(of applicant: Int) -> Int32? {
        market.edges(of: applicant).lazy.map { strict.order[$0] }.first { room[market.position(of: $0)] > 0 }
    }

    private func favourite(of position: Int) -> Int? {
        lists[position].lazy.map { Int(market.edgeApplicant[Int($0)]) }.first { !isDone[$0] }
    }
}
