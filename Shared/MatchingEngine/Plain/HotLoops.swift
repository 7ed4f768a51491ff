internal import CMemory
internal import Crypto

/// The loops in which a market of a million applicants spends its time. Unsafe buffers do not leave this file.
///
/// What they have in common: each step needs a line of memory that nobody has touched lately. It is asked for some
/// steps ahead, while others are worked on.
package enum HotLoops {
    /// How many entries ahead of its use memory is asked for.
    private static let distance = 24

    /// By entry of `choices`: the rank that the other side's list gives back, 1 + how many are strictly before; 0 if it
    /// gives none. And how many entries of `rankings` no choice returned.
    static func ranks(of choices: RankedLists, in rankings: RankedLists) -> (ranks: [Int32], unreturned: Int) {
        var found = 0
        let long = LongRows(choices)
        let ranks = [Int32](unsafeUninitializedCapacity: choices.entries.count) { ranks, count in
            ranks.initialize(repeating: 0)
            count = ranks.count
            choices.start.withUnsafeBufferPointer { start in
                choices.entries.withUnsafeBufferPointer { chosen in
                    rankings.entries.withUnsafeBufferPointer { entries in
                        for row in 0..<rankings.count {
                            let range = rankings.row(row)
                            let owner = Int32(row)
                            var rank: Int32 = 0
                            for at in range {
                                if at + 2 * distance < entries.count {
                                    let later = Int(entries[at + 2 * distance] & .max)
                                    prefetch(start.baseAddress.unsafelyUnwrapped + later)
                                }
                                if at + distance < entries.count {
                                    let soon = Int(start[Int(entries[at + distance] & .max)])
                                    prefetch(chosen.baseAddress.unsafelyUnwrapped + soon)
                                    prefetch(chosen.baseAddress.unsafelyUnwrapped + soon + 9)
                                    prefetch(ranks.baseAddress.unsafelyUnwrapped + soon)
                                    prefetch(ranks.baseAddress.unsafelyUnwrapped + soon + 9)
                                }
                                let entry = entries[at]
                                if entry >= 0 { rank = Int32(at - range.lowerBound) + 1 }
                                let other = Int(entry & .max)
                                var edge = Int(start[other])
                                let end = Int(start[other + 1])
                                if end - edge > LongRows.least {
                                    edge = long.edge(other, owner) ?? end
                                } else {
                                    while edge < end, chosen[edge] & .max != owner { edge += 1 }
                                }
                                if edge < end {
                                    ranks[edge] = rank
                                    found += 1
                                }
                            }
                        }
                    }
                }
            }
        }
        return (ranks, rankings.entries.count - found)
    }
}

/// Where in rows that are too long to be searched from the start something stands.
private struct LongRows {
    static let least = 48

    /// By row: its entries with their places, in order; empty for short ones.
    private var sorted: [[Int64]] = []

    init(_ lists: RankedLists) {
        guard (0..<lists.count).contains(where: { lists.row($0).count > Self.least }) else { return }
        sorted = (0..<lists.count).map { row in
            let range = lists.row(row)
            guard range.count > Self.least else { return [] }
            return range.map { Int64(lists.entries[$0] & .max) << 32 | Int64($0) }.sorted()
        }
    }

    func edge(_ row: Int, _ entry: Int32) -> Int? {
        let places = sorted[row]
        var low = 0
        var high = places.count
        while low < high {
            let middle = (low + high) / 2
            if places[middle] >> 32 < entry { low = middle + 1 } else { high = middle }
        }
        return low < places.count && places[low] >> 32 == entry ? Int(places[low] & 0xFFFF_FFFF) : nil
    }
}

extension HotLoops {
    /// The lists in the order of `rows`, each of which has a list, with what `numbers` has instead of each entry.
    package static func reordered(_ lists: RankedLists, rows: [Int32], numbers: [Int32]) -> RankedLists {
        var start: [Int32] = [0]
        start.reserveCapacity(rows.count + 1)
        let entries = [Int32](unsafeUninitializedCapacity: lists.entries.count) { entries, count in
            for row in rows {
                for index in lists.row(Int(row)) where count < entries.count {
                    let entry = lists.entries[index]
                    entries.initializeElement(at: count, to: numbers[Int(entry & .max)] | entry & RankedLists.tied)
                    count += 1
                }
                start.append(Int32(count))
            }
        }
        return RankedLists(start: start, entries: entries)
    }

    /// Deferred acceptance in which applicants propose, of strict lists: by applicant the edge of its place, or -1.
    ///
    /// Edge `e` leads to `position[e]`, which ranks the applicant `rank[e]`-th; 0 for a pair that can't be. Positions
    /// keep whom they hold in heaps with the worst on top, all in one arena. Of `chains` displaced applicants each takes
    /// one step in turn.
    static func applicantsPropose(
        start: [Int32],
        position: [Int32],
        rank: [Int32],
        capacity: [Int32],
        chains: Int
    ) -> [Int32] {
        var rows = Bitmap(count: rank.count + 1)
        for edge in start { rows.insert(Int(edge)) }
        var listed = [Int32](repeating: 0, count: capacity.count)
        for edge in rank.indices where rank[edge] > 0 { listed[Int(position[edge])] += 1 }
        var begin: Int32 = 0
        var firms: [Proposals.Firm] = []
        firms.reserveCapacity(capacity.count)
        for (index, capacity) in capacity.enumerated() {
            let room = min(listed[index], capacity)
            firms.append(.init(begin: begin, count: 0, room: room, limit: room > 0 ? .max : 0))
            begin += room
        }
        var arena = [Int64](repeating: 0, count: Int(begin))
        start.withUnsafeBufferPointer { start in
            position.withUnsafeBufferPointer { position in
                rank.withUnsafeBufferPointer { rank in
                    rows.words.withUnsafeBufferPointer { rows in
                        firms.withUnsafeMutableBufferPointer { firms in
                            arena.withUnsafeMutableBufferPointer { arena in
                                var proposals = Proposals(
                                    start: start,
                                    position: position,
                                    rank: rank,
                                    rows: rows,
                                    firms: firms,
                                    arena: arena
                                )
                                proposals.run(chains: chains)
                            }
                        }
                    }
                }
            }
        }
        var held = Bitmap(count: rank.count)
        for firm in firms {
            for slot in Int(firm.begin)..<Int(firm.begin + firm.count) { held.insert(Int(arena[slot] & 0xFFFF_FFFF)) }
        }
        return (0..<start.count - 1).map { applicant in
            for edge in Int(start[applicant])..<Int(start[applicant + 1]) where held.contains(edge) {
                return Int32(edge)
            }
            return -1
        }
    }
}

extension HotLoops {
    /// Numbers as they lie in memory, or would lie where the lowest byte comes first.
    static func update<Number: FixedWidthInteger>(_ hash: inout SHA256, with numbers: [Number]) {
        #if _endian(little)
            numbers.withUnsafeBytes { hash.update(bufferPointer: $0) }
        #else
            numbers.map(\.littleEndian).withUnsafeBytes { hash.update(bufferPointer: $0) }
        #endif
    }
}

private struct Bitmap {
    private(set) var words: [UInt64]

    init(count: Int) {
        words = Array(repeating: 0, count: count / 64 + 1)
    }

    mutating func insert(_ index: Int) { words[index >> 6] |= 1 << UInt64(index & 63) }

    func contains(_ index: Int) -> Bool { words[index >> 6] >> UInt64(index & 63) & 1 == 1 }
}

private struct Proposals {
    struct Firm {
        let begin: Int32
        var count: Int32
        let room: Int32
        /// A rank must be lower to get in.
        var limit: Int32
    }

    private struct Chain {
        var edge: Int
        /// The lines of the firm's heap were asked for.
        var isAtFirm = false
    }

    let start: UnsafeBufferPointer<Int32>
    let position: UnsafeBufferPointer<Int32>
    let rank: UnsafeBufferPointer<Int32>
    /// Where rows begin, as bits.
    let rows: UnsafeBufferPointer<UInt64>
    let firms: UnsafeMutableBufferPointer<Firm>
    /// Rank and edge of those held.
    let arena: UnsafeMutableBufferPointer<Int64>
    private var next = 0

    init(
        start: UnsafeBufferPointer<Int32>,
        position: UnsafeBufferPointer<Int32>,
        rank: UnsafeBufferPointer<Int32>,
        rows: UnsafeBufferPointer<UInt64>,
        firms: UnsafeMutableBufferPointer<Firm>,
        arena: UnsafeMutableBufferPointer<Int64>
    ) {
        self.start = start
        self.position = position
        self.rank = rank
        self.rows = rows
        self.firms = firms
        self.arena = arena
    }

    mutating func run(chains count: Int) {
        withUnsafeTemporaryAllocation(of: Chain.self, capacity: count) { chains in
            var running = 0
            while running < count, let chain = begin() {
                chains.initializeElement(at: running, to: chain)
                running += 1
            }
            while running > 0 {
                var index = 0
                while index < running {
                    if walk(&chains[index]) {
                        index += 1
                    } else if let chain = begin() {
                        chains[index] = chain
                        index += 1
                    } else {
                        running -= 1
                        chains[index] = chains[running]
                    }
                }
            }
        }
    }

    /// The next applicant who lists anything.
    private mutating func begin() -> Chain? {
        while next + 1 < start.count {
            let edge = start[next]
            next += 1
            if edge < start[next] { return Chain(edge: Int(edge)) }
        }
        return nil
    }

    private func isRowStart(_ edge: Int) -> Bool { rows[edge >> 6] >> UInt64(edge & 63) & 1 == 1 }

    /// One step; false at the end of the chain.
    @inline(__always)
    private mutating func walk(_ chain: inout Chain) -> Bool {
        if !chain.isAtFirm {
            var edge = chain.edge
            while rank[edge] == 0 || rank[edge] >= firms[Int(position[edge])].limit {
                edge += 1
                if isRowStart(edge) { return false }
            }
            let heap = arena.baseAddress.unsafelyUnwrapped + Int(firms[Int(position[edge])].begin)
            prefetch(heap)
            prefetch(heap + 8)
            prefetch(heap + 16)
            chain = Chain(edge: edge, isAtFirm: true)
            return true
        }
        chain.isAtFirm = false
        let firm = Int(position[chain.edge])
        let newcomer = Int64(rank[chain.edge]) << 32 | Int64(chain.edge)
        // Others may have been quicker.
        if rank[chain.edge] >= firms[firm].limit { return true }
        let heap = UnsafeMutableBufferPointer(
            start: arena.baseAddress.unsafelyUnwrapped + Int(firms[firm].begin),
            count: Int(firms[firm].room)
        )
        if firms[firm].count < firms[firm].room {
            push(newcomer, heap, Int(firms[firm].count))
            firms[firm].count += 1
            if firms[firm].count == firms[firm].room { firms[firm].limit = Int32(heap[0] >> 32) }
            return false
        }
        let edge = Int(heap[0] & 0xFFFF_FFFF) + 1
        replaceTop(newcomer, heap)
        firms[firm].limit = Int32(heap[0] >> 32)
        if isRowStart(edge) { return false }
        prefetch(position.baseAddress.unsafelyUnwrapped + edge)
        prefetch(rank.baseAddress.unsafelyUnwrapped + edge)
        chain.edge = edge
        return true
    }

    private func push(_ newcomer: Int64, _ heap: UnsafeMutableBufferPointer<Int64>, _ count: Int) {
        var child = count
        while child > 0 {
            let parent = (child - 1) >> 1
            if heap[parent] >= newcomer { break }
            heap[child] = heap[parent]
            child = parent
        }
        heap[child] = newcomer
    }

    private func replaceTop(_ newcomer: Int64, _ heap: UnsafeMutableBufferPointer<Int64>) {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            if child >= heap.count { break }
            if child + 1 < heap.count, heap[child + 1] > heap[child] { child += 1 }
            if heap[child] <= newcomer { break }
            heap[parent] = heap[child]
            parent = child
        }
        heap[parent] = newcomer
    }
}
