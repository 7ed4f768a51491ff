import Domain
import HTTPTypes
import Postgres
import ServiceKit

extension RankingChange<ApplicantSubject, PositionSubject> {
    /// An applicant's own list. Positions that are not open to the applicant are refused.
    init(
        of applicant: ApplicantID,
        in cohort: CohortID,
        tenant: TenantID,
        by actor: Author,
        named name: String = "applicant"
    ) {
        store = .applicants(of: cohort, tenant: tenant)
        owner = applicant
        ownerName = name
        self.actor = actor
        length = { ($0.applicants.minimum, $0.applicants.maximum) }
        wanted = { tx in try await PositionStore(tenant: tenant).open(in: cohort, tx) }
        barred = { tx in
            let groups = GroupStore(tenant: tenant)
            if try await groups.team(of: applicant, in: tx) != nil {
                throw Problem(.conflict, type: "ranks-as-team", title: "The applicant's team ranks for all its members")
            }
            return try await EligibilityBook.refusals(of: [applicant], in: cohort, tenant: tenant, tx)
        }
    }
}

extension RankingChange<GroupSubject, PositionSubject> {
    /// A team's list. Positions that are not open to all of its members are refused.
    init(of team: GroupID, _ members: [ApplicantID], in cohort: CohortID, tenant: TenantID, by actor: Author) {
        store = .teams(of: cohort, tenant: tenant)
        owner = team
        ownerName = "group"
        self.actor = actor
        length = { ($0.applicants.minimum, $0.applicants.maximum) }
        wanted = { tx in try await PositionStore(tenant: tenant).open(in: cohort, tx) }
        barred = { tx in try await EligibilityBook.refusals(of: members, in: cohort, tenant: tenant, tx) }
    }
}

extension RankingChange<FirmSubject, ApplicantSubject> {
    /// What a firm ranks that is its one position.
    init(of firm: FirmID, in cohort: CohortID, tenant: TenantID, by actor: Author) {
        store = .firms(of: cohort, tenant: tenant)
        owner = firm
        ownerName = "firm"
        self.actor = actor
        length = { ($0.firms.minimum, $0.firms.maximum) }
        wanted = { tx in
            guard let found = try await PositionStore(tenant: tenant).find(PositionID(firm.uuid), in: tx) else {
                return []
            }
            return try await PartyStore(tenant: tenant).candidates(for: found.record.position, of: cohort, in: tx)
        }
        barred = { tx in
            let position = PositionID(firm.uuid)
            guard try await PositionStore(tenant: tenant).find(position, in: tx) != nil else {
                throw Problem(.conflict, type: "has-positions", title: "The firm has positions: rank for each of these")
            }
            return try await AcceptanceStore(tenant: tenant).barred(by: position, in: tx)
        }
    }
}

extension RankingChange<PositionSubject, ApplicantSubject> {
    /// What is ranked for a position, described or not. Whoever is marked unacceptable is refused; those are wanted whom
    /// the firm sees.
    init(for position: Position, in cohort: CohortID, tenant: TenantID, by actor: Author) {
        store = .of(position, of: cohort, tenant: tenant)
        owner = position.id
        ownerName = "position"
        self.actor = actor
        length = { ($0.firms.minimum, $0.firms.maximum) }
        wanted = { tx in try await PartyStore(tenant: tenant).candidates(for: position, of: cohort, in: tx) }
        barred = { tx in try await AcceptanceStore(tenant: tenant).barred(by: position.id, in: tx) }
    }
}

extension PositionStore {
    /// What can still be chosen: firms that have left take nobody.
    fileprivate func open(in cohort: CohortID, _ tx: borrowing Transaction) async throws -> Set<PositionID> {
        Set(try await all(of: cohort, in: tx).filter { !$0.isWithdrawn }.map(\.position.id))
    }
}

extension PartyStore {
    /// Whom the firm sees.
    fileprivate func candidates(
        for position: Position,
        of cohort: CohortID,
        in tx: borrowing Transaction
    ) async throws -> Set<ApplicantID> {
        Set(try await parties(for: position, of: cohort, in: tx).map(\.id))
    }
}

extension EligibilityBook {
    /// What these applicants may not choose, with a sentence for each.
    static func refusals(
        of applicants: [ApplicantID],
        in cohort: CohortID,
        tenant: TenantID,
        _ tx: borrowing Transaction
    ) async throws -> [PositionID: String] {
        let positions = try await PositionStore(tenant: tenant).all(of: cohort, in: tx).map(\.position)
        return try await read(positions, of: cohort, among: applicants, tenant: tenant, in: tx)
            .barred(applicants).mapValues(\.reason)
    }
}
