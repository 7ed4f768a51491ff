import Domain
import Foundation
import Postgres
import ServiceKit

/// Ends links to a cohort's office, over the API and over the office page alike.
struct StaffLinkDesk: Sendable {
    let tenant: TenantID
    let actor: Author

    /// The link opens nothing from now on. Revoked before, it stays as it is.
    ///
    /// - Parameter cohort: The one that the link has to be of, if it is named.
    func revoke(
        _ id: StaffLinkID,
        of cohort: CohortID? = nil,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws {
        let store = StaffLinkStore(tenant: tenant)
        guard let link = try await store.find(id, in: tx), cohort == nil || link.cohort == cohort else {
            throw Problem.notFound("link")
        }
        guard try await store.revoke(id, at: now, in: tx) else { return }
        AuditStore(tenant: tenant).add(
            AuditEntry(
                .staffLinkRevoked,
                of: link.cohort,
                by: actor,
                at: now,
                subject: id.uuid,
                before: ["name": link.name.description]
            ),
            in: tx
        )
    }
}
