import Domain
import Foundation
import Postgres
import Synchronization

/// A message as the log or the retries hold it.
struct StoredMessage: Sendable {
    /// In the log; `nil` for a retry.
    let position: Int64?
    /// Committed behind the cursor, by a slower transaction.
    let isLate: Bool
    /// Whether a handler of this subscription is meant: unknown types come without a body.
    let isKnown: Bool
    /// An earlier message of its key is among the retries, and the subscription is strict.
    let mustWait: Bool
    let id: UUID
    let time: Date
    let tenant: TenantID
    let type: String
    let subject: String
    let headers: [String: String]
    /// Which attempt this is, from 1.
    var attempt: Int
    fileprivate let row: Row
    fileprivate var bodies: (all: MessageBodies, place: Int)?

    /// From a row whose first columns are id, published_at, tenant, type, subject, headers and body.
    init(
        row: Row,
        position: Int64?,
        isLate: Bool = false,
        mustWait: Bool = false,
        attempt: Int = 1
    ) throws {
        self.position = position
        self.isLate = isLate
        self.mustWait = mustWait
        self.attempt = attempt
        self.row = row
        id = try row.decode(UUID.self, at: 0)
        time = try row.decode(Date.self, at: 1)
        tenant = TenantID(try row.decode(UUID.self, at: 2))
        type = try row.decode(String.self, at: 3)
        subject = try row.decode(String.self, at: 4)
        headers = try row.decode(MessageHeaders.self, at: 5).values
        isKnown = !row.isNull(at: 6)
    }

    func decode<M: Message>(_ type: M.Type) throws -> M {
        if let bodies, let all = bodies.all.decoded(as: M.self) { return all[bodies.place] }
        do {
            return try row.decode(JSON<M>.self, at: 6).value
        } catch {
            throw UnreadableMessage(cause: error)
        }
    }

    func delivery(topic: Topic) -> Delivery {
        Delivery(
            id: id,
            type: type,
            topic: topic,
            time: time,
            subject: subject,
            tenant: tenant,
            traceparent: headers["traceparent"],
            attempt: attempt
        )
    }
}

extension [StoredMessage] {
    /// Lets messages of one type that stand one behind the other decode their bodies together.
    mutating func joinBodies() {
        var start = startIndex
        while start < endIndex {
            let type = self[start].type
            let end = self[start...].firstIndex { $0.type != type } ?? endIndex
            let bodies = MessageBodies(rows: self[start..<end].map(\.row))
            for place in start..<end { self[place].bodies = (bodies, place - start) }
            start = end
        }
    }
}

/// The bodies of messages of one type, decoded when the first of them is wanted.
private final class MessageBodies: Sendable {
    private enum State {
        case encoded([Row])
        /// An array of the messages.
        case decoded(any Sendable)
        /// One of them can't be read: each for itself, so that it fails alone.
        case apart
    }

    private let state: Mutex<State>

    init(rows: [Row]) {
        state = Mutex(rows.count > 1 ? .encoded(rows) : .apart)
    }

    func decoded<M: Message>(as type: M.Type) -> [M]? {
        state.withLock { state in
            if case .encoded(let rows) = state {
                state = (try? JSON<M>.values(of: rows, at: 6)).map { .decoded($0) } ?? .apart
            }
            if case .decoded(let all) = state { return all as? [M] }
            return nil
        }
    }
}
