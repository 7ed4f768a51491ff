import Domain
import Foundation
import Postgres

/// Who would go to a position together: one applicant, or a team.
struct Party: Sendable {
    let id: ApplicantID
    let name: PersonName
    let people: [Candidate]
    let isTeam: Bool

    /// A team's are the mean of those of its members of whom they are known, rounded half up.
    var facts: [Slug: Int] {
        let all = people.flatMap {
            $0.profile.facts.compactMap { name, value in (try? Slug(name)).map { ($0, value) } }
        }
        return Dictionary(grouping: all, by: \.0).mapValues { values in
            (2 * values.reduce(0) { $0 + $1.1 } + values.count) / (2 * values.count)
        }
    }
}

/// Whom the firms of a tenant's cohorts get to see.
struct PartyStore: Sendable {
    let tenant: TenantID

    /// Those whose list names the position; where the cohort's rules say so also who agreed to be seen by all, if the
    /// position is open to them.
    func parties(
        for position: Position,
        of cohort: CohortID,
        in tx: borrowing Transaction
    ) async throws -> [Party] {
        let viewing = try await CohortStore(tenant: tenant).find(cohort, in: tx).cohort.rules.viewing
        let teams = try await GroupStore(tenant: tenant).formed(in: cohort, tx).filter { $0.kind == .team }
        let choosers = try await choosers(of: position.id, of: cohort, in: tx)
        let chosenTeams = teams.filter { choosers.contains($0.id.uuid) }
        let inTeams = Set(teams.flatMap(\.applicants))
        let wanted = choosers.map { ApplicantID($0) }.filter { !inTeams.contains($0) }
        let everybody: [ApplicantID]? =
            viewing.firmsSee == .consented ? nil : wanted + chosenTeams.flatMap(\.applicants)
        let people = try await ProfileStore(tenant: tenant).candidates(of: cohort, among: everybody, in: tx)
        let byID = Dictionary(uniqueKeysWithValues: people.map { ($0.applicant.id, $0) })
        let alone = people.filter { person in
            guard !inTeams.contains(person.applicant.id), person.applicant.withdrawnAt == nil else { return false }
            if choosers.contains(person.applicant.id.uuid) { return true }
            return person.profile.consents && position.eligibility.refusal(of: person.traits) == nil
        }
        return alone.map { Party(id: $0.applicant.id, name: $0.applicant.name, people: [$0], isTeam: false) }
            + chosenTeams.map { team in
                Party(
                    id: ApplicantID(team.id.uuid),
                    name: team.name,
                    people: team.applicants.compactMap { byID[$0] },
                    isTeam: true
                )
            }
    }

    private func choosers(
        of position: PositionID,
        of cohort: CohortID,
        in tx: borrowing Transaction
    ) async throws -> Set<UUID> {
        let rows = try await tx.query(
            """
            SELECT owner_id FROM matchmaking.applicant_rankings
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND \(position.uuid) = ANY(choices)
            UNION ALL SELECT owner_id FROM matchmaking.group_rankings
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND \(position.uuid) = ANY(choices)
            """
        )
        return Set(try rows.map { try $0.decode(UUID.self) })
    }
}
