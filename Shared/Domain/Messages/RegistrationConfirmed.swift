/// A person has a place at an event: at once, or moved up from the waiting list.
public struct RegistrationConfirmed: Message {
    public static let type = "registration.confirmed.v1"
    public static let topic = Topic.events
    public var key: String { registrationID.description }

    public let registrationID: RegistrationID
    public let event: EventFacts
    public let recipient: Recipient
    /// Whether the person was told before that they wait.
    public let wasWaiting: Bool
    /// Rises with each change of the registration: the SEQUENCE of its calendar entry.
    public let sequence: Int

    public init(
        registrationID: RegistrationID,
        event: EventFacts,
        recipient: Recipient,
        wasWaiting: Bool,
        sequence: Int
    ) {
        self.registrationID = registrationID
        self.event = event
        self.recipient = recipient
        self.wasWaiting = wasWaiting
        self.sequence = sequence
    }
}
