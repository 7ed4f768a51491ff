import Domain
import Foundation
import Postgres

/// What positions ask of an applicant beyond the nomination.
struct Profile: Hashable, Sendable, Codable {
    let applicant: ApplicantID
    let discipline: Slug?
    /// Numbers by name, such as `grade`.
    let facts: [String: Int]
    /// Agrees to be seen by firms that they did not choose.
    let consents: Bool

    init(applicant: ApplicantID, discipline: Slug? = nil, facts: [String: Int] = [:], consents: Bool = false) {
        self.applicant = applicant
        self.discipline = discipline
        self.facts = facts
        self.consents = consents
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        applicant = try container.decode(ApplicantID.self, forKey: .applicant)
        discipline = try container.decodeIfPresent(Slug.self, forKey: .discipline)
        facts = try container.decodeIfPresent([String: Int].self, forKey: .facts) ?? [:]
        consents = try container.decodeIfPresent(Bool.self, forKey: .consents) ?? false
    }
}

/// An applicant as positions look at them.
struct Candidate: Sendable {
    let applicant: Applicant
    let profile: Profile
    let traits: ApplicantTraits
}

/// The profiles of a tenant's applicants.
struct ProfileStore: Sendable {
    let tenant: TenantID

    /// Applicants of a cohort with their profiles, in the order in which they joined: all, or those that are named.
    func candidates(
        of cohort: CohortID,
        among ids: [ApplicantID]? = nil,
        in tx: borrowing Transaction
    ) async throws -> [Candidate] {
        try await tx.query(
            """
            SELECT a.id, u.code, a.name, a.email, a.language, a.economy, a.enrolled_at, a.withdrawn_at,
                q.discipline, coalesce(q.facts, '{}') AS facts,
                coalesce(q.consents, false) AS consents, g.platform
            FROM matchmaking.applicants a
            JOIN matchmaking.universities u ON (u.tenant_id, u.id) = (a.tenant_id, a.university_id)
            LEFT JOIN matchmaking.profiles q ON (q.tenant_id, q.applicant_id) = (a.tenant_id, a.id)
            LEFT JOIN matchmaking.group_members m ON (m.tenant_id, m.applicant_id) = (a.tenant_id, a.id)
            LEFT JOIN matchmaking.groups g ON (g.tenant_id, g.id) = (m.tenant_id, m.group_id)
            WHERE a.tenant_id = \(tenant.uuid) AND a.cohort_id = \(cohort.uuid)
                AND (\(ids == nil) OR a.id = ANY(\((ids ?? []).map(\.uuid))))
            ORDER BY a.id
            """
        ).map(Self.candidate)
    }

    func save(_ profiles: [Profile], of cohort: CohortID, in tx: borrowing Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO matchmaking.profiles (tenant_id, cohort_id, applicant_id, discipline, facts, consents)
            SELECT \(tenant.uuid), \(cohort.uuid), applicant, discipline, facts, consents
            FROM unnest(\(profiles.map(\.applicant.uuid)), \(profiles.map { $0.discipline?.description }),
                \(profiles.map { JSON($0.facts) }), \(profiles.map(\.consents)))
                AS entry (applicant, discipline, facts, consents)
            ON CONFLICT (tenant_id, applicant_id) DO UPDATE
            SET discipline = excluded.discipline, facts = excluded.facts, consents = excluded.consents
            """
        )
    }

    // Inlined into an asynchronous function, such a function crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func candidate(_ row: Row) throws -> Candidate {
        let applicant = try ApplicantStore.applicant(row)
        let profile = Profile(
            applicant: applicant.id,
            discipline: try row.decode(String?.self, column: "discipline").map { try Slug($0) },
            facts: try row.decode(JSON<[String: Int]>.self, column: "facts").value,
            consents: try row.decode(Bool.self, column: "consents")
        )
        let platform = try row.decode(String?.self, column: "platform").map { try Slug($0) }
        return Candidate(
            applicant: applicant,
            profile: profile,
            traits: ApplicantTraits(
                economy: applicant.economy,
                university: applicant.university,
                discipline: profile.discipline,
                platform: platform
            )
        )
    }
}
