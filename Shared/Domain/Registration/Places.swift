/// An event's places and the counts of who has one, waits or cancelled: the rules of registration as pure functions.
///
/// Holds after each change: nobody waits while there is a free place; what was confirmed is never taken away.
public struct Places: Hashable, Sendable {
    public private(set) var capacity: Capacity
    public private(set) var confirmed: Int
    public private(set) var waiting: Int
    public private(set) var cancelled: Int
    /// How often somebody moved up from the waiting list.
    public private(set) var promoted: Int
    /// What `confirmed` must never exceed: the capacity, or what was confirmed already when it was lowered.
    public private(set) var ceiling: Int

    /// An event without registrations.
    public init(capacity: Capacity) {
        self.init(
            capacity: capacity,
            confirmed: 0,
            waiting: 0,
            cancelled: 0,
            promoted: 0,
            ceiling: capacity.count
        )
    }

    public init(capacity: Capacity, confirmed: Int, waiting: Int, cancelled: Int, promoted: Int, ceiling: Int) {
        self.capacity = capacity
        self.confirmed = confirmed
        self.waiting = waiting
        self.cancelled = cancelled
        self.promoted = promoted
        self.ceiling = ceiling
    }

    /// How many have registered so far, which is also the number of the last registration.
    public var registered: Int { confirmed + waiting + cancelled }

    public var free: Int { max(0, capacity.count - confirmed) }

    /// Gives the next registration a place or, where none is free or others wait, the end of the waiting list.
    public mutating func register() -> Admission {
        if free > 0, waiting == 0 {
            confirmed += 1
            return .confirmed
        }
        waiting += 1
        return .waiting(position: waiting)
    }

    /// Cancels one registration of `state`. Returns how many move up for it: one or none.
    public mutating func cancel(_ state: RegistrationState) throws(CancellationRefusal) -> Int {
        switch state {
        case .confirmed: confirmed -= 1
        case .waiting: waiting -= 1
        case .cancelled: throw .alreadyCancelled
        }
        cancelled += 1
        return promote()
    }

    /// Returns how many move up from the waiting list.
    public mutating func change(capacity: Capacity) -> Int {
        self.capacity = capacity
        return promote()
    }

    private mutating func promote() -> Int {
        let count = min(free, waiting)
        confirmed += count
        waiting -= count
        promoted += count
        ceiling = max(capacity.count, confirmed)
        return count
    }
}

/// What a registration gets. Positions on the waiting list count from 1.
public enum Admission: Hashable, Sendable {
    case confirmed
    case waiting(position: Int)

    public var state: RegistrationState {
        switch self {
        case .confirmed: .confirmed
        case .waiting: .waiting
        }
    }
}
