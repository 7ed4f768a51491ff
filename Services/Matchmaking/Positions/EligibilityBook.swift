import Domain
import Postgres

/// Who may choose which positions of a cohort.
struct EligibilityBook: Sendable {
    /// Those that are not open to everybody.
    private let positions: [Position]
    private let traits: [ApplicantID: ApplicantTraits]

    static func read(
        _ positions: [Position],
        of cohort: CohortID,
        among applicants: [ApplicantID]? = nil,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> EligibilityBook {
        let limited = positions.filter { $0.eligibility != .everybody }
        guard !limited.isEmpty else { return EligibilityBook(positions: [], traits: [:]) }
        let people = try await ProfileStore(tenant: tenant).candidates(of: cohort, among: applicants, in: tx)
        let traits = people.map { ($0.applicant.id, $0.traits) }
        return EligibilityBook(positions: limited, traits: Dictionary(uniqueKeysWithValues: traits))
    }

    /// What the applicants may not choose, with the reason: what one of them may not, none of them may.
    func barred(_ applicants: [ApplicantID]) -> [PositionID: Eligibility.Refusal] {
        let people = applicants.compactMap { traits[$0] }
        var barred: [PositionID: Eligibility.Refusal] = [:]
        for position in positions {
            barred[position.id] = people.lazy.compactMap { position.eligibility.refusal(of: $0) }.first
        }
        return barred
    }

    /// Of the lists, by position those who named it and may not have it.
    func ineligible(_ lists: [ApplicantID: [[String]]]) -> [String: Set<String>] {
        guard !positions.isEmpty else { return [:] }
        var ineligible: [String: Set<String>] = [:]
        for (applicant, list) in lists {
            let barred = Set(barred([applicant]).keys.map(\.description))
            for id in list.joined() where barred.contains(id) {
                ineligible[id, default: []].insert(applicant.description)
            }
        }
        return ineligible
    }
}
