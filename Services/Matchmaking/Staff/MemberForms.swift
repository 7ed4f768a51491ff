import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// What staff do about people over the office page: have members told, and end links of their own.
struct MemberForms: Sendable {
    let session: StaffSession

    /// Reminds everybody who has still to act, each at most once a day.
    func remind() async throws -> Response {
        _ = try await session.database.transaction(tenant: session.tenant.id) { tx in
            try await ReminderDesk(tenant: session.tenant.id, actor: session.actor)
                .remind(session.link.cohort, at: Date(), in: tx)
        }
        return session.go(news: OfficeNews.reminded.rawValue)
    }

    /// Sends a recruiter or a coordinator the link to their page.
    func invite(_ form: [String: String]) async throws -> Response {
        guard let member = form["member"].flatMap(CohortMember.init(field:)) else {
            throw Problem.invalid(.init("/member", "must be a firm or a university of the cohort"))
        }
        return try await session.tellingRefusals {
            _ = try await session.database.transaction(tenant: session.tenant.id) { tx in
                try await InvitationDesk(tenant: session.tenant.id, actor: session.actor)
                    .invite(member, of: session.link.cohort, at: Date(), in: tx)
            }
            return session.go(news: OfficeNews.invited.rawValue)
        }
    }

    /// Ends a link to this office, the sender's own too.
    func revoke(_ form: [String: String]) async throws -> Response {
        guard let id = form["staff-link"].flatMap({ StaffLinkID($0) }) else {
            throw Problem.invalid(.init("/staff-link", "must be the id of a link"))
        }
        try await session.database.transaction(tenant: session.tenant.id) { tx -> Void in
            try await StaffLinkDesk(tenant: session.tenant.id, actor: session.actor)
                .revoke(id, of: session.link.cohort, at: Date(), in: tx)
        }
        return session.go(news: OfficeNews.revoked.rawValue)
    }
}

extension CohortMember {
    /// As a form names a firm or a university.
    var field: String { "\(role.rawValue) \(id)" }

    init?(field: String) {
        let parts = field.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case Role.firm.rawValue: guard let id = FirmID(parts[1]) else { return nil }; self.init(id)
        case Role.university.rawValue: guard let id = UniversityID(parts[1]) else { return nil }; self.init(id)
        default: return nil
        }
    }
}
