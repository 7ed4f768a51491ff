import Domain
import Foundation

struct NewUniversities: Decodable, Sendable {
    struct Entry: Decodable, Sendable {
        let code: Slug
        let name: LocalizedText
        let contact: Recipient?
    }
    let universities: [Entry]
}

struct NewFirms: Decodable, Sendable {
    struct Entry: Decodable, Sendable {
        let code: Slug
        let name: LocalizedText
        let capacity: Int
        let contact: Recipient?
    }
    let firms: [Entry]
}

struct University: Encodable, Sendable {
    let id: UniversityID
    let code: Slug
    let name: LocalizedText
    /// Whom to write to.
    var contact: Recipient?
}

struct Firm: Encodable, Sendable {
    let id: FirmID
    let code: Slug
    let name: LocalizedText
    let capacity: Int
    /// Whom to write to.
    var contact: Recipient?
    var withdrawnAt: Date?
}
