/// A person waits for a place at an event.
public struct RegistrationWaiting: Message {
    public static let type = "registration.waiting.v1"
    public static let topic = Topic.events
    public var key: String { registrationID.description }

    public let registrationID: RegistrationID
    public let event: EventFacts
    public let recipient: Recipient
    /// From 1, at the time of the registration.
    public let position: Int
    public let sequence: Int

    public init(
        registrationID: RegistrationID,
        event: EventFacts,
        recipient: Recipient,
        position: Int,
        sequence: Int
    ) {
        self.registrationID = registrationID
        self.event = event
        self.recipient = recipient
        self.position = position
        self.sequence = sequence
    }
}
