import Domain
import Foundation

/// A registration as the API shows it.
struct RegistrationView: Encodable, Sendable {
    let id: RegistrationID
    let event: EventID
    let party: String
    let teamName: OrganisationName?
    let name: PersonName
    let email: EmailAddress
    let language: LanguageTag
    let economy: EconomyCode
    let organisation: OrganisationName?
    let state: RegistrationState
    let position: Int?
    let version: Int
    let registeredAt: Date
    /// The personal page: only for who has just made the registration.
    let link: String?

    init(_ registration: RegistrationRecord, link: String? = nil) {
        let who = registration.registrant
        id = registration.id
        event = registration.event
        party = who.party == .person ? "person" : "team"
        teamName = who.party.teamName
        name = who.recipient.name
        email = who.recipient.email
        language = who.recipient.language
        economy = who.economy
        organisation = who.organisation
        state = registration.state
        position = registration.position
        version = registration.version
        registeredAt = registration.registeredAt
        self.link = link
    }
}
