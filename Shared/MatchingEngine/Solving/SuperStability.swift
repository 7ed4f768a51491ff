/// The algorithm of Irving, Manlove and Scott (2000) for super-stability with ties on both sides.
struct SuperStability {
    private var board: ProposalBoard

    init(_ market: Market) {
        board = ProposalBoard(market)
    }

    /// The best super-stable matching for applicants; `nil` if none exists.
    mutating func solve() -> [Int32]? {
        var wasFull = [Bool](repeating: false, count: board.market.positionCount)
        while let applicant = board.nextFree() {
            for edge in board.head(of: applicant) where board.isAlive[edge] {
                let position = board.assign(edge)
                let capacity = Int(board.market.positionCapacity[position])
                if board.assigned[position].count > capacity { board.deleteTail(of: position) }
                if board.assigned[position].count >= capacity {
                    wasFull[position] = true
                    board.delete(at: position, worseThan: board.worstAssigned(position))
                }
            }
        }
        for position in wasFull.indices where wasFull[position] {
            if board.assigned[position].count < Int(board.market.positionCapacity[position]) { return nil }
        }
        var edges = [Int32](repeating: -1, count: board.market.applicantCount)
        for edge in board.assigned.joined() {
            let applicant = Int(board.market.edgeApplicant[edge])
            if edges[applicant] >= 0 { return nil }
            edges[applicant] = Int32(edge)
        }
        return edges
    }
}
