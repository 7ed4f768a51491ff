import Domain
import Postgres

/// With whom a member of a formed group goes.
enum Companions: Sendable {
    /// All of a team, the member included.
    case team(name: PersonName, members: [PersonName])
    /// A couple's other member, and where they are placed.
    case partner(PersonName, Place?)

    /// `nil` for somebody in no formed group.
    static func read(
        of applicant: ApplicantID,
        in cohort: CohortID,
        tenant: TenantID,
        _ tx: borrowing Transaction
    ) async throws -> Companions? {
        guard let group = try await GroupStore(tenant: tenant).group(of: applicant, in: tx)?.group,
            group.state == .formed
        else { return nil }
        let people = try await ProfileStore(tenant: tenant).candidates(of: cohort, among: group.applicants, in: tx)
        if group.kind == .team { return .team(name: group.name, members: people.map(\.applicant.name)) }
        guard let other = people.first(where: { $0.applicant.id != applicant })?.applicant else { return nil }
        let placement = try await PlacementStore(tenant: tenant).published(other.id, of: cohort, in: tx)
        return .partner(other.name, placement?.placement.place)
    }

    func text(_ pages: PersonalPages, _ language: LanguageTag, _ words: ExplanationWords) -> String {
        switch self {
        case .team(let name, let members):
            let names = members.map(\.description).joined(separator: ", ")
            return pages.text("result.team", language, ["name": name.description, "members": names])
        case .partner(let name, let place?):
            return pages.text("result.couple", language, ["name": name.description, "firm": words.name(place)])
        case .partner(let name, nil):
            return pages.text("result.couple.none", language, ["name": name.description])
        }
    }
}
