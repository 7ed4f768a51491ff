import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Universities nominate their students, who are invited to rank.
struct NominationRoutes: Sendable {
    let database: Database
    let links: PersonalLinks

    func add(to api: RouterGroup<AppContext>) {
        api.get("cohorts/:cohort/applicants", use: list)
        api.post("cohorts/:cohort/nominations", use: nominate)
    }

    @Sendable
    func nominate(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let cohort: CohortID = try context.cohortID()
        let nomination = try await request.decodeJSON(Nomination.self, context: context, limit: BodyLimit.large)
        try BulkLimits.check(nomination.students.count, BulkLimits.members, at: "/students")
        let applicants = nomination.students.map { student in
            Applicant(
                id: ApplicantID(),
                university: nomination.university,
                name: student.name,
                email: student.email,
                language: student.language,
                economy: student.economy
            )
        }
        let mailboxes = applicants.map(\.email.mailboxKey)
        try check(mailboxes)
        let answer = try await nominated(applicants, tenant: principal.tenant)
        return try await database.idempotent(request, context: context, principal: principal, schema: "matchmaking") {
            tx in
            let store = ApplicantStore(tenant: principal.tenant)
            let record = try await CohortStore(tenant: principal.tenant)
                .change(cohort, in: tx) { (cohort) throws(CohortRefusal) in try cohort.nominate(at: Date()) }
            let university = try await university(nomination.university, of: cohort, principal.tenant, in: tx)
            try check(nomination, against: record.cohort.rules)
            try check(mailboxes, taken: try await store.mailboxes(mailboxes, of: cohort, in: tx))
            try await store.insert(applicants, of: university, into: cohort, in: tx)
            AuditStore(tenant: principal.tenant).add(
                AuditEntry(
                    .nominated,
                    of: cohort,
                    by: Author(principal),
                    subject: university.uuid,
                    after: ["applicants": applicants.map(\.id.description).joined(separator: " ")]
                ),
                in: tx
            )
            // Those who are nominated earlier are invited when ranking opens.
            if record.cohort.state == .ranking {
                try tx.publish(contentsOf: applicants.map { RankingInvited($0, to: record.cohort) })
            }
            return try .json(answer, status: .created)
        }
    }

    private func check(_ nomination: Nomination, against rules: CohortRules) throws {
        let university = nomination.university
        if !rules.eligibility.universities.isEmpty, !rules.eligibility.universities.contains(university) {
            throw Problem.invalid(.init("/university", "may not nominate by the cohort's rules"))
        }
        try Problem.check(
            nomination.students.enumerated()
                .filter { !rules.eligibility.admits(economy: $0.element.economy, university: university) }
                .map { .init("/students/\($0.offset)/economy", "is not eligible by the cohort's rules") }
        )
    }

    private func check(_ mailboxes: [String], taken: Set<String> = []) throws {
        var seen: Set<String> = []
        let faults = mailboxes.enumerated().compactMap { index, mailbox -> Problem.FieldError? in
            if taken.contains(mailbox) { return .init("/students/\(index)/email", "is nominated already") }
            return seen.insert(mailbox).inserted ? nil : .init("/students/\(index)/email", "is nominated twice")
        }
        try Problem.check(faults)
    }

    private func university(
        _ code: Slug,
        of cohort: CohortID,
        _ tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> UniversityID {
        guard let university = try await MemberStore(tenant: tenant).university(code, of: cohort, in: tx) else {
            throw Problem.invalid(.init("/university", "is not the code of a university of the cohort"))
        }
        return university
    }

    /// Links are made before the transaction: the signer may ask the database for its key.
    private func nominated(_ applicants: [Applicant], tenant: TenantID) async throws -> Nominated {
        var entries: [Nominated.Entry] = []
        for applicant in applicants {
            let link = try await links.url(.ranking, of: applicant.id.uuid, tenant: tenant)
            entries.append(.init(id: applicant.id, email: applicant.email, rankingLink: link))
        }
        return Nominated(applicants: entries)
    }

    @Sendable
    func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let cohort: CohortID = try context.cohortID()
        let page = try PageRequest(request)
        let after = try page.uuidAfter()
        let applicants = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            _ = try await CohortStore(tenant: principal.tenant).find(cohort, in: tx)
            return try await ApplicantStore(tenant: principal.tenant)
                .list(of: cohort, after: after, limit: page.limit + 1, in: tx)
        }
        return try PageResponse(applicants, request: page) { $0.id.description }.response(for: request)
    }
}

extension RankingInvited {
    init(_ applicant: Applicant, to cohort: Cohort) {
        self.init(
            applicantID: applicant.id,
            cohortID: cohort.id,
            cohortTitle: cohort.title,
            recipient: applicant.recipient,
            deadline: cohort.rankingDeadline
        )
    }
}
