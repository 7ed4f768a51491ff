/// The pairs worth most together, of which nobody is in more than they have room for: the primal-dual method, with all
/// buyers who have room left as sources.
///
/// What one more pair can add falls from the largest points to zero, one whole number after the other, so the number
/// of phases does not depend on how many people there are. The prices prove the result; see `MeetingsCheck`.
struct HeaviestPairs {
    private let graph: PairGraph
    private var buyerRoom: [Int32]
    private var supplierRoom: [Int32]
    /// How many more pairs may be taken.
    private var left: Int
    private(set) var isTaken: [Bool]
    /// By supplier: its taken pairs.
    private var held: [[Int32]]

    /// Of a pair that is not taken the prices reach its points; of one that is they do not exceed them.
    private(set) var buyerPrice: [Int32]
    private(set) var supplierPrice: [Int32]
    /// The price of all buyers with room left: what the next pair would add at most.
    private(set) var gain: Int32

    private var buyerLayer: [Int32] = []
    private var supplierLayer: [Int32] = []
    private var buyerSlack: [Int32] = []
    private var supplierSlack: [Int32] = []
    private var nextPair: [Int32] = []
    private var nextHeld: [Int] = []

    init(_ graph: PairGraph, room: [Int32], atMost limit: Int) {
        self.graph = graph
        buyerRoom = Array(room.prefix(graph.buyers))
        supplierRoom = Array(room.dropFirst(graph.buyers))
        left = limit
        isTaken = Array(repeating: false, count: graph.count)
        held = Array(repeating: [], count: graph.suppliers)
        gain = graph.points.max() ?? 0
        buyerPrice = Array(repeating: gain, count: graph.buyers)
        supplierPrice = Array(repeating: 0, count: graph.suppliers)
    }

    mutating func solve() {
        while left > 0, gain > 0 {
            if search() {
                nextPair = Array(graph.start.dropLast())
                nextHeld = Array(repeating: 0, count: graph.suppliers)
                for buyer in 0..<graph.buyers { while left > 0, buyerRoom[buyer] > 0, augment(from: buyer) {} }
            } else {
                lowerGain()
            }
        }
    }

    /// Layers of tight pairs from the buyers with room; whether a supplier with room was reached.
    private mutating func search() -> Bool {
        buyerLayer = Array(repeating: -1, count: graph.buyers)
        supplierLayer = Array(repeating: -1, count: graph.suppliers)
        buyerSlack = Array(repeating: .max, count: graph.buyers)
        supplierSlack = Array(repeating: .max, count: graph.suppliers)
        var buyers = (0..<graph.buyers).filter { buyerRoom[$0] > 0 }
        for buyer in buyers { buyerLayer[buyer] = 0 }
        var layer: Int32 = 0
        while !buyers.isEmpty {
            var suppliers: [Int] = []
            var isReached = false
            for buyer in buyers {
                let price = buyerPrice[buyer]
                for pair in graph.pairs(of: buyer) {
                    let supplier = Int(graph.supplier[pair])
                    guard supplierLayer[supplier] < 0, !isTaken[pair] else { continue }
                    let slack = price + supplierPrice[supplier] - graph.points[pair]
                    guard slack == 0 else {
                        supplierSlack[supplier] = min(supplierSlack[supplier], slack)
                        continue
                    }
                    supplierLayer[supplier] = layer + 1
                    suppliers.append(supplier)
                    if supplierRoom[supplier] > 0 { isReached = true }
                }
            }
            if isReached { return true }
            buyers = []
            for supplier in suppliers {
                for pair in held[supplier] {
                    let buyer = Int(graph.buyer[Int(pair)])
                    guard buyerLayer[buyer] < 0 else { continue }
                    let slack = graph.points[Int(pair)] - buyerPrice[buyer] - supplierPrice[supplier]
                    guard slack == 0 else {
                        buyerSlack[buyer] = min(buyerSlack[buyer], slack)
                        continue
                    }
                    buyerLayer[buyer] = layer + 2
                    buyers.append(buyer)
                }
            }
            layer += 2
        }
        return false
    }

    /// Lets the price of all who were reached go down, until a further pair is tight or nothing can be gained.
    private mutating func lowerGain() {
        var step = gain
        for buyer in 0..<graph.buyers where buyerLayer[buyer] < 0 { step = min(step, buyerSlack[buyer]) }
        for supplier in 0..<graph.suppliers where supplierLayer[supplier] < 0 {
            step = min(step, supplierSlack[supplier])
        }
        for buyer in 0..<graph.buyers where buyerLayer[buyer] >= 0 { buyerPrice[buyer] -= step }
        for supplier in 0..<graph.suppliers where supplierLayer[supplier] >= 0 { supplierPrice[supplier] += step }
        gain -= step
    }

    /// Takes one pair more, along a path through the layers.
    private mutating func augment(from source: Int) -> Bool {
        var path: [Int] = []
        var buyer = source
        while true {
            if let pair = tightPair(of: buyer) {
                path.append(pair)
                let supplier = Int(graph.supplier[pair])
                if supplierRoom[supplier] > 0 {
                    take(path)
                    return true
                }
                if let back = tightHeld(of: supplier) {
                    path.append(back)
                    buyer = Int(graph.buyer[back])
                } else {
                    path.removeLast()
                    nextPair[buyer] += 1
                }
            } else {
                guard let back = path.popLast(), let pair = path.last else { return false }
                nextHeld[Int(graph.supplier[back])] += 1
                // The supplier may lead on to another buyer.
                if let other = tightHeld(of: Int(graph.supplier[back])) {
                    path.append(other)
                    buyer = Int(graph.buyer[other])
                } else {
                    path.removeLast()
                    buyer = Int(graph.buyer[pair])
                    nextPair[buyer] += 1
                }
            }
        }
    }

    private mutating func tightPair(of buyer: Int) -> Int? {
        while nextPair[buyer] < graph.start[buyer + 1] {
            let pair = Int(nextPair[buyer])
            let supplier = Int(graph.supplier[pair])
            if !isTaken[pair], supplierLayer[supplier] == buyerLayer[buyer] + 1,
                buyerPrice[buyer] + supplierPrice[supplier] == graph.points[pair]
            {
                return pair
            }
            nextPair[buyer] += 1
        }
        return nil
    }

    private mutating func tightHeld(of supplier: Int) -> Int? {
        while nextHeld[supplier] < held[supplier].count {
            let pair = Int(held[supplier][nextHeld[supplier]])
            let buyer = Int(graph.buyer[pair])
            if buyerLayer[buyer] == supplierLayer[supplier] + 1,
                buyerPrice[buyer] + supplierPrice[supplier] == graph.points[pair]
            {
                return pair
            }
            nextHeld[supplier] += 1
        }
        return nil
    }

    /// Takes the first, third … pair of the path and gives up the others.
    private mutating func take(_ path: [Int]) {
        for (step, pair) in path.enumerated() where step % 2 == 0 {
            let supplier = Int(graph.supplier[pair])
            isTaken[pair] = true
            if step + 1 < path.count {
                isTaken[path[step + 1]] = false
                held[supplier][nextHeld[supplier]] = Int32(pair)
                nextHeld[supplier] += 1
            } else {
                held[supplier].append(Int32(pair))
                supplierRoom[supplier] -= 1
            }
        }
        if let first = path.first { buyerRoom[Int(graph.buyer[first])] -= 1 }
        left -= 1
    }
}
