import Domain
import Foundation

/// Who registers.
struct Registrant: Sendable {
    let party: Party
    let recipient: Recipient
    let economy: EconomyCode
    let organisation: OrganisationName?
}

/// A registration as it is stored.
struct RegistrationRecord: Sendable {
    let id: RegistrationID
    let event: EventID
    let registrant: Registrant
    /// From 1 in the event, in the order of registration.
    let number: Int
    var state: RegistrationState
    /// Rises with each change of the state.
    var version: Int
    let registeredAt: Date
    /// On the waiting list, from 1.
    var position: Int?
}
