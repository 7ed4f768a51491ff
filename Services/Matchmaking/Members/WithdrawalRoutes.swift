import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Applicants and firms leave, universities confirm, and firms change how many they take.
struct WithdrawalRoutes: Sendable {
    let database: Database
    let links: PersonalLinks

    func add(to api: RouterGroup<AppContext>) {
        api.post("applicants/:applicant/withdrawal", use: withdrawApplicant)
        api.put("applicants/:applicant/enrolment", use: confirm)
        api.put("cohorts/:cohort/firms/:firm/capacity", use: changeCapacity)
        api.post("cohorts/:cohort/firms/:firm/withdrawal", use: withdrawFirm)
        api.get("universities/:university/link", use: link)
    }

    @Sendable
    func withdrawApplicant(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let id: ApplicantID = try context.applicantID()
        let reason = try await reason(request, context)
        let applicant = try await database.transaction(tenant: principal.tenant) { tx in
            try await MemberDesk(tenant: principal.tenant, actor: Author(principal))
                .withdraw(id, reason: reason, isOwnWish: false, at: Date(), in: tx)
        }
        return try .json(applicant)
    }

    @Sendable
    func confirm(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let id: ApplicantID = try context.applicantID()
        let body = try await request.decodeJSON(Enrolment.self, context: context)
        let applicants = try await database.transaction(tenant: principal.tenant) { tx in
            try await MemberDesk(tenant: principal.tenant, actor: Author(principal))
                .confirm([id], isEnrolled: body.enrolled, at: Date(), in: tx)
        }
        return try .json(applicants.first)
    }

    @Sendable
    func changeCapacity(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let cohort: CohortID = try context.cohortID()
        let firm: FirmID = try context.firmID()
        let body = try await request.decodeJSON(NewCapacity.self, context: context)
        guard (0...10_000).contains(body.capacity) else {
            throw Problem.invalid(.init("/capacity", "must be from 0 to 10000"))
        }
        let reason = try body.reason.map { try Reason.parse($0) }
        let (changed, revoked) = try await database.transaction(tenant: principal.tenant) { tx in
            try await FirmDesk(tenant: principal.tenant, actor: Author(principal))
                .change(firm, of: cohort, to: body.capacity, reason: reason, at: Date(), in: tx) { cohort in
                    try request.requireMatch(version: cohort.version)
                }
        }
        return try .json(ChangedFirm(firm: changed, places: body.capacity, revoked: revoked))
    }

    @Sendable
    func withdrawFirm(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let cohort: CohortID = try context.cohortID()
        let firm: FirmID = try context.firmID()
        let reason = try await reason(request, context)
        let (changed, revoked) = try await database.transaction(tenant: principal.tenant) { tx in
            try await FirmDesk(tenant: principal.tenant, actor: Author(principal))
                .change(firm, of: cohort, to: 0, leaves: true, reason: reason, at: Date(), in: tx) { _ in }
        }
        return try .json(ChangedFirm(firm: changed, places: 0, revoked: revoked))
    }

    /// The coordinator's page, for staff to hand out.
    @Sendable
    func link(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: UniversityID = try context.universityID()
        let link = try await links.url(.university, of: id.uuid, tenant: principal.tenant)
        let isKnown = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            try await MemberStore(tenant: principal.tenant).university(id, in: tx) != nil
        }
        guard isKnown else { throw Problem.notFound("university") }
        return try .json(["link": link])
    }

    /// The body may be missing.
    private func reason(_ request: Request, _ context: AppContext) async throws -> String? {
        guard request.headers[.contentType] != nil else { return nil }
        return try await request.decodeJSON(NewReason.self, context: context).reason.map { try Reason.parse($0) }
    }
}

struct NewReason: Decodable, Sendable {
    let reason: String?
}

struct Enrolment: Decodable, Sendable {
    let enrolled: Bool
}

struct NewCapacity: Decodable, Sendable {
    let capacity: Int
    let reason: String?
}

struct ChangedFirm: Encodable, Sendable {
    let firm: Firm
    /// How many the firm still gives.
    let places: Int
    /// The offers of places that were taken away.
    let revoked: [OfferID]
}
