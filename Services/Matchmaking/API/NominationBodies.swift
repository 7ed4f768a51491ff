import Domain
import Foundation

struct Nomination: Decodable, Sendable {
    struct Student: Decodable, Sendable {
        let name: PersonName
        let email: EmailAddress
        let language: LanguageTag
        let economy: EconomyCode
    }
    let university: Slug
    let students: [Student]
}

struct Nominated: Encodable, Sendable {
    struct Entry: Encodable, Sendable {
        let id: ApplicantID
        let email: EmailAddress
        let rankingLink: String
    }
    let applicants: [Entry]
}

struct Applicant: Encodable, Sendable {
    let id: ApplicantID
    /// The university's code.
    let university: Slug
    let name: PersonName
    let email: EmailAddress
    let language: LanguageTag
    let economy: EconomyCode
    /// When the university confirmed the enrolment.
    var enrolledAt: Date?
    var withdrawnAt: Date?

    var recipient: Recipient { Recipient(name: name, email: email, language: language) }
}
