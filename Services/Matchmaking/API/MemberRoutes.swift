import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Adds and lists the universities and firms of a cohort.
struct MemberRoutes: Sendable {
    let database: Database

    func add(to api: RouterGroup<AppContext>) {
        api.get("cohorts/:cohort/universities", use: listUniversities)
        api.post("cohorts/:cohort/universities", use: addUniversities)
        api.get("cohorts/:cohort/firms", use: listFirms)
        api.post("cohorts/:cohort/firms", use: addFirms)
    }

    @Sendable
    func addUniversities(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let cohort: CohortID = try context.cohortID()
        let entries = try await request.decodeJSON(NewUniversities.self, context: context, limit: BodyLimit.large)
            .universities
        try BulkLimits.check(entries.count, BulkLimits.members, at: "/universities")
        let universities = entries.map {
            University(id: UniversityID(), code: $0.code, name: $0.name, contact: $0.contact)
        }
        let names = NamedEntries(pointer: "/universities", codes: entries.map(\.code), names: entries.map(\.name))
        try Problem.check(names.faults)
        return try await database.idempotent(request, context: context, principal: principal, schema: "matchmaking") {
            tx in
            let store = MemberStore(tenant: principal.tenant)
            let record = try await CohortStore(tenant: principal.tenant)
                .change(cohort, in: tx) { (cohort) throws(CohortRefusal) in try cohort.extend() }
            try names.check(taken: try await store.universityCodes(names.codes, of: cohort, in: tx))
            try await store.insert(universities, into: cohort, in: tx)
            try InvitationDesk(tenant: principal.tenant, actor: Author(principal))
                .tell(universities.compactMap(\.told), of: record.cohort, in: tx)
            AuditStore(tenant: principal.tenant).add(
                AuditEntry(
                    .universitiesAdded,
                    of: cohort,
                    by: Author(principal),
                    after: ["codes": entries.map(\.code.description).joined(separator: " ")]
                ),
                in: tx
            )
            return try .json(["universities": universities], status: .created)
        }
    }

    @Sendable
    func addFirms(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let cohort: CohortID = try context.cohortID()
        let entries = try await request.decodeJSON(NewFirms.self, context: context, limit: BodyLimit.large).firms
        try BulkLimits.check(entries.count, BulkLimits.members, at: "/firms")
        let firms = entries.map {
            Firm(id: FirmID(), code: $0.code, name: $0.name, capacity: $0.capacity, contact: $0.contact)
        }
        let names = NamedEntries(pointer: "/firms", codes: entries.map(\.code), names: entries.map(\.name))
        let capacities = entries.enumerated().filter { !(0...10_000).contains($0.element.capacity) }
            .map { Problem.FieldError("/firms/\($0.offset)/capacity", "must be from 0 to 10000") }
        try Problem.check(names.faults + capacities)
        return try await database.idempotent(request, context: context, principal: principal, schema: "matchmaking") {
            tx in
            let store = MemberStore(tenant: principal.tenant)
            let record = try await CohortStore(tenant: principal.tenant)
                .change(cohort, in: tx) { (cohort) throws(CohortRefusal) in try cohort.extend() }
            try names.check(taken: try await store.firmCodes(names.codes, of: cohort, in: tx))
            try await store.insert(firms, into: cohort, in: tx)
            try InvitationDesk(tenant: principal.tenant, actor: Author(principal))
                .tell(firms.compactMap(\.told), of: record.cohort, in: tx)
            AuditStore(tenant: principal.tenant).add(
                AuditEntry(
                    .firmsAdded,
                    of: cohort,
                    by: Author(principal),
                    after: ["places": firms.map { "\($0.code)=\($0.capacity)" }.joined(separator: " ")]
                ),
                in: tx
            )
            return try .json(["firms": firms], status: .created)
        }
    }

    @Sendable
    func listUniversities(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let cohort: CohortID = try context.cohortID()
        let page = try PageRequest(request)
        let after = try page.uuidAfter()
        let universities = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            _ = try await CohortStore(tenant: principal.tenant).find(cohort, in: tx)
            return try await MemberStore(tenant: principal.tenant)
                .universities(of: cohort, after: after, limit: page.limit + 1, in: tx)
        }
        return try PageResponse(universities, request: page) { $0.id.description }.response(for: request)
    }

    @Sendable
    func listFirms(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let cohort: CohortID = try context.cohortID()
        let page = try PageRequest(request)
        let after = try page.uuidAfter()
        let firms = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            _ = try await CohortStore(tenant: principal.tenant).find(cohort, in: tx)
            return try await MemberStore(tenant: principal.tenant)
                .firms(of: cohort, after: after, limit: page.limit + 1, in: tx)
        }
        return try PageResponse(firms, request: page) { $0.id.description }.response(for: request)
    }
}

/// Checks codes and names of entries of a bulk request.
struct NamedEntries: Sendable {
    let pointer: String
    let codes: [Slug]
    let names: [LocalizedText]

    /// What is wrong with the entries by themselves.
    var faults: [Problem.FieldError] {
        var seen: Set<Slug> = []
        var faults = names.enumerated().compactMap { $0.element.lineFault(at: "\(pointer)/\($0.offset)/name") }
        for (index, code) in codes.enumerated() where !seen.insert(code).inserted {
            faults.append(.init("\(pointer)/\(index)/code", "is used twice"))
        }
        return faults
    }

    /// Throws where codes are among those that the cohort has.
    func check(taken: Set<String>) throws {
        try Problem.check(
            codes.enumerated().filter { taken.contains($0.element.description) }
                .map { .init("\(pointer)/\($0.offset)/code", "is taken") }
        )
    }
}
