import Domain
import Foundation

/// An offer as it is stored.
struct OfferRecord: Sendable {
    var offer: Offer
    /// Of a firm with described positions.
    let position: PositionID?
    let cohort: CohortID
    let round: RoundID
    let createdAt: Date
    var changedAt: Date
}

struct OfferBody: Encodable, Sendable {
    let id: OfferID
    let cohort: CohortID
    let round: RoundID
    let applicant: ApplicantID
    let firm: FirmID
    let position: PositionID?
    let state: OfferState
    let deadline: Date
    let version: Int
    let createdAt: Date
    let changedAt: Date

    init(_ record: OfferRecord) {
        id = record.offer.id
        cohort = record.cohort
        round = record.round
        applicant = record.offer.applicant
        firm = record.offer.firm
        position = record.position
        state = record.offer.state
        deadline = record.offer.deadline
        version = record.offer.version
        createdAt = record.createdAt
        changedAt = record.changedAt
    }
}
