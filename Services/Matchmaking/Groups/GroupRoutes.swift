import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Forms and dissolves teams and couples, and keeps teams' rankings.
struct GroupRoutes: Sendable {
    let database: Database

    func add(to api: RouterGroup<AppContext>) {
        api.get("cohorts/:cohort/groups", use: list)
        api.post("cohorts/:cohort/groups", use: add)
        api.get("groups/:group", use: read)
        api.put("groups/:group/agreement", use: agree)
        api.put("groups/:group/dissolution", use: dissolve)
        api.get("groups/:group/ranking", use: readRanking)
        api.put("groups/:group/ranking", use: replaceRanking)
        api.put("groups/:group/certification", use: certify)
    }

    @Sendable
    func add(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let tenant = principal.tenant
        let cohort: CohortID = try context.cohortID()
        let entries = try await request.decodeJSON(NewGroups.self, context: context, limit: BodyLimit.large).groups
        try BulkLimits.check(entries.count, BulkLimits.members, at: "/groups")
        let now = Date()
        let groups = entries.map { $0.group(at: now) }
        return try await database.idempotent(request, context: context, principal: principal, schema: "matchmaking") {
            tx in
            _ = try await CohortStore(tenant: tenant).change(cohort, in: tx) { (cohort) throws(CohortRefusal) in
                try cohort.nominate(at: now)
            }
            let store = GroupStore(tenant: tenant)
            let known = try await RankingStore.applicants(of: cohort, tenant: tenant).knownOwners(in: tx)
            let taken = try await store.members(among: entries.flatMap(\.members), in: tx)
            try Problem.check(NewGroups.faults(entries, known: known, taken: taken))
            try await store.insert(groups, into: cohort, in: tx)
            AuditStore(tenant: tenant).add(
                groups.map { group in
                    AuditEntry(
                        .groupsAdded,
                        of: cohort,
                        by: Author(principal),
                        at: now,
                        subject: group.id.uuid,
                        after: [
                            "kind": group.kind.rawValue, "state": group.state.rawValue,
                            "members": group.applicants.map(\.description).joined(separator: " "),
                        ]
                    )
                },
                in: tx
            )
            return try .json(["groups": groups.map { GroupBody($0, cohort) }], status: .created)
        }
    }

    @Sendable
    func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let cohort: CohortID = try context.cohortID()
        let page = try PageRequest(request)
        let after = try page.uuidAfter()
        let groups = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            _ = try await CohortStore(tenant: principal.tenant).find(cohort, in: tx)
            return try await GroupStore(tenant: principal.tenant)
                .list(of: cohort, after: after, limit: page.limit + 1, in: tx)
        }
        return try PageResponse(groups.map { GroupBody($0, cohort) }, request: page) { $0.id.description }
            .response(for: request)
    }

    @Sendable
    func read(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let id: GroupID = try context.groupID()
        let record = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            try await GroupStore(tenant: principal.tenant).find(id, in: tx)
        }
        return try answer(record)
    }

    /// Enters a member's agreement that came in another way than over the personal page.
    @Sendable
    func agree(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let id: GroupID = try context.groupID()
        let applicant = try await request.decodeJSON(NewAgreement.self, context: context).applicant
        let record = try await database.transaction(tenant: principal.tenant) { tx in
            try await GroupDesk(tenant: principal.tenant, actor: Author(principal))
                .agree(applicant, to: id, at: Date(), in: tx)
        }
        return try answer(record)
    }

    @Sendable
    func dissolve(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: GroupID = try context.groupID()
        let reason = try Reason.parse(try await request.decodeJSON(RecordedReason.self, context: context).reason)
        let record = try await database.transaction(tenant: principal.tenant) { tx in
            try await GroupDesk(tenant: principal.tenant, actor: Author(principal))
                .dissolve(id, reason: reason, at: Date(), in: tx) { try request.requireMatch(version: $0) }
        }
        return try answer(record)
    }

    private func answer(_ record: GroupRecord) throws -> Response {
        let body = GroupBody(record.group, record.cohort)
        return try .json(body, headers: [.eTag: entityTag(version: record.group.version)])
    }

    /// A team's list, or what a couple's two lists come to.
    @Sendable
    func readRanking(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let tenant = principal.tenant
        let id: GroupID = try context.groupID()
        return try await database.transaction(tenant: tenant, readOnly: true) { tx in
            let record = try await GroupStore(tenant: tenant).find(id, in: tx)
            if record.group.kind == .couple {
                return try .json(JointRankingBody(try await GroupDesk.joint(record, tenant: tenant, in: tx)))
            }
            let store = RankingStore.teams(of: record.cohort, tenant: tenant)
            guard let ranking = try await store.find(id, in: tx) else { throw Problem.notFound("group") }
            let date = try await CertificationStore(tenant: tenant, cohort: record.cohort)
                .date(of: id, version: ranking.version, in: tx)
            return try answer(ranking, date)
        }
    }

    @Sendable
    func replaceRanking(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let id: GroupID = try context.groupID()
        let body = try await request.decodeJSON(NewRanking<PositionSubject>.self, context: context)
        let saved = try await database.transaction(tenant: principal.tenant) { tx in
            try await GroupDesk(tenant: principal.tenant, actor: Author(principal))
                .rank(body.ranking, for: id, at: Date(), pointer: "/ranking", in: tx) {
                    try request.requireMatch(version: $0)
                }
        }
        return try answer(saved, nil)
    }

    @Sendable
    func certify(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let id: GroupID = try context.groupID()
        let now = Date()
        let ranking = try await database.transaction(tenant: principal.tenant) { tx in
            try await GroupDesk(tenant: principal.tenant, actor: Author(principal))
                .certify(id, at: now, in: tx) { try request.requireMatch(version: $0) }
        }
        return try answer(ranking, now)
    }

    private func answer(_ ranking: VersionedRanking<PositionSubject>, _ date: Date?) throws -> Response {
        let body = RankingBody(ranking, certifiedAt: date)
        return try .json(body, headers: [.eTag: entityTag(version: ranking.version)])
    }
}
