import Foundation

/// How the lanes of one subscription stand, and which of them this worker should take or give back.
struct LaneSpread: Sendable {
    struct Standing: Sendable {
        let lane: Int32
        let owner: UUID?
        var isAlive = true
    }

    let standings: [Standing]
    /// The living workers of the subscription in one order that all of them see.
    let workers: [UUID]

    /// An even share; the first workers have one more where it does not come out even.
    func share(of worker: UUID) -> Int {
        guard let rank = workers.firstIndex(of: worker) else { return 0 }
        return standings.count / workers.count + (rank < standings.count % workers.count ? 1 : 0)
    }

    /// Lanes to take, given which ones the worker works on: free ones up to its share, at random, so that rivals seldom
    /// want the same. What the ledger says is its own and it does not work on, it dropped after an error: nobody else may
    /// take that, so it does, if only to give it back.
    func wanted(by worker: UUID, holding: Set<Int32>) -> [Int32] {
        let dropped = standings.filter { $0.owner == worker && !holding.contains($0.lane) }
        let free = standings.filter { ($0.owner == nil || !$0.isAlive) && $0.owner != worker }
        let missing = max(0, share(of: worker) - holding.count - dropped.count)
        return dropped.map(\.lane) + free.map(\.lane).shuffled().prefix(missing)
    }

    /// Lanes that the worker believes to hold and that others have, or that were set free: by a takeover or a replay.
    func lost(by worker: UUID, holding: Set<Int32>) -> Set<Int32> {
        Set(standings.filter { holding.contains($0.lane) && $0.owner != worker }.map(\.lane))
    }

    /// How many lanes beyond its share the worker holds.
    func surplus(of worker: UUID, holding: Set<Int32>) -> Int {
        max(0, holding.count - share(of: worker))
    }
}
