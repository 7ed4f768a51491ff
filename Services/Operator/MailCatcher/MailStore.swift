import Foundation
import Synchronization

/// The mails that were taken, the newest `capacity` of them.
public final class MailStore: Sendable {
    private struct State {
        var mails: [Int: CaughtMail] = [:]
        var oldest = 1
        var newest = 0
        var bytes = 0
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let capacity: Int
    private let maximumBytes: Int
    private let state = Mutex(State())

    init(capacity: Int, maximumBytes: Int) {
        self.capacity = capacity
        self.maximumBytes = maximumBytes
    }

    /// How many mails were ever taken.
    public var count: Int { state.withLock(\.newest) }

    public subscript(number: Int) -> CaughtMail? { state.withLock { $0.mails[number] } }

    /// All that are kept, oldest first.
    public var all: [CaughtMail] {
        state.withLock { state in (state.oldest..<state.newest + 1).compactMap { state.mails[$0] } }
    }

    /// The newest first, beginning below `before`, of those that `matches`.
    public func page(
        before: Int? = nil,
        limit: Int,
        where matches: (CaughtMail) -> Bool = { _ in true }
    ) -> [CaughtMail] {
        state.withLock { state in
            var page: [CaughtMail] = []
            var number = min(before ?? .max, state.newest + 1) - 1
            while page.count < limit, number >= state.oldest {
                if let mail = state.mails[number], matches(mail) { page.append(mail) }
                number -= 1
            }
            return page
        }
    }

    /// Returns when at least so many mails have been taken. Cancellation does not end it.
    public func waitForCount(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.newest < count { state.waiting.append((count, continuation)) }
                return state.newest >= count
            }
            if isThere { continuation.resume() }
        }
    }

    func keep(_ envelope: MailEnvelope, _ source: [UInt8], _ connection: ConnectionFacts) {
        let satisfied = state.withLock { state in
            state.newest += 1
            state.bytes += source.count
            state.mails[state.newest] = CaughtMail(
                number: state.newest,
                envelope: envelope,
                source: source,
                receivedAt: Date(),
                connection: connection
            )
            while state.newest - state.oldest >= capacity || state.bytes > maximumBytes, state.oldest < state.newest {
                state.bytes -= state.mails.removeValue(forKey: state.oldest)?.source.count ?? 0
                state.oldest += 1
            }
            let newest = state.newest
            let satisfied = state.waiting.filter { $0.count <= newest }
            state.waiting.removeAll { $0.count <= newest }
            return satisfied
        }
        for waiter in satisfied { waiter.continuation.resume() }
    }
}
