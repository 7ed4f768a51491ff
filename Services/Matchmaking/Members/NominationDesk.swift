import Domain
import Foundation
import HTTPTypes
import Messaging
import Postgres
import ServiceKit

/// Takes a university's students into a cohort, over the API and over the coordinator's page alike, in the caller's
/// transaction.
struct NominationDesk: Sendable {
    let tenant: TenantID
    let actor: Author

    /// All of them or none. What is wrong is told by pointers such as `/students/0/email`.
    func nominate(
        _ applicants: [Applicant],
        of university: Slug,
        in cohort: CohortID,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws {
        let record = try await CohortStore(tenant: tenant)
            .change(cohort, in: tx) { (cohort) throws(CohortRefusal) in try cohort.nominate(at: now) }
        guard let id = try await MemberStore(tenant: tenant).university(university, of: cohort, in: tx) else {
            throw Problem.invalid(.init("/university", "is not the code of a university of the cohort"))
        }
        let store = ApplicantStore(tenant: tenant)
        try check(applicants, of: university, against: record.cohort.rules.eligibility)
        let mailboxes = applicants.map(\.email.mailboxKey)
        try Self.check(mailboxes, taken: try await store.mailboxes(mailboxes, of: cohort, in: tx))
        try await store.insert(applicants, of: id, into: cohort, in: tx)
        AuditStore(tenant: tenant).add(
            AuditEntry(
                .nominated,
                of: cohort,
                by: actor,
                at: now,
                subject: id.uuid,
                after: ["applicants": applicants.map(\.id.description).joined(separator: " ")]
            ),
            in: tx
        )
        // Those who are nominated earlier are invited when ranking opens.
        if record.cohort.state == .ranking {
            try tx.publish(contentsOf: applicants.map { RankingInvited($0, to: record.cohort) })
        }
    }

    private func check(
        _ applicants: [Applicant],
        of university: Slug,
        against eligibility: CohortRules.Eligibility
    ) throws {
        guard eligibility.universities.isEmpty || eligibility.universities.contains(university) else {
            throw Problem.invalid(.init("/university", "may not nominate by the cohort's rules"))
        }
        try Problem.check(
            applicants.enumerated()
                .filter { !eligibility.admits(economy: $0.element.economy, university: university) }
                .map { .init("/students/\($0.offset)/economy", "is not eligible by the cohort's rules") }
        )
    }

    /// Throws where an address occurs twice, or is among those that the cohort has.
    static func check(_ mailboxes: [String], taken: Set<String> = []) throws {
        var seen: Set<String> = []
        let faults = mailboxes.enumerated().compactMap { index, mailbox -> Problem.FieldError? in
            if taken.contains(mailbox) { return .init("/students/\(index)/email", "is nominated already") }
            return seen.insert(mailbox).inserted ? nil : .init("/students/\(index)/email", "is nominated twice")
        }
        try Problem.check(faults)
    }
}
