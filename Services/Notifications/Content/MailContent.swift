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
    /// An applicant without a place left.
    case applicantWithdrew(ApplicantFacts)
    /// A step of a cohort, told to one of those concerned.
    case cohort(CohortNews.Step, MemberFacts, deadline: Date? = nil)
    case reminder(OutstandingAction, MemberFacts, count: Int, deadline: Date)

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
        case .applicantWithdrew: .applicantWithdrew
        case .cohort(let step, _, _): step.kind
        case .reminder(let action, _, _, _): action.kind
        }
    }

    var facts: Facts {
        switch self {
        case .confirmed(let facts), .movedUp(let facts), .linkRequested(let facts): .registration(facts)
        case .waiting(let facts, _), .cancelled(let facts, _): .registration(facts)
        case .rankingInvited(let facts, _), .placed(let facts, _, _), .unplaced(let facts): .applicant(facts)
        case .offer(_, let facts, _, _), .applicantWithdrew(let facts): .applicant(facts)
        case .cohort(_, let facts, _), .reminder(_, let facts, _, _): .member(facts)
        }
    }

    /// The registration, the applicant, the firm or the university.
    var subject: UUID {
        switch facts {
        case .registration(let facts): facts.id.uuid
        case .applicant(let facts): facts.id.uuid
        case .member(let facts): facts.member.id.uuid
        }
    }

    enum Facts {
        case registration(RegistrationFacts)
        case applicant(ApplicantFacts)
        case member(MemberFacts)
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

extension CohortNews.Step {
    var kind: MailKind {
        switch self {
        case .joined: .cohortJoined
        case .opened: .cohortOpened
        case .ranking: .rankingOpened
        case .deadline: .deadlineMoved
        case .locked: .cohortLocked
        case .closed: .cohortClosed
        case .abandoned: .cohortAbandoned
        }
    }
}

extension OutstandingAction {
    var kind: MailKind {
        switch self {
        case .rank: .rankReminder
        case .certify: .certifyReminder
        case .confirm: .confirmReminder
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
    case applicantWithdrew = "applicant-withdrew"
    case cohortJoined = "cohort-joined"
    case cohortOpened = "cohort-opened"
    case rankingOpened = "ranking-opened"
    case deadlineMoved = "deadline-moved"
    case cohortLocked = "cohort-locked"
    case cohortClosed = "cohort-closed"
    case cohortAbandoned = "cohort-abandoned"
    case rankReminder = "rank-reminder"
    case certifyReminder = "certify-reminder"
    case confirmReminder = "confirm-reminder"
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

/// An applicant, firm or university, and of which cohort.
struct MemberFacts: Hashable, Sendable, Codable {
    let member: CohortMember
    let cohortTitle: LocalizedText
}
