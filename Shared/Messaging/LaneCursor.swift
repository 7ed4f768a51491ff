/// How far a subscription has come on a lane that this worker owns, as the newest row of the ledger says.
struct LaneCursor: Sendable, Equatable {
    let lane: Lane
    /// Of the newest row in the ledger. The next row is `seq + 1`, whoever writes it.
    var seq: Int64
    /// Everything with `position` or less is settled if it is visible in `snapshot`.
    var position: Int64
    var snapshot: String
    /// Above every transaction that may have written at or before `position`. `nil`: as the row `seq` says.
    var nextXID: String?
    /// How far the late commits that are visible in `snapshot` have been settled, while there are more of them.
    var late: LatePage?
    var seen: Int64
    var handled: Int64
    /// Takeovers from owners that vanished, since the lane last made progress.
    var attempt: Int
    /// So many messages go one by one, since the one that ended a worker may be among them.
    var careful = 0
    /// Not where the last turn had no time for all that was read.
    var readsAhead = true

    struct LatePage: Sendable, Equatable {
        var position: Int64
        let snapshot: String
    }

    /// The cursor once the first `count` messages of `reading` are settled.
    ///
    /// A position is drawn after its transaction's id was assigned. So what lies at or before the last position read
    /// and was not visible belongs to a transaction that had its id when the snapshot was taken: it is in progress
    /// there, or lies between the snapshot's end and any id assigned later (`nextXID`).
    func advanced(over reading: Reading, count: Int) -> LaneCursor {
        var next = self
        next.nextXID = reading.nextXID
        next.seen += Int64(count)
        let snapshot = late?.snapshot ?? reading.snapshot
        let last = count > 0 ? reading.messages.prefix(count).last : nil
        if reading.isFullOfLate || count < reading.lateCount, let position = last?.position {
            // There may be more late ones: the position stands until they are settled.
            next.late = LatePage(position: position, snapshot: snapshot)
            return next
        }
        next.late = nil
        next.snapshot = snapshot
        if let last, !last.isLate, let position = last.position {
            next.position = position
            next.nextXID = nil
        }
        return next
    }
}

/// A lane of a subscription.
struct Lane: Hashable, Sendable, CustomStringConvertible {
    let subscription: Int32
    let number: Int32

    var description: String { "\(subscription)/\(number)" }
}

/// What lies beyond a cursor, in one snapshot.
struct Reading: Sendable {
    let snapshot: String
    let nextXID: String
    /// The late ones first.
    private(set) var messages: ArraySlice<StoredMessage>
    /// As many as were asked for, so that there may be more.
    let isFull: Bool
    private(set) var lateCount: Int
    /// None but late ones, and there may be more of them.
    let isFullOfLate: Bool
    /// Of which a message has failed since, where others of the key must wait behind it.
    private(set) var heldKeys: Set<String> = []

    init(snapshot: String, nextXID: String, messages: [StoredMessage], limit: Int) {
        self.snapshot = snapshot
        self.nextXID = nextXID
        self.messages = messages[...]
        isFull = messages.count >= limit
        lateCount = messages.count { $0.isLate }
        isFullOfLate = lateCount >= limit
    }

    /// What is left of it once the first `count` are settled.
    func rest(after count: Int, holding keys: Set<String>) -> Reading {
        var rest = self
        rest.messages.removeFirst(count)
        rest.lateCount = max(0, lateCount - count)
        rest.heldKeys.formUnion(keys)
        return rest
    }
}
