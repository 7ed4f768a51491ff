/// Somebody registered again with an address that is registered: its owner is sent the personal link anew.
public struct RegistrationLinkRequested: Message {
    public static let type = "registration.link-requested.v1"
    public static let topic = Topic.events
    public var key: String { registrationID.description }

    public let registrationID: RegistrationID
    public let event: EventFacts
    public let recipient: Recipient

    public init(
        registrationID: RegistrationID,
        event: EventFacts,
        recipient: Recipient
    ) {
        self.registrationID = registrationID
        self.event = event
        self.recipient = recipient
    }
}
