/// What of a reading goes into one transaction, and what has become of it so far.
struct LaneBatch: Sendable {
    let lane: LaneCursor
    let reading: Reading
    /// The most messages that it may hold.
    let size: Int
    /// So many messages of the reading are settled.
    var count = 0
    var handled = 0
    var failures: [(StoredMessage, Failure)] = []
    /// Messages that wait behind an earlier one of their key.
    var parked: [StoredMessage] = []
    private var heldKeys: Set<String> = []

    init(lane: LaneCursor, reading: Reading, size: Int) {
        self.lane = lane
        self.reading = reading
        self.size = size
    }

    var upcoming: StoredMessage? {
        count < size ? reading.messages.dropFirst(count).first : nil
    }

    func mustWait(_ message: StoredMessage) -> Bool {
        message.mustWait || heldKeys.contains(message.subject) || reading.heldKeys.contains(message.subject)
    }

    mutating func note(_ failure: Failure, of message: StoredMessage, isStrict: Bool) {
        failures.append((message, failure))
        if isStrict, case .retry = failure { heldKeys.insert(message.subject) }
    }

    /// The lane's cursor when this is committed, but for its `seq`.
    var next: LaneCursor {
        var next = lane.advanced(over: reading, count: count)
        next.attempt = 0
        next.handled += Int64(handled)
        return next
    }

    /// The lane's cursor once this is committed.
    var settled: LaneCursor {
        var settled = next
        settled.seq += 1
        settled.careful = max(0, lane.careful - max(1, count))
        return settled
    }

    /// Nothing of the reading is left then.
    var isWhole: Bool { count == reading.messages.count }

    var rest: Reading { reading.rest(after: count, holding: heldKeys) }
}
