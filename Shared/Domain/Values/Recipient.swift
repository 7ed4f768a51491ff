/// A person to whom something is told, and in what language.
public struct Recipient: Hashable, Sendable, Codable {
    public let name: PersonName
    public let email: EmailAddress
    public let language: LanguageTag

    public init(name: PersonName, email: EmailAddress, language: LanguageTag) {
        self.name = name
        self.email = email
        self.language = language
    }
}
