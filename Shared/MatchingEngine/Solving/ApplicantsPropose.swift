/// Deferred acceptance in which applicants propose: the stable matching that is best for each applicant.
///
/// Positions keep those they hold in heaps with the worst on top, all in one arena.
struct ApplicantsPropose {
    private let market: Market
    private let strict: StrictPreferences
    private var heapStart: [Int32] = [0]
    private var heapCount: [Int32]
    private var room: [Int32] = []
    private var arena: [Int32]
    private var next: [Int32]
    private var key: [Int64]
    /// By applicant, while there may be promotions: whether it had one. Else empty.
    private var isPromoted: [Bool]

    /// Nobody has proposed yet.
    ///
    /// With `promoting`, who has asked everywhere in vain asks once more, and goes before those of the same rank:
    /// Király's approximation, which places at least two thirds of the most that a stable matching can.
    init(_ market: Market, _ strict: StrictPreferences, promoting: Bool = false) {
        self.market = market
        self.strict = strict
        key = strict.key
        isPromoted = promoting ? Array(repeating: false, count: market.applicantCount) : []
        var listed = [Int32](repeating: 0, count: market.positionCount)
        for position in market.edgePosition { listed[Int(position)] += 1 }
        for position in 0..<market.positionCount {
            room.append(min(listed[position], market.positionCapacity[position]))
            heapStart.append(heapStart[position] + room[position])
        }
        heapCount = [Int32](repeating: 0, count: market.positionCount)
        arena = [Int32](repeating: -1, count: Int(heapStart[market.positionCount]))
        next = market.edgeStart
    }

    /// For each applicant the edge of its place, -1 without one.
    mutating func solve() -> [Int32] {
        for applicant in 0..<market.applicantCount {
            var proposer = Int32(applicant)
            while proposer >= 0 { proposer = propose(proposer) }
        }
        return places
    }

    /// Takes all seats away. Precondition: nobody has proposed yet.
    mutating func close(_ position: Int) { room[position] = 0 }

    /// The edges that a position holds now.
    func held(by position: Int) -> ArraySlice<Int32> {
        let begin = Int(heapStart[position])
        return arena[begin..<begin + Int(heapCount[position])]
    }

    /// For each applicant the edge of its place, -1 without one.
    private var places: [Int32] {
        var result = [Int32](repeating: -1, count: market.applicantCount)
        for position in 0..<market.positionCount {
            for edge in held(by: position) { result[Int(market.edgeApplicant[Int(edge)])] = edge }
        }
        return result
    }

    /// Takes the applicant down its list until somebody else has to move on. Returns who, or -1.
    private mutating func propose(_ applicant: Int32) -> Int32 {
        while next[Int(applicant)] < market.edgeStart[Int(applicant) + 1] || promote(Int(applicant)) {
            let edge = strict.order[Int(next[Int(applicant)])]
            next[Int(applicant)] += 1
            let position = market.position(of: edge)
            let begin = Int(heapStart[position])
            let room = Int(room[position])
            if Int(heapCount[position]) < room {
                push(edge, begin, Int(heapCount[position]))
                heapCount[position] += 1
                return -1
            }
            guard room > 0 else { continue }
            let worst = arena[begin]
            if key[Int(edge)] < key[Int(worst)] {
                replaceTop(edge, begin, room)
                return market.edgeApplicant[Int(worst)]
            }
        }
        return -1
    }

    private mutating func promote(_ applicant: Int) -> Bool {
        guard !isPromoted.isEmpty, !isPromoted[applicant], !market.edges(of: applicant).isEmpty else { return false }
        isPromoted[applicant] = true
        next[applicant] = market.edgeStart[applicant]
        for edge in market.edges(of: applicant) { key[edge] &= ~StrictPreferences.notPromoted }
        return true
    }

    private mutating func push(_ edge: Int32, _ begin: Int, _ count: Int) {
        var child = count
        while child > 0 {
            let parent = (child - 1) / 2
            guard key[Int(arena[begin + parent])] < key[Int(edge)] else { break }
            arena[begin + child] = arena[begin + parent]
            child = parent
        }
        arena[begin + child] = edge
    }

    private mutating func replaceTop(_ edge: Int32, _ begin: Int, _ count: Int) {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < count else { break }
            if child + 1 < count,
                key[Int(arena[begin + child + 1])] > key[Int(arena[begin + child])]
            {
                child += 1
            }
            guard key[Int(arena[begin + child])] > key[Int(edge)] else { break }
            arena[begin + parent] = arena[begin + child]
            parent = child
        }
        arena[begin + parent] = edge
    }
}
