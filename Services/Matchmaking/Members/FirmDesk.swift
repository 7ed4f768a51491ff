import Domain
import Foundation
import HTTPTypes
import MatchingEngine
import Messaging
import Postgres
import ServiceKit

/// Changes how many places a firm gives, at whatever stage, in the caller's transaction.
///
/// Places that staff withdrew one by one stay in the firm's capacity, and are never offered again: what the firm gives is
/// the capacity less these.
struct FirmDesk: Sendable {
    let tenant: TenantID
    let actor: Author

    /// - Parameter leaves: The firm takes no part any more; it gives no places then.
    func change(
        _ id: FirmID,
        of cohort: CohortID,
        to places: Int,
        leaves: Bool = false,
        reason: String?,
        at now: Date,
        in tx: borrowing Transaction,
        check: (Cohort) throws -> Void
    ) async throws -> (Firm, revoked: [OfferID]) {
        var record = try await CohortStore(tenant: tenant).find(cohort, .update, in: tx)
        let members = MemberStore(tenant: tenant)
        guard var firm = try await members.firm(id, of: cohort, in: tx) else { throw Problem.notFound("firm") }
        try check(record.cohort)
        guard firm.withdrawnAt == nil else {
            if leaves { return (firm, []) }
            throw Problem(.conflict, type: "firm-withdrawn", title: "The firm has left the cohort")
        }
        do throws(CohortRefusal) { try record.cohort.changeMarket() } catch { throw Problem(error) }
        let offers = try await OfferStore(tenant: tenant).all(of: id, in: tx)
        let gone = offers.count { $0.offer.state == .revoked }
        let held = offers.filter { $0.offer.state.holdsPlace }
        let losers = try await losing(max(0, held.count - places), of: held, record, in: tx)
        guard losers.isEmpty || reason != nil else {
            throw Problem.invalid(
                .init("/reason", "is needed: \(losers.count) of the places are promised to students")
            )
        }
        let before = firm.capacity - gone
        firm = Firm(
            id: firm.id,
            code: firm.code,
            name: firm.name,
            capacity: places + gone + losers.count,
            contact: firm.contact,
            withdrawnAt: leaves ? now : nil
        )
        try await CohortStore(tenant: tenant).save(record.cohort, in: tx)
        members.setCapacity(firm.capacity, withdrawnAt: firm.withdrawnAt, of: id, in: tx)
        let entry = AuditEntry(
            leaves ? .firmWithdrawn : .capacityChanged,
            of: cohort,
            by: actor,
            at: now,
            subject: id.uuid,
            before: ["places": "\(before)", "state": record.cohort.state.rawValue],
            after: ["places": "\(places)", "revoked": "\(losers.count)"],
            reason: reason
        )
        AuditStore(tenant: tenant).add(entry, in: tx)
        for offer in losers {
            _ = try await OfferDesk(tenant: tenant, actor: actor)
                .withdraw(.place, of: offer, reason: reason, at: now, in: tx) { _ in }
        }
        if record.cohort.state == .published, places > before { try tx.publish(PlacesFreed(cohortID: cohort)) }
        return (firm, losers)
    }

    /// Who loses a place: whoever has not accepted yet before those who have, and of each the last in the firm's order.
    private func losing(
        _ count: Int,
        of held: [OfferRecord],
        _ record: CohortRecord,
        in tx: borrowing Transaction
    ) async throws -> [OfferID] {
        guard count > 0, let firm = held.first?.offer.firm else { return [] }
        let ranking = try await RankingStore.firms(of: record.cohort.id, tenant: tenant).find(firm, in: tx)?.ranking
        let ranks = Dictionary(uniqueKeysWithValues: zip(ranking?.ids ?? [], ranking?.tiers ?? []))
        let lottery = Lottery(seed: record.seed.text, round: "1")
        let order = held.map { record in
            let applicant = record.offer.applicant
            return (
                isAccepted: record.offer.state == .accepted, rank: ranks[applicant] ?? .max,
                lottery: lottery.number(of: applicant.description), id: record.offer.id
            )
        }
        .sorted { left, right in
            if left.isAccepted != right.isAccepted { return !left.isAccepted }
            return (left.rank, left.lottery) > (right.rank, right.lottery)
        }
        return order.prefix(count).map(\.id)
    }
}
