import Synchronization

/// Something that goes wrong at one stage of a conversation.
public struct Fault: Sendable {
    public enum Stage: Sendable, Equatable {
        /// Before the greeting.
        case connection
        case hello, authentication, mail, recipient
        /// The command DATA.
        case data
        /// While the message arrives: only `.drop` and `.delay` make sense.
        case content
        /// After the message, before its acknowledgement. With `.drop` the message is kept and the client never told.
        case acknowledgement
    }

    public enum Effect: Sendable, Equatable {
        /// Refuses with this code, such as 451 or 550.
        case reply(Int, String)
        case delay(Duration)
        /// Closes the connection.
        case drop
    }

    public var stage: Stage
    public var effect: Effect
    /// Only for this address.
    public var recipient: String?
    /// How often; `nil` for always.
    public var times: Int?

    public init(_ stage: Stage, _ effect: Effect, recipient: String? = nil, times: Int? = nil) {
        self.stage = stage
        self.effect = effect
        self.recipient = recipient
        self.times = times
    }
}

/// The faults that are to happen; the first that fits does.
public final class Faults: Sendable {
    private let faults = Mutex<[Fault]>([])

    public func add(_ fault: Fault) { faults.withLock { $0.append(fault) } }

    public func removeAll() { faults.withLock { $0 = [] } }

    func effect(at stage: Fault.Stage, recipients: [String] = []) -> Fault.Effect? {
        faults.withLock { faults in
            let index = faults.firstIndex { fault in
                fault.stage == stage && fault.times != 0
                    && (fault.recipient.map { recipients.contains($0) } ?? true)
            }
            guard let index else { return nil }
            if let times = faults[index].times { faults[index].times = times - 1 }
            return faults[index].effect
        }
    }
}
