import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Describes and reads positions, and keeps what they ask of applicants.
struct PositionRoutes: Sendable {
    let database: Database

    func add(to api: RouterGroup<AppContext>) {
        api.get("cohorts/:cohort/positions", use: list)
        api.post("cohorts/:cohort/firms/:firm/positions", use: describe)
        api.get("positions/:position", use: read)
        api.put("positions/:position", use: replace)
        api.put("cohorts/:cohort/profiles", use: replaceProfiles)
    }

    /// A firm that was one position until now can't become several once somebody's list names it.
    @Sendable
    func describe(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let tenant = principal.tenant
        let (cohort, firm): (CohortID, FirmID) = (try context.cohortID(), try context.firmID())
        let entries = try await request.decodeJSON(NewPositions.self, context: context, limit: BodyLimit.large)
            .positions
        try BulkLimits.check(entries.count, 1...50, at: "/positions")
        try Problem.check(entries.enumerated().flatMap { $0.element.faults(at: "/positions/\($0.offset)") })
        let positions = entries.map { $0.position(PositionID(), of: firm) }
        return try await database.idempotent(request, context: context, principal: principal, schema: "matchmaking") {
            tx in
            _ = try await CohortStore(tenant: tenant).change(cohort, in: tx) { (cohort) throws(CohortRefusal) in
                try cohort.extend()
            }
            let store = PositionStore(tenant: tenant)
            let known = try await store.all(of: firm, in: tx)
            guard !known.isEmpty, try await RankingStore.firms(of: cohort, tenant: tenant).lock(firm, in: tx) else {
                throw Problem.notFound("firm")
            }
            if try await store.isRanked(PositionID(firm.uuid), of: cohort, in: tx) {
                throw Problem(.conflict, type: "firm-ranked", title: "Lists name the firm as its one position already")
            }
            try Self.check(entries.map(\.code), taken: known.compactMap(\.position.description?.code))
            try await store.insert(positions, into: cohort, in: tx)
            let places = positions.map { "\($0.description?.code.description ?? "")=\($0.places)" }
            AuditStore(tenant: tenant).add(
                AuditEntry(
                    .positionsDescribed,
                    of: cohort,
                    by: Author(principal),
                    subject: firm.uuid,
                    after: ["places": places.joined(separator: " ")]
                ),
                in: tx
            )
            let described = try await store.all(of: firm, in: tx).filter { record in
                positions.contains { $0.id == record.position.id }
            }
            return try .json(["positions": described.map(PositionBody.init)], status: .created)
        }
    }

    private static func check(_ codes: [Slug], taken: [Slug]) throws {
        var seen = Set(taken)
        try Problem.check(
            codes.enumerated().compactMap { index, code in
                seen.insert(code).inserted ? nil : .init("/positions/\(index)/code", "is taken")
            }
        )
    }

    @Sendable
    func replace(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let tenant = principal.tenant
        let id: PositionID = try context.positionID()
        let entry = try await request.decodeJSON(NewPosition.self, context: context)
        try Problem.check(entry.faults(at: ""))
        // A request without a condition is told so first, whatever the cohort's state.
        try request.requireCondition()
        let record = try await database.transaction(tenant: tenant) { tx in
            let store = PositionStore(tenant: tenant)
            guard let (_, cohort) = try await store.find(id, in: tx) else { throw Problem.notFound("position") }
            _ = try await CohortStore(tenant: tenant).change(cohort, in: tx) { (cohort) throws(CohortRefusal) in
                try cohort.extend()
            }
            guard let (old, _) = try await store.find(id, in: tx) else { throw Problem.notFound("position") }
            guard old.position.description != nil else {
                throw Problem(.conflict, type: "not-described", title: "The firm has described no position yet")
            }
            try request.requireMatch(version: old.version)
            let others = try await store.all(of: old.position.firm, in: tx).filter { $0.position.id != id }
            guard !others.contains(where: { $0.position.description?.code == entry.code }) else {
                throw Problem.invalid(.init("/code", "is taken"))
            }
            try await store.save(entry.position(id, of: old.position.firm), version: old.version + 1, in: tx)
            AuditStore(tenant: tenant).add(
                AuditEntry(
                    .positionChanged,
                    of: cohort,
                    by: Author(principal),
                    subject: id.uuid,
                    before: ["version": "\(old.version)", "places": "\(old.position.places)"],
                    after: ["version": "\(old.version + 1)", "places": "\(entry.places)"]
                ),
                in: tx
            )
            return try await store.find(id, in: tx)?.record ?? old
        }
        return try answer(record)
    }

    @Sendable
    func read(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let id: PositionID = try context.positionID()
        let found = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            try await PositionStore(tenant: principal.tenant).find(id, in: tx)?.record
        }
        guard let found else { throw Problem.notFound("position") }
        return try answer(found)
    }

    @Sendable
    func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let cohort: CohortID = try context.cohortID()
        let positions = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            _ = try await CohortStore(tenant: principal.tenant).find(cohort, in: tx)
            return try await PositionStore(tenant: principal.tenant).all(of: cohort, in: tx)
        }
        return try .json(["items": positions.map(PositionBody.init)])
    }

    private func answer(_ record: PositionRecord) throws -> Response {
        try .json(PositionBody(record), headers: [.eTag: entityTag(version: record.version)])
    }

    @Sendable
    func replaceProfiles(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let tenant = principal.tenant
        let cohort: CohortID = try context.cohortID()
        let profiles = try await request.decodeJSON(NewProfiles.self, context: context, limit: BodyLimit.large).profiles
        try BulkLimits.check(profiles.count, BulkLimits.members, at: "/profiles")
        try await database.transaction(tenant: tenant) { tx -> Void in
            let record = try await CohortStore(tenant: tenant).find(cohort, .update, in: tx)
            try request.requireMatch(version: record.cohort.version)
            do throws(CohortRefusal) { try record.cohort.checkRanking(at: Date()) } catch { throw Problem(error) }
            let known = try await RankingStore.applicants(of: cohort, tenant: tenant).knownOwners(in: tx)
            var seen: Set<ApplicantID> = []
            try Problem.check(
                profiles.enumerated().flatMap { index, profile -> [Problem.FieldError] in
                    var faults = profile.faults(at: "/profiles/\(index)")
                    let pointer = "/profiles/\(index)/applicant"
                    if !known.contains(profile.applicant) { faults.append(.init(pointer, "is not of this cohort")) }
                    if !seen.insert(profile.applicant).inserted { faults.append(.init(pointer, "is listed twice")) }
                    return faults
                }
            )
            try await ProfileStore(tenant: tenant).save(profiles, of: cohort, in: tx)
            AuditStore(tenant: tenant).add(
                AuditEntry(
                    .profilesChanged,
                    of: cohort,
                    by: Author(principal),
                    after: ["applicants": profiles.map(\.applicant.description).joined(separator: " ")]
                ),
                in: tx
            )
        }
        return try .json(["profiles": profiles.count])
    }
}

struct NewProfiles: Decodable, Sendable {
    let profiles: [Profile]
}

extension Profile {
    fileprivate func faults(at pointer: String) -> [Problem.FieldError] {
        if facts.count > 20 { return [.init("\(pointer)/facts", "must have at most 20 entries")] }
        return facts.sorted { $0.key < $1.key }.compactMap { name, value in
            if (try? Slug(name)) == nil {
                return .init("\(pointer)/facts", "must be named by letters a–z, digits and -")
            }
            return (0...10_000).contains(value) ? nil : .init("\(pointer)/facts/\(name)", "must be from 0 to 10000")
        }
    }
}
