import DequeModule

/// Notifications that nobody has taken yet, each once.
struct NotificationBuffer {
    private let capacity: Int
    private var pending: Deque<Notification> = []
    private var known: Set<Notification> = []
    private var waiter: UnsafeContinuation<Void, Never>?
    private var hasEnded = false

    init(capacity: Int = 4096) {
        self.capacity = capacity
    }

    /// Beyond the capacity payloads are dropped: each channel keeps one empty notification.
    mutating func append(_ notification: Notification) {
        guard known.insert(notification).inserted else { return }
        pending.append(notification)
        if pending.count > capacity {
            known = Set(pending.map { Notification(channel: $0.channel, payload: "") })
            pending = Deque(known)
        }
        wake()
    }

    mutating func popFirst() -> Notification? {
        guard let first = pending.popFirst() else { return nil }
        known.remove(first)
        return first
    }

    var isWaitPointless: Bool { hasEnded || !pending.isEmpty }

    mutating func wait(_ continuation: UnsafeContinuation<Void, Never>) {
        waiter = continuation
    }

    mutating func wake() {
        waiter?.resume()
        waiter = nil
    }

    mutating func end() {
        hasEnded = true
        wake()
    }
}
