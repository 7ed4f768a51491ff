import Domain
import ServiceKit

/// A registration as a machine or staff send it.
struct RegistrationBody: ClosedBody {
    enum Kind: String, Decodable, Sendable { case person, team }

    let party: Kind
    let teamName: OrganisationName?
    let name: PersonName
    let email: EmailAddress
    let language: LanguageTag
    let economy: EconomyCode
    let organisation: OrganisationName?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case party, teamName, name, email, language, economy, organisation
    }

    func registrant() throws(Problem) -> Registrant {
        let who: Party
        switch (party, teamName) {
        case (.person, nil): who = .person
        case (.team, .some(let name)): who = .team(name: name)
        case (.team, nil): throw .invalid(.init("/teamName", "must be given for a team"))
        case (.person, .some): throw .invalid(.init("/teamName", "must not be given for a person"))
        }
        return Registrant(
            party: who,
            recipient: Recipient(name: name, email: email, language: language),
            economy: economy,
            organisation: organisation
        )
    }
}
