import Domain
import Foundation
import HTTPTypes
import Postgres
import ServiceKit

/// Changes groups and what teams rank, over the API and over the personal page alike.
struct GroupDesk: Sendable {
    let tenant: TenantID
    let actor: Author

    /// A member agrees. With the last one the group is formed, and its members rank together from then on.
    func agree(
        _ applicant: ApplicantID,
        to id: GroupID,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws -> GroupRecord {
        try await change(id, .groupAgreed, about: applicant.uuid, reason: nil, at: now, in: tx, check: { _ in }) {
            (group) throws(GroupRefusal) in try group.agree(applicant, at: now)
        }
    }

    func dissolve(
        _ id: GroupID,
        reason: String,
        at now: Date,
        in tx: borrowing Transaction,
        check: (Int) throws -> Void
    ) async throws -> GroupRecord {
        try await change(id, .groupDissolved, about: id.uuid, reason: reason, at: now, in: tx, check: check) {
            (group) throws(GroupRefusal) in
            try group.dissolve()
            return true
        }
    }

    private func change(
        _ id: GroupID,
        _ action: AuditEntry.Action,
        about subject: UUID,
        reason: String?,
        at now: Date,
        in tx: borrowing Transaction,
        check: (Int) throws -> Void,
        _ change: (inout ApplicantGroup) throws(GroupRefusal) -> Bool
    ) async throws -> GroupRecord {
        let store = GroupStore(tenant: tenant)
        let cohort = try await store.find(id, in: tx).cohort
        // Alone: who may rank whom changes with it.
        _ = try await CohortStore(tenant: tenant).change(cohort, in: tx) { (cohort) throws(CohortRefusal) in
            try cohort.nominate(at: now)
        }
        var record = try await store.find(id, locks: true, in: tx)
        try check(record.group.version)
        let before = record.group.facts
        do throws(GroupRefusal) {
            guard try change(&record.group) else { return record }
        } catch {
            throw Problem(error)
        }
        try await store.save(record.group, in: tx)
        AuditStore(tenant: tenant).add(
            AuditEntry(
                action,
                of: cohort,
                by: actor,
                at: now,
                subject: subject,
                before: before,
                after: record.group.facts,
                reason: reason
            ),
            in: tx
        )
        return record
    }

    /// Replaces a formed team's list.
    func rank(
        _ groups: [[PositionID]],
        for id: GroupID,
        at now: Date,
        pointer: String,
        in tx: borrowing Transaction,
        check: (Int) throws -> Void
    ) async throws -> VersionedRanking<PositionSubject> {
        let record = try await team(id, in: tx)
        let change = RankingChange(of: id, record.group.applicants, in: record.cohort, tenant: tenant, by: actor)
        return try await change.apply(
            groups,
            lengths: { ($0.applicants.minimum, $0.applicants.maximum) },
            at: now,
            pointer: pointer,
            in: tx,
            check: check
        )
    }

    /// Declares a team's list final as it is.
    func certify(
        _ id: GroupID,
        at now: Date,
        in tx: borrowing Transaction,
        check: (Int) throws -> Void
    ) async throws -> VersionedRanking<PositionSubject> {
        let record = try await team(id, in: tx)
        return try await RankingStore.teams(of: record.cohort, tenant: tenant)
            .certify(id, by: actor, at: now, in: tx, check: check)
    }

    private func team(_ id: GroupID, in tx: borrowing Transaction) async throws -> GroupRecord {
        let record = try await GroupStore(tenant: tenant).find(id, in: tx)
        guard record.group.kind == .team else { throw Problem(GroupRefusal.notATeam) }
        switch record.group.state {
        case .formed: return record
        case .forming: throw Problem(GroupRefusal.notFormed)
        case .dissolved: throw Problem(GroupRefusal.dissolved)
        }
    }

    /// What the two lists of a couple come to.
    static func joint(
        _ record: GroupRecord,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> JointRanking {
        let store = RankingStore.applicants(of: record.cohort, tenant: tenant)
        let positions = try await PositionStore(tenant: tenant).all(of: record.cohort, in: tx).map(\.position)
        var lists: [Ranking<PositionSubject>] = []
        for applicant in record.group.applicants {
            if let list = try await store.find(applicant, in: tx) { lists.append(list.ranking) }
        }
        let nothing = Ranking<PositionSubject>(ids: [], tiers: [])
        return JointRanking(
            lists.first ?? nothing,
            lists.count == 2 ? lists[1] : nothing,
            positions: Dictionary(uniqueKeysWithValues: positions.map { ($0.id, $0) }),
            apart: record.group.apart
        )
    }
}

extension RankingStore {
    /// Declares an owner's ranking final as it is, while it can still be changed.
    func certify(
        _ owner: ID<Owner>,
        by actor: Author,
        at now: Date,
        in tx: borrowing Transaction,
        check: (Int) throws -> Void
    ) async throws -> VersionedRanking<Subject> {
        let record = try await CohortStore(tenant: tenant).find(cohort, .share, in: tx)
        guard try await lock(owner, in: tx), let ranking = try await find(owner, in: tx) else {
            throw Problem.notFound("ranking")
        }
        try check(ranking.version)
        do throws(CohortRefusal) { try record.cohort.checkRanking(at: now) } catch { throw Problem(error) }
        try await CertificationStore(tenant: tenant, cohort: cohort)
            .certify(owner, version: ranking.version, by: actor, at: now, in: tx)
        return ranking
    }
}

extension ApplicantGroup {
    fileprivate var facts: [String: String] {
        [
            "state": state.rawValue, "members": applicants.map(\.description).joined(separator: " "),
            "agreed": "\(members.count { $0.agreedAt != nil })",
        ]
    }
}
