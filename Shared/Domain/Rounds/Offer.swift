public import Foundation

/// A place that a published round offers to an applicant, and the rules of what becomes of it.
public struct Offer: Hashable, Sendable {
    public let id: OfferID
    public let applicant: ApplicantID
    public let firm: FirmID
    public private(set) var state: OfferState
    /// It may be answered up to and including this moment.
    public private(set) var deadline: Date
    /// Rises with each change.
    public private(set) var version: Int

    public init(
        id: OfferID,
        applicant: ApplicantID,
        firm: FirmID,
        deadline: Date,
        state: OfferState = .offered,
        version: Int = 1
    ) {
        self.id = id
        self.applicant = applicant
        self.firm = firm
        self.deadline = deadline
        self.state = state
        self.version = version
    }

    /// Whether the applicant may answer at `now`. While staff consider a deferral the deadline rests.
    public func isOpen(at now: Date) -> Bool {
        state == .offered && now <= deadline || state == .deferralAsked
    }

    /// The state as it is at `now`: between the deadline and its timer an offer has expired already.
    public func state(at now: Date) -> OfferState { state == .offered && !isOpen(at: now) ? .expired : state }

    /// Takes the applicant's answer. Tells whether it is a new one: the same answer again is not.
    public mutating func answer(_ answer: OfferAnswer, at now: Date) throws(OfferRefusal) -> Bool {
        if state == answer.state { return false }
        switch state {
        case .offered: guard now <= deadline else { throw .deadlinePassed }
        case .deferralAsked: break
        case .expired: throw .deadlinePassed
        case .accepted, .declined, .deferred: throw .answered
        case .withdrawn, .revoked: throw .withdrawn
        }
        advance(to: answer.state)
        return true
    }

    /// Staff decide on the wish to start later. Where they refuse it, the applicant has at least until `extended` to
    /// answer: the time that staff took is not taken from them.
    public mutating func decideDeferral(isGranted: Bool, extended: Date) throws(OfferRefusal) {
        guard state == .deferralAsked else { throw .noDeferralAsked }
        if !isGranted { deadline = max(deadline, extended) }
        advance(to: isGranted ? .deferred : .offered)
    }

    /// The time `due` has come. Tells whether the offer ends by that: one that was answered, or whose deadline is later
    /// by now, does not.
    public mutating func expire(due: Date) -> Bool {
        guard state == .offered, deadline <= due else { return false }
        advance(to: .expired)
        return true
    }

    /// Staff withdraw the applicant or the place.
    public mutating func withdraw(_ subject: WithdrawalSubject) throws(OfferRefusal) {
        guard state.holdsPlace else { throw .closed }
        advance(to: subject == .applicant ? .withdrawn : .revoked)
    }

    private mutating func advance(to state: OfferState) {
        self.state = state
        version += 1
    }
}
