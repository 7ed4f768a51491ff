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
    /// The deadline is missing where it was told before there were any.
    case placed(ApplicantFacts, firm: LocalizedText, deadline: Date? = nil)
    case unplaced(ApplicantFacts)
    case offer(OfferNews, ApplicantFacts, firm: LocalizedText, deadline: Date? = nil)

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
        case .offer(let news, _, _, _): news.kind
        }
    }

    var facts: Facts {
        switch self {
        case .confirmed(let facts), .movedUp(let facts), .linkRequested(let facts): .registration(facts)
        case .waiting(let facts, _), .cancelled(let facts, _): .registration(facts)
        case .rankingInvited(let facts, _), .placed(let facts, _, _), .unplaced(let facts): .applicant(facts)
        case .offer(_, let facts, _, _): .applicant(facts)
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

/// What became of a place that somebody was offered.
enum OfferNews: String, Hashable, Sendable, Codable, CaseIterable {
    case accepted, declined, expired, withdrawn, revoked, deferred
    case deferralRefused = "deferral-refused"

    var kind: MailKind {
        switch self {
        case .accepted: .accepted
        case .declined: .declined
        case .expired: .expired
        case .withdrawn: .withdrawn
        case .revoked: .revoked
        case .deferred: .deferred
        case .deferralRefused: .deferralRefused
        }
    }
}

/// The kinds by the names that rows, texts and the API use.
enum MailKind: String, Sendable, Codable, CaseIterable {
    case confirmed, waiting, cancelled, placed, unplaced
    case accepted, declined, expired, withdrawn, revoked, deferred
    case movedUp = "moved-up"
    case linkRequested = "link-requested"
    case rankingInvited = "ranking-invited"
    case deferralRefused = "deferral-refused"
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
