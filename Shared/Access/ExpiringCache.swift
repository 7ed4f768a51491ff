import Synchronization

/// Answers of look-ups for a short time. What was not there is asked again soon; what is too many is forgotten.
final class ExpiringCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    typealias Now = @Sendable () -> ContinuousClock.Instant

    private struct Entry: Sendable {
        let value: Value?
        let expires: ContinuousClock.Instant
    }

    static var lifetime: Duration { .seconds(30) }
    static var lifetimeOfNothing: Duration { .seconds(2) }
    private let capacity: Int
    private let now: Now
    private let entries = Mutex<[Key: Entry]>([:])

    init(capacity: Int = 10_000, now: @escaping Now = { .now }) {
        self.capacity = capacity
        self.now = now
    }

    func value(for key: Key, refreshing: Bool = false, load: () async throws -> Value?) async throws -> Value? {
        if !refreshing, let entry = entries.withLock({ $0[key] }), entry.expires > now() { return entry.value }
        let value = try await load()
        let expires = now() + (value == nil ? Self.lifetimeOfNothing : Self.lifetime)
        let present = now()
        entries.withLock { entries in
            if entries.count >= capacity { entries = entries.filter { $0.value.expires > present } }
            if entries.count >= capacity { entries = [:] }
            entries[key] = Entry(value: value, expires: expires)
        }
        return value
    }
}
