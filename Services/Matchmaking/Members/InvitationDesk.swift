import Domain
import Foundation
import HTTPTypes
import Messaging
import Postgres
import ServiceKit

/// Sends recruiters and coordinators the personal link to their page, in their language: when their firm or university
/// joins a cohort that is known already, and whenever staff wish.
struct InvitationDesk: Sendable {
    let tenant: TenantID
    let actor: Author

    /// Sends the link once more.
    ///
    /// - Parameter contact: Whom to write to from now on; `nil` for whom the member has named.
    func invite(
        _ member: CohortMember,
        contact: Recipient? = nil,
        of cohort: CohortID? = nil,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws -> Recipient {
        let contacts = ContactStore(tenant: tenant)
        guard let found = try await contacts.find(member, in: tx), cohort == nil || found.cohort == cohort else {
            throw Problem.notFound(member.role.rawValue)
        }
        let isChange = contact.map { $0 != found.recipient } ?? false
        // A mere reminder of the link waits for nobody who ranks.
        let cohorts = CohortStore(tenant: tenant)
        var record = try await cohorts.find(found.cohort, isChange ? .update : .share, in: tx)
        do throws(CohortRefusal) {
            if isChange { try record.cohort.changeContact() } else { try record.cohort.checkTelling() }
        } catch {
            throw Problem(error)
        }
        guard !found.hasLeft else {
            throw Problem(.conflict, type: "firm-withdrawn", title: "The firm has left the cohort")
        }
        guard let recipient = contact ?? found.recipient else {
            throw Problem(.conflict, type: "no-contact", title: "Nobody knows whom to write to; send a contact")
        }
        if isChange {
            try await cohorts.save(record.cohort, in: tx)
            try await contacts.set(recipient, of: member, in: tx)
        }
        try tell([(member, recipient)], of: record.cohort, in: tx)
        AuditStore(tenant: tenant).add(
            AuditEntry(
                .memberInvited,
                of: found.cohort,
                by: actor,
                at: now,
                subject: member.id.uuid,
                after: isChange ? ["contact": "changed"] : [:]
            ),
            in: tx
        )
        return recipient
    }

    /// Whoever joins a draft is told when it opens.
    func tell(
        _ contacts: [(member: CohortMember, recipient: Recipient)],
        of cohort: Cohort,
        in tx: borrowing Transaction
    ) throws {
        guard cohort.state != .draft else { return }
        let deadline = cohort.state.isJoining ? cohort.rankingDeadline : nil
        try tx.publish(
            contentsOf: contacts.map { CohortNews(.joined, of: cohort, $0.member, $0.recipient, until: deadline) }
        )
    }
}

extension University {
    /// Whom to tell, if anybody is known.
    var told: (member: CohortMember, recipient: Recipient)? { contact.map { (CohortMember(id), $0) } }
}

extension Firm {
    /// Whom to tell, if anybody is known.
    var told: (member: CohortMember, recipient: Recipient)? { contact.map { (CohortMember(id), $0) } }
}

extension CohortNews {
    init(
        _ step: Step,
        of cohort: Cohort,
        _ member: CohortMember,
        _ recipient: Recipient,
        until deadline: Date? = nil
    ) {
        self.init(
            cohortID: cohort.id,
            cohortTitle: cohort.title,
            step: step,
            member: member,
            recipient: recipient,
            deadline: deadline
        )
    }
}
