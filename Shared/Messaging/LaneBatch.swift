/// What was read of a lane, and what has become of it so far.
struct LaneBatch: Sendable {
    let lane: LaneCursor
    let reading: Reading
    let limit: Int
    /// So many messages of the reading are settled.
    var count = 0
    var handled = 0
    var failures: [(StoredMessage, Failure)] = []
    /// Messages that wait behind an earlier one of their key.
    var parked: [StoredMessage] = []
    private var heldKeys: Set<String> = []

    init(lane: LaneCursor, reading: Reading, limit: Int) {
        self.lane = lane
        self.reading = reading
        self.limit = limit
    }

    var upcoming: StoredMessage? {
        count < reading.messages.count ? reading.messages[count] : nil
    }

    func mustWait(_ message: StoredMessage) -> Bool {
        message.mustWait || heldKeys.contains(message.subject)
    }

    mutating func note(_ failure: Failure, of message: StoredMessage, isStrict: Bool) {
        failures.append((message, failure))
        if isStrict, case .retry = failure { heldKeys.insert(message.subject) }
    }

    /// The lane's cursor when this is committed, but for its `seq`.
    var next: LaneCursor {
        var next = lane.advanced(over: reading, count: count, limit: limit)
        next.attempt = 0
        next.handled += Int64(handled)
        return next
    }
}
