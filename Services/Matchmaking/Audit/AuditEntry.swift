import Domain
import Foundation
import ServiceKit

/// Who did what, when, and from what to what. It names people by id only.
struct AuditEntry: Sendable {
    enum Action: String, Sendable, Encodable {
        case cohortCreated = "cohort.created"
        case universitiesAdded = "universities.added"
        case firmsAdded = "firms.added"
        case positionsDescribed = "positions.described"
        case positionChanged = "position.changed"
        case profilesChanged = "profiles.changed"
        case scored = "applicants.scored"
        case markedUnacceptable = "applicant.unacceptable"
        case acceptableAgain = "applicant.acceptable"
        case rankingCertified = "ranking.certified"
        case groupsAdded = "groups.added"
        case groupAgreed = "group.agreed"
        case groupDissolved = "group.dissolved"
        case nominated = "applicants.nominated"
        case imported = "import.applied"
        case staffLinkMade = "staff-link.made"
        case staffLinkRevoked = "staff-link.revoked"
        case rankingChanged = "ranking.changed"
        case rankingsImported = "rankings.imported"
        case cohortOpened = "cohort.opened"
        case rankingOpened = "ranking.opened"
        case deadlineMoved = "ranking.deadline-moved"
        case cohortLocked = "cohort.locked"
        case cohortClosed = "cohort.closed"
        case rulesSet = "rules.set"
        case reminded = "members.reminded"
        case memberInvited = "member.invited"
        case enrolmentConfirmed = "enrolment.confirmed"
        case applicantWithdrawn = "applicant.withdrawn"
        case firmWithdrawn = "firm.withdrawn"
        case capacityChanged = "firm.capacity-changed"
        case roundRun = "round.run"
        case roundPublished = "round.published"
        case offerChanged = "offer.changed"
    }

    let id: ID<AuditEntry>
    let cohort: CohortID
    let at: Date
    let actor: Author
    let action: Action
    let subject: UUID?
    let before: [String: String]
    let after: [String: String]
    let reason: String?

    init(
        _ action: Action,
        of cohort: CohortID,
        by actor: Author,
        at date: Date = Date(),
        subject: UUID? = nil,
        before: [String: String] = [:],
        after: [String: String] = [:],
        reason: String? = nil
    ) {
        id = ID()
        self.cohort = cohort
        at = date
        self.actor = actor
        self.action = action
        self.subject = subject
        self.before = before
        self.after = after
        self.reason = reason
    }
}

/// Whoever changes a cohort, as the record names them.
struct Author: Sendable, Hashable {
    let name: String

    /// A token, by its role and name.
    init(_ principal: Principal) { name = "\(principal.role.rawValue):\(principal.name)" }
    /// An applicant, over the personal link.
    init(_ applicant: ApplicantID) { name = "applicant:\(applicant)" }
    /// A firm's recruiter, over the personal link.
    init(_ firm: FirmID) { name = "firm:\(firm)" }
    /// A member of staff, over a personal link.
    init(_ link: StaffLink) { name = "staff:\(link.name)" }
    /// A university, over the personal link.
    init(_ university: UniversityID) { name = "university:\(university)" }
    private init(_ name: String) { self.name = name }

    /// The timer of a deadline.
    static let deadline = Author("deadline")
    /// The cohort's rule on places that became free.
    static let refill = Author("refill")
}
