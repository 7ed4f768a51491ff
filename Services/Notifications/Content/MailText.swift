/// A mail's words in one language: what both its text and its HTML part are rendered from.
struct MailText: Sendable, Equatable {
    struct Fact: Sendable, Equatable {
        let label: String
        let value: String
    }

    let language: String
    let subject: String
    let greeting: String
    let paragraphs: [String]
    let facts: [Fact]
    let actionLabel: String
    /// The personal link.
    let actionURL: String
    /// Public pages.
    let pages: [Fact]
    let closing: String
    let host: String
    let footer: [String]
}
