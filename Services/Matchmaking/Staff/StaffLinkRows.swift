import Domain
import Foundation

extension OfficePage {
    /// A link to the office, as the office shows it.
    struct Link: Sendable {
        let id: String
        let name: String
        let since: String
        let until: String
        let used: String
        let state: String
        let kind: String
        let mayRevoke: Bool
    }
}

extension OfficePage.Link {
    init(_ link: StaffLink, _ session: StaffSession, at now: Date) {
        let isOwn = link.id == session.link.id
        let state = link.revokedAt != nil ? "revoked" : link.expiresAt <= now ? "expired" : "works"
        id = link.id.description
        name = link.name.description + (isOwn ? " " + session.text("staff.linkOwn") : "")
        since = session.time(link.createdAt)
        until = session.time(link.expiresAt)
        used = link.usedAt.map { session.time($0) } ?? "–"
        self.state = session.text("staff.linkState.\(state)")
        kind = state == "works" ? "good" : "warn"
        mayRevoke = state == "works"
    }
}
