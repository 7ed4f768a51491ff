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
        isPartial: Bool = false,
        at now: Date,
        pointer: String,
        in tx: borrowing Transaction,
        check: (Int) throws -> Void
    ) async throws -> VersionedRanking<PositionSubject> {
        try await change(of: id, in: tx)
            .apply(groups, isPartial: isPartial, at: now, pointer: pointer, in: tx, check: check)
    }

    /// Declares a team's list final as it is.
    func certify(
        _ id: GroupID,
        at now: Date,
        in tx: borrowing Transaction,
        check: (Int) throws -> Void
    ) async throws -> VersionedRanking<PositionSubject> {
        try await change(of: id, in: tx).certify(at: now, in: tx, check: check)
    }

    /// Of a formed team's list.
    private func change(
        of id: GroupID,
        in tx: borrowing Transaction
    ) async throws -> RankingChange<GroupSubject, PositionSubject> {
        let record = try await GroupStore(tenant: tenant).find(id, in: tx)
        guard record.group.kind == .team else { throw Problem(GroupRefusal.notATeam) }
        switch record.group.state {
        case .formed:
            return RankingChange(of: id, record.group.applicants, in: record.cohort, tenant: tenant, by: actor)
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

extension ApplicantGroup {
    fileprivate var facts: [String: String] {
        [
            "state": state.rawValue, "members": applicants.map(\.description).joined(separator: " "),
            "agreed": "\(members.count { $0.agreedAt != nil })",
        ]
    }
}
