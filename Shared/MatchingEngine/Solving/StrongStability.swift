/// The algorithm of Irving, Manlove and Scott (2003) for strong stability with ties on both sides.
struct StrongStability {
    private var board: ProposalBoard
    private var market: Market { board.market }

    init(_ market: Market) {
        board = ProposalBoard(market)
    }

    /// A matching that is strongly stable if any is.
    mutating func solve() -> [Int32] {
        while true {
            propose()
            let critical = criticalPositions()
            if critical.isEmpty { break }
            for position in critical { board.deleteTail(of: position) }
        }
        return feasibleMatching()
    }

    private mutating func propose() {
        while let applicant = board.nextFree() {
            for edge in board.head(of: applicant) where board.isAlive[edge] {
                let position = board.assign(edge)
                let capacity = Int(market.positionCapacity[position])
                let ranks = board.assigned[position].map { market.edgeRank[$0] }.sorted()
                if ranks.count >= capacity { board.delete(at: position, worseThan: ranks[capacity - 1]) }
            }
        }
    }

    /// An assignment that the position would never give up: it has room for all, or the applicant is above its tail.
    private func isBound(_ edge: Int) -> Bool {
        let position = Int(market.edgePosition[edge])
        return board.assigned[position].count <= Int(market.positionCapacity[position])
            || market.edgeRank[edge] < board.tailRank(of: position)
    }

    private func assignments() -> [[Int]] {
        var edges = [[Int]](repeating: [], count: market.applicantCount)
        for edge in board.assigned.joined().sorted() { edges[Int(market.edgeApplicant[edge])].append(edge) }
        return edges
    }

    /// Where applicants who are bound nowhere crowd so that not all of them can have a seat.
    private func criticalPositions() -> [Int] {
        var rows = assignments()
        var room = market.positionCapacity.map(Int.init)
        for (applicant, edges) in rows.enumerated() where edges.contains(where: isBound) {
            for edge in edges where isBound(edge) { room[Int(market.edgePosition[edge])] -= 1 }
            rows[applicant] = []
        }
        var seating = Seating(rows, room, market)
        for applicant in rows.indices where !rows[applicant].isEmpty { seating.seat(applicant) }
        return seating.crowded()
    }

    /// As many as possible; who is bound gets a seat where they are bound.
    private func feasibleMatching() -> [Int32] {
        var rows = assignments()
        let isHeld = rows.map { $0.contains(where: isBound) }
        for applicant in rows.indices where isHeld[applicant] { rows[applicant] = rows[applicant].filter(isBound) }
        var seating = Seating(rows, market.positionCapacity.map(Int.init), market)
        for applicant in rows.indices where isHeld[applicant] { seating.seat(applicant) }
        for applicant in rows.indices where !isHeld[applicant] { seating.seat(applicant) }
        return seating.seatOf.map { Int32($0) }
    }
}

/// Seats applicants one after the other; who has a seat keeps one, perhaps another.
struct Seating {
    /// By applicant: the edge of its seat, -1 without.
    private(set) var seatOf: [Int]
    private let rows: [[Int]]
    private let market: Market
    private let room: [Int]
    private var seated: [[Int]]

    init(_ rows: [[Int]], _ room: [Int], _ market: Market) {
        self.rows = rows
        self.room = room
        self.market = market
        seatOf = Array(repeating: -1, count: rows.count)
        seated = Array(repeating: [], count: room.count)
    }

    mutating func seat(_ applicant: Int) {
        // Breadth first along alternating paths; `came` holds the edge by which a position was reached.
        var came: [Int: Int] = [:]
        var queue = [applicant]
        var head = 0
        while head < queue.count {
            let mover = queue[head]
            head += 1
            for edge in rows[mover] where came[Int(market.edgePosition[edge])] == nil {
                let position = Int(market.edgePosition[edge])
                came[position] = edge
                if seated[position].count < room[position] { return shift(along: came, to: position) }
                queue += seated[position]
            }
        }
    }

    private mutating func shift(along came: [Int: Int], to last: Int) {
        var position: Int? = last
        while let here = position, let edge = came[here] {
            let applicant = Int(market.edgeApplicant[edge])
            let left = seatOf[applicant]
            position = left < 0 ? nil : Int(market.edgePosition[left])
            if let old = position { seated[old].removeAll { $0 == applicant } }
            seatOf[applicant] = edge
            seated[here].append(applicant)
        }
    }

    /// The positions that those without a seat can reach along alternating paths.
    func crowded() -> [Int] {
        var reached = Set<Int>()
        var queue = rows.indices.filter { seatOf[$0] < 0 && !rows[$0].isEmpty }
        while let applicant = queue.popLast() {
            for edge in rows[applicant] where reached.insert(Int(market.edgePosition[edge])).inserted {
                queue += seated[Int(market.edgePosition[edge])]
            }
        }
        return reached.sorted()
    }
}
