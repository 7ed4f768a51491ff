/// As many first choices as can be, then as many second choices, and so on: the algorithm of Irving, Kavitha, Mehlhorn,
/// Michail and Paluch (2006), for firms with several seats. Firms' rankings count only as far as they accept.
struct RankMaximal {
    private let market: Market
    private let firmEdges: [[Int]]
    /// By edge: whether it belongs to the graph of the choices so far.
    private var isOpen: [Bool]
    /// By edge: whether no rank-maximal matching can use it.
    private var isClosed: [Bool]
    private var result: [Int32]
    private var filled: [Int32]

    init(_ market: Market) {
        self.market = market
        var edges = [[Int]](repeating: [], count: market.positionCount)
        for (edge, position) in market.edgePosition.enumerated() { edges[Int(position)].append(edge) }
        firmEdges = edges
        isOpen = Array(repeating: false, count: market.edgePosition.count)
        isClosed = isOpen
        result = Array(repeating: -1, count: market.applicantCount)
        filled = Array(repeating: 0, count: market.positionCount)
    }

    /// For each applicant the edge of its place, -1 without one. Whose turn comes first decides between matchings that
    /// are equally good.
    mutating func run(order: [Int]) -> [Int32] {
        for choice in Set(isOpen.indices.map { market.edgeChoice[$0] }).sorted() {
            for edge in isOpen.indices where market.edgeChoice[edge] == choice && !isClosed[edge] {
                isOpen[edge] = true
            }
            for applicant in order where result[applicant] < 0 { seat(applicant) }
            close()
        }
        return result
    }

    /// Breadth first along alternating paths; who has a place keeps one, perhaps another.
    private mutating func seat(_ applicant: Int) {
        var came: [Int: Int] = [:]
        var queue = [applicant]
        var head = 0
        while head < queue.count {
            let mover = queue[head]
            head += 1
            for edge in market.edges(of: mover) where isOpen[edge] {
                let firm = Int(market.edgePosition[edge])
                guard came[firm] == nil else { continue }
                came[firm] = edge
                if filled[firm] < market.positionCapacity[firm] {
                    filled[firm] += 1
                    return shift(came, to: firm)
                }
                queue += holders(of: firm)
            }
        }
    }

    private mutating func shift(_ came: [Int: Int], to last: Int) {
        var firm: Int? = last
        while let here = firm, let edge = came[here] {
            let applicant = Int(market.edgeApplicant[edge])
            let left = result[applicant]
            result[applicant] = Int32(edge)
            firm = left < 0 ? nil : Int(market.edgePosition[Int(left)])
        }
    }

    private func holders(of firm: Int) -> [Int] {
        firmEdges[firm].filter { result[Int(market.edgeApplicant[$0])] == Int32($0) }
            .map { Int(market.edgeApplicant[$0]) }
    }

    /// From those who are free along alternating paths.
    private enum Distance {
        case even, odd
    }

    /// Who must be matched by the choices so far takes no worse choice; and what no largest matching uses is closed.
    private mutating func close() {
        var people = [Distance?](repeating: nil, count: market.applicantCount)
        var firms = [Distance?](repeating: nil, count: market.positionCount)
        var queue: [(isFirm: Bool, number: Int)] = []
        for applicant in people.indices where result[applicant] < 0 {
            people[applicant] = .even
            queue.append((false, applicant))
        }
        for firm in firms.indices where filled[firm] < market.positionCapacity[firm] {
            firms[firm] = .even
            queue.append((true, firm))
        }
        var head = 0
        while head < queue.count {
            let (isFirm, number) = queue[head]
            head += 1
            switch (isFirm, isFirm ? firms[number] : people[number]) {
            case (false, .even):
                for edge in market.edges(of: number) where isOpen[edge] && result[number] != Int32(edge) {
                    let firm = Int(market.edgePosition[edge])
                    guard firms[firm] == nil else { continue }
                    firms[firm] = .odd
                    queue.append((true, firm))
                }
            case (false, _):
                let firm = Int(market.edgePosition[Int(result[number])])
                guard firms[firm] == nil else { continue }
                firms[firm] = .even
                queue.append((true, firm))
            case (true, .even):
                for edge in firmEdges[number] where isOpen[edge] {
                    let applicant = Int(market.edgeApplicant[edge])
                    guard people[applicant] == nil else { continue }
                    people[applicant] = .odd
                    queue.append((false, applicant))
                }
            case (true, _):
                for applicant in holders(of: number) where people[applicant] == nil {
                    people[applicant] = .even
                    queue.append((false, applicant))
                }
            }
        }
        for edge in isOpen.indices {
            let (person, firm) = (people[Int(market.edgeApplicant[edge])], firms[Int(market.edgePosition[edge])])
            if isOpen[edge] {
                // Odd with odd, odd with unreached.
                if person != .even, firm != .even, person == .odd || firm == .odd { isOpen[edge] = false }
            } else if person != .even || firm != .even {
                isClosed[edge] = true
            }
        }
    }
}
