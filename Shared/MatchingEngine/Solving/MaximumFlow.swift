/// Dinic's maximum flow over a small graph.
struct MaximumFlow {
    private var edges: [(to: Int, capacity: Int)] = []
    private var out: [[Int]]
    private var level: [Int] = []
    private var next: [Int] = []

    init(nodes: Int) {
        out = Array(repeating: [], count: nodes)
    }

    mutating func connect(_ from: Int, _ to: Int, capacity: Int) {
        out[from].append(edges.count)
        edges.append((to, capacity))
        out[to].append(edges.count)
        edges.append((from, 0))
    }

    mutating func run(from source: Int, to sink: Int) -> Int {
        var total = 0
        while measure(from: source, to: sink) {
            next = Array(repeating: 0, count: out.count)
            while let pushed = push(source, sink) { total += pushed }
        }
        return total
    }

    private mutating func measure(from source: Int, to sink: Int) -> Bool {
        level = Array(repeating: -1, count: out.count)
        level[source] = 0
        var queue = [source]
        var head = 0
        while head < queue.count {
            let node = queue[head]
            head += 1
            for edge in out[node] where edges[edge].capacity > 0 && level[edges[edge].to] < 0 {
                level[edges[edge].to] = level[node] + 1
                queue.append(edges[edge].to)
            }
        }
        return level[sink] >= 0
    }

    /// One path of the layered graph, found without recursion.
    private mutating func push(_ source: Int, _ sink: Int) -> Int? {
        var path: [Int] = []
        var node = source
        while node != sink {
            if next[node] < out[node].count {
                let edge = out[node][next[node]]
                if edges[edge].capacity > 0, level[edges[edge].to] == level[node] + 1 {
                    path.append(edge)
                    node = edges[edge].to
                } else {
                    next[node] += 1
                }
            } else {
                guard let last = path.popLast() else { return nil }
                node = edges[last ^ 1].to
                next[node] += 1
            }
        }
        let amount = path.map { edges[$0].capacity }.min() ?? 0
        for edge in path {
            edges[edge].capacity -= amount
            edges[edge ^ 1].capacity += amount
        }
        return amount
    }
}

extension Market {
    /// How many applicants could be placed if nobody minded blocking pairs: no stable matching places more.
    ///
    /// Only where each takes one seat.
    func mostThatFit() -> Int {
        let firstPosition = 1 + applicantCount
        let firstFirm = firstPosition + positionCount
        let sink = firstFirm + firmIDs.count
        var flow = MaximumFlow(nodes: sink + 1)
        for applicant in 0..<applicantCount { flow.connect(0, 1 + applicant, capacity: 1) }
        for edge in edgePosition.indices {
            flow.connect(1 + Int(edgeApplicant[edge]), firstPosition + Int(edgePosition[edge]), capacity: 1)
        }
        for position in 0..<positionCount {
            let firm = firstFirm + Int(firmOfPosition[position])
            flow.connect(firstPosition + position, firm, capacity: Int(positionCapacity[position]))
        }
        for firm in firmIDs.indices { flow.connect(firstFirm + firm, sink, capacity: Int(firmCapacity[firm])) }
        return flow.run(from: 0, to: sink)
    }
}
