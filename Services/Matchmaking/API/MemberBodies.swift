import Domain

struct NewUniversities: Decodable, Sendable {
    struct Entry: Decodable, Sendable {
        let code: Slug
        let name: LocalizedText
    }
    let universities: [Entry]
}

struct NewFirms: Decodable, Sendable {
    struct Entry: Decodable, Sendable {
        let code: Slug
        let name: LocalizedText
        let capacity: Int
    }
    let firms: [Entry]
}

struct University: Encodable, Sendable {
    let id: UniversityID
    let code: Slug
    let name: LocalizedText
}

struct Firm: Encodable, Sendable {
    let id: FirmID
    let code: Slug
    let name: LocalizedText
    let capacity: Int
}
