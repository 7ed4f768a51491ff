/// What is to be done at certain times. Few at a time: a connection has one, a pool has one.
struct TimerQueue {
    private struct Entry {
        let time: MonotonicTime
        let work: @Sendable () -> Void
    }

    /// The latest first, so that the next one is popped from the end.
    private var entries: [Entry] = []

    var next: MonotonicTime { entries.last?.time ?? .never }

    mutating func add(at time: MonotonicTime, _ work: @escaping @Sendable () -> Void) {
        let position = entries.firstIndex { $0.time <= time } ?? entries.endIndex
        entries.insert(Entry(time: time, work: work), at: position)
    }

    mutating func popDue(_ now: MonotonicTime) -> (@Sendable () -> Void)? {
        guard let last = entries.last, last.time <= now else { return nil }
        entries.removeLast()
        return last.work
    }
}
