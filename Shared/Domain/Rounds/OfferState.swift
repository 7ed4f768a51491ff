/// Where the offer of a place stands.
public enum OfferState: String, Hashable, Sendable, Codable, CaseIterable {
    /// The applicant has until the deadline to answer.
    case offered
    /// The applicant takes the place.
    case accepted
    /// The applicant gave the place up.
    case declined
    /// The applicant asks to start at a later intake. The place is kept, and the deadline rests, until staff decide.
    case deferralAsked = "deferral-asked"
    /// Staff granted that: the place of this intake is free again.
    case deferred
    /// The deadline passed without an answer.
    case expired
    /// Staff withdrew the applicant.
    case withdrawn
    /// Staff withdrew the place. The applicant may be offered another.
    case revoked

    /// Whether the place is the applicant's.
    public var holdsPlace: Bool {
        switch self {
        case .offered, .accepted, .deferralAsked: true
        case .declined, .deferred, .expired, .withdrawn, .revoked: false
        }
    }
}

/// What an applicant may say to an offer.
public enum OfferAnswer: String, Hashable, Sendable, Codable, CaseIterable {
    case accept, decline, `defer`

    var state: OfferState {
        switch self {
        case .accept: .accepted
        case .decline: .declined
        case .defer: .deferralAsked
        }
    }
}

/// What staff withdraw.
public enum WithdrawalSubject: String, Hashable, Sendable, Codable, CaseIterable {
    /// The applicant leaves; the place is free for somebody else.
    case applicant
    /// The place is gone; the applicant may get another.
    case place
}

/// Why something may not happen to an offer now.
public enum OfferRefusal: String, Error, Hashable, Sendable, CaseIterable {
    /// The deadline for answers has passed.
    case deadlinePassed = "answer-deadline-passed"
    /// Another answer was given.
    case answered
    /// Staff withdrew the applicant or the place.
    case withdrawn
    /// The applicant has not asked to start later.
    case noDeferralAsked = "no-deferral-asked"
    /// Nobody holds the place by this offer any more.
    case closed = "offer-closed"

    /// A sentence for whoever asked.
    public var reason: String {
        switch self {
        case .deadlinePassed: "The deadline for answers has passed"
        case .answered: "The offer was answered otherwise already"
        case .withdrawn: "The offer was withdrawn"
        case .noDeferralAsked: "The applicant has not asked to start later"
        case .closed: "Nobody holds the place by this offer any more"
        }
    }
}
