import Domain
import Foundation

/// Who of a cohort still has to act.
struct Outstanding: Sendable {
    enum Role: String, Sendable, Codable, CaseIterable {
        case applicant, team, firm, university
    }

    /// Somebody who can be written to.
    struct Person: Sendable, Codable {
        /// Of whom they act for; of a team each member for themselves.
        let id: UUID
        let recipient: Recipient
    }

    let id: UUID
    let role: Role
    let action: OutstandingAction
    /// How often: students to confirm, else 1.
    let count: Int
    /// An applicant's or a team's name, or the code of a firm or university.
    let name: String
    /// All of a team; nobody where nobody knows how to write to them.
    let people: [Person]
    let remindedAt: Date?

    /// Of one of `people`: a team's member opens the page of an applicant.
    func member(_ person: Person) -> CohortMember {
        switch role {
        case .applicant, .team: CohortMember(ApplicantID(person.id))
        case .firm: CohortMember(FirmID(person.id))
        case .university: CohortMember(UniversityID(person.id))
        }
    }
}

struct OutstandingBody: Encodable, Sendable {
    let id: ID<Outstanding>
    let role: Outstanding.Role
    let action: OutstandingAction
    let count: Int
    let name: String
    let isReachable: Bool
    let remindedAt: Date?

    init(_ outstanding: Outstanding) {
        id = ID(outstanding.id)
        role = outstanding.role
        action = outstanding.action
        count = outstanding.count
        name = outstanding.name
        isReachable = !outstanding.people.isEmpty
        remindedAt = outstanding.remindedAt
    }
}
