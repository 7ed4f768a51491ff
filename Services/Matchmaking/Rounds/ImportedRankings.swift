import Domain
import Foundation
import Postgres
import ServiceKit

/// Many rankings of both sides that are checked and stored together.
struct ImportedRankings: Sendable {
    private let applicants: [(owner: ApplicantID, groups: [[FirmID]])]
    private let firms: [(owner: FirmID, groups: [[ApplicantID]])]

    init(_ body: RankingImport) {
        applicants = body.applicants.map { ($0.applicant, $0.ranking) }
        firms = body.firms.map { ($0.firm, $0.ranking) }
    }

    /// Precondition: the transaction holds the cohort's lock.
    func save(in cohort: Cohort, tenant: TenantID, _ tx: borrowing Transaction) async throws {
        let ofApplicants = RankingStore.applicants(of: cohort.id, tenant: tenant)
        let ofFirms = RankingStore.firms(of: cohort.id, tenant: tenant)
        let knownApplicants = try await ofApplicants.knownOwners(in: tx)
        let knownFirms = try await ofFirms.knownOwners(in: tx)

        let lists = cohort.rules.lists
        var faults: [Problem.FieldError] = []
        let left: [RankingStore<ApplicantSubject, FirmSubject>.Entry] = parse(
            applicants,
            known: knownApplicants,
            among: knownFirms,
            lengths: (lists.applicants.minimum, lists.applicants.maximum),
            names: ("/applicants", "applicant"),
            &faults
        )
        let right: [RankingStore<FirmSubject, ApplicantSubject>.Entry] = parse(
            firms,
            known: knownFirms,
            among: knownApplicants,
            lengths: (lists.firms.minimum, lists.firms.maximum ?? knownApplicants.count),
            names: ("/firms", "firm"),
            &faults
        )
        try Problem.check(faults)
        if !left.isEmpty { try await ofApplicants.save(left, in: tx) }
        if !right.isEmpty { try await ofFirms.save(right, in: tx) }
    }

    private func parse<Owner, Subject>(
        _ lists: [(owner: ID<Owner>, groups: [[ID<Subject>]])],
        known: Set<ID<Owner>>,
        among subjects: Set<ID<Subject>>,
        lengths: (minimum: Int, maximum: Int),
        names: (list: String, owner: String),
        _ faults: inout [Problem.FieldError]
    ) -> [RankingStore<Owner, Subject>.Entry] {
        var seen: Set<ID<Owner>> = []
        var entries: [RankingStore<Owner, Subject>.Entry] = []
        entries.reserveCapacity(lists.count)
        for (index, list) in lists.enumerated() {
            let pointer = "\(names.list)/\(index)"
            if !known.contains(list.owner) {
                faults.append(.init("\(pointer)/\(names.owner)", "is not of this cohort"))
            } else if !seen.insert(list.owner).inserted {
                faults.append(.init("\(pointer)/\(names.owner)", "is listed twice"))
            }
            do throws(InvalidRanking) {
                let ranking = try Ranking(
                    list.groups,
                    among: subjects,
                    atLeast: lengths.minimum,
                    atMost: lengths.maximum
                )
                entries.append(.init(owner: list.owner, ranking: ranking))
            } catch {
                faults += error.faults.map { .init("\(pointer)/ranking\($0.pointer)", $0.reason) }
            }
        }
        return entries
    }
}
