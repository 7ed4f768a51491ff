public import Foundation
import Postgres

extension QueueInspector {
    /// One message, wherever it is.
    public struct MessageState: Sendable, Codable {
        public let id: UUID
        public let type: String
        public let subject: String
        public let tenant: UUID
        /// `nil` where only a failed copy is left.
        public let topic: String?
        /// In the log; `nil` where it is not there any more, or not yet.
        public let lane: Int?
        public let position: Int?
        /// `nil`: it is a timer.
        public let published: Date?
        /// When a timer comes.
        public let due: Date?
        public let headers: [String: String]
        /// The id of the W3C trace that it was published in.
        public let trace: String?
        /// JSON, which may hold personal data: drop it where it is not asked for.
        public var body: String?
        public var subscriptions: [Fate]
    }

    /// What became of a message for a subscription.
    public struct Fate: Sendable, Codable {
        public enum State: String, Sendable, Codable {
            /// Handled, or left untouched for want of a handler.
            case settled
            case waiting, retrying, dead
        }

        public let subscription: String
        public let state: State
        public let attempt: Int?
        public let error: String?
        /// When it is tried again; `nil` too where it waits behind an earlier message of its key.
        public let due: Date?
    }

    /// Looks among the timers, the failed ones, and in the log around the time that its id of version 7 tells; with
    /// `isThorough` in all of the log, which takes long where it is large. (No index of the log leads by id: publishing
    /// would pay for it.)
    public func message(_ id: UUID, isThorough: Bool = false) async throws -> MessageState? {
        if let place = try await place(of: id, isThorough: isThorough) {
            var message = try await look(InspectorStatements.logged(place)).first.map(MessageState.init)
            message?.subscriptions = try await look(InspectorStatements.fates(place, id)).map(Fate.init)
            return message
        }
        var copy = try await look(InspectorStatements.copy(of: id)).first.map(MessageState.init)
        copy?.subscriptions = try await look(InspectorStatements.fates(ofCopies: id)).map(Fate.init)
        return copy
    }

    struct Place: Sendable {
        let lane: Int32
        let position: Int64
    }

    private func place(of id: UUID, isThorough: Bool) async throws -> Place? {
        let search: SQL
        if isThorough {
            search = InspectorStatements.search(id)
        } else if let time = id.timeOfVersion7 {
            search = InspectorStatements.find(id, around: time)
        } else {
            return nil
        }
        let row = try await look(search, deadline: .seconds(600)).first
        return try row.map { row in
            let (lane, position) = try row.decode(Int32.self, Int64.self)
            return Place(lane: lane, position: position)
        }
    }
}

extension UUID {
    /// When an id of version 7 was made.
    fileprivate var timeOfVersion7: Date? {
        let milliseconds = [uuid.0, uuid.1, uuid.2, uuid.3, uuid.4, uuid.5].reduce(0) { $0 * 256 + Double($1) }
        return uuid.6 >> 4 == 7 ? Date(timeIntervalSince1970: milliseconds / 1000) : nil
    }
}

extension QueueInspector.MessageState {
    fileprivate init(_ row: Row) throws {
        let (id, type, subject, tenant, topic, lane, position, published, due, headers, body) = try row.decode(
            UUID.self,
            String.self,
            String.self,
            UUID.self,
            String?.self,
            Int32?.self,
            Int64?.self,
            Date?.self,
            Date?.self,
            MessageHeaders.self,
            String.self
        )
        self.init(
            id: id,
            type: type,
            subject: subject,
            tenant: tenant,
            topic: topic,
            lane: lane.map(Int.init),
            position: position.map(Int.init),
            published: published,
            due: due,
            headers: headers.values,
            trace: headers.values["traceparent"].flatMap { parent in
                let parts = parent.split(separator: "-")
                return parts.count == 4 ? String(parts[1]) : nil
            },
            body: body,
            subscriptions: []
        )
    }
}

extension QueueInspector.Fate {
    fileprivate init(_ row: Row) throws {
        let (subscription, state, attempt, error, due) = try row.decode(
            String.self,
            String.self,
            Int32?.self,
            String?.self,
            Date?.self
        )
        self.init(
            subscription: subscription,
            state: State(rawValue: state) ?? .waiting,
            attempt: attempt.map(Int.init),
            error: error,
            due: due == .distantFuture ? nil : due
        )
    }
}
