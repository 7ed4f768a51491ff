/// A registration no longer holds: its calendar entry is to be withdrawn.
public struct RegistrationCancelled: Message {
    public static let type = "registration.cancelled.v1"
    public static let topic = Topic.events
    public var key: String { registrationID.description }

    public let registrationID: RegistrationID
    public let event: EventFacts
    public let recipient: Recipient
    public let sequence: Int

    public init(
        registrationID: RegistrationID,
        event: EventFacts,
        recipient: Recipient,
        sequence: Int
    ) {
        self.registrationID = registrationID
        self.event = event
        self.recipient = recipient
        self.sequence = sequence
    }
}
