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
        try NominationDesk.check(applicants.map(\.email.mailboxKey))
        let answer = try await nominated(applicants, tenant: principal.tenant)
        return try await database.idempotent(request, context: context, principal: principal, schema: "matchmaking") {
            tx in
            try await NominationDesk(tenant: principal.tenant, actor: Author(principal))
                .nominate(applicants, of: nomination.university, in: cohort, at: Date(), in: tx)
            return try .json(answer, status: .created)
        }
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
