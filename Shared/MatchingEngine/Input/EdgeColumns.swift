/// By edge, whose it is. A large market does not keep it: rows tell.
struct EdgeOwners: Sendable {
    private let stored: [Int32]
    private let start: [Int32]

    init(_ edges: MarketEdges) {
        stored = edges.applicant
        start = edges.start
    }

    subscript(edge: Int) -> Int32 {
        if !stored.isEmpty { return stored[edge] }
        var low = 0
        var high = start.count - 1
        // The last row that begins at the edge or before it.
        while high - low > 1 {
            let middle = (low + high) / 2
            if start[middle] <= edge { low = middle } else { high = middle }
        }
        return Int32(low)
    }
}

/// By edge, which choice it is. Where nobody is tied and every entry was returned, that is its place in the row.
struct EdgeChoices: Sendable {
    private let stored: [Int32]
    private let start: [Int32]
    private let owners: EdgeOwners

    init(_ edges: MarketEdges) {
        stored = edges.choice
        start = edges.start
        owners = EdgeOwners(edges)
    }

    subscript(edge: Int) -> Int32 { stored.isEmpty ? number(of: edge, applicant: Int(owners[edge])) : stored[edge] }

    /// Of an edge of `applicant`.
    func number(of edge: Int, applicant: Int) -> Int32 {
        stored.isEmpty ? Int32(edge) - start[applicant] + 1 : stored[edge]
    }
}
