import Domain
import Foundation

/// What a mail says, as its row keeps it. The person it goes to is kept beside it.
enum MailContent: Hashable, Sendable, Codable {
    case confirmed(RegistrationFacts)
    case movedUp(RegistrationFacts)
    case waiting(RegistrationFacts, position: Int)
    /// `hadPlace`: whether an invitation is in the person's calendar.
    case cancelled(RegistrationFacts, hadPlace: Bool)
    case linkRequested(RegistrationFacts)
    case rankingInvited(ApplicantFacts, deadline: Date)
    case placed(ApplicantFacts, firm: LocalizedText)
    case unplaced(ApplicantFacts)

    var kind: MailKind {
        switch self {
        case .confirmed: .confirmed
        case .movedUp: .movedUp
        case .waiting: .waiting
        case .cancelled: .cancelled
        case .linkRequested: .linkRequested
        case .rankingInvited: .rankingInvited
        case .placed: .placed
        case .unplaced: .unplaced
        }
    }

    var facts: Facts {
        switch self {
        case .confirmed(let facts), .movedUp(let facts), .linkRequested(let facts): .registration(facts)
        case .waiting(let facts, _), .cancelled(let facts, _): .registration(facts)
        case .rankingInvited(let facts, _), .placed(let facts, _), .unplaced(let facts): .applicant(facts)
        }
    }

    /// The registration or the applicant.
    var subject: UUID {
        switch facts {
        case .registration(let facts): facts.id.uuid
        case .applicant(let facts): facts.id.uuid
        }
    }

    enum Facts {
        case registration(RegistrationFacts)
        case applicant(ApplicantFacts)
    }
}

/// The kinds by the names that rows, texts and the API use.
enum MailKind: String, Sendable, Codable, CaseIterable {
    case confirmed, waiting, cancelled, placed, unplaced
    case movedUp = "moved-up"
    case linkRequested = "link-requested"
    case rankingInvited = "ranking-invited"
}

struct RegistrationFacts: Hashable, Sendable, Codable {
    let id: RegistrationID
    let event: EventFacts
    /// Of the calendar entry.
    var sequence = 0
}

struct ApplicantFacts: Hashable, Sendable, Codable {
    let id: ApplicantID
    let cohortTitle: LocalizedText
}
