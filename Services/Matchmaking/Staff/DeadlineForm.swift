import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Where staff move the deadline for rankings over the office page. Times are those of the host's clocks.
struct DeadlineForm: Sendable {
    let session: StaffSession

    func move(_ form: [String: String]) async throws -> Response {
        let now = Date()
        guard let reason = try? Reason.parse(form["reason"] ?? ""), let deadline = session.moment(form["deadline"]),
            Deadline.fault(deadline, at: now, pointer: "") == nil
        else {
            return try await OfficeDesk(session: session).show(.badDeadline, status: .unprocessableContent)
        }
        return try await session.tellingRefusals {
            try await session.database.transaction(tenant: session.tenant.id) { tx -> Void in
                let cohorts = CohortStore(tenant: session.tenant.id)
                var record = try await cohorts.find(session.link.cohort, .update, in: tx)
                guard form["version"] == "\(record.cohort.version)" else {
                    throw Problem(CohortRefusal.changedMeanwhile)
                }
                try await CohortSteps(tenant: session.tenant.id, actor: session.actor)
                    .moveDeadline(&record, to: deadline, reason: reason, at: now, in: tx)
            }
            return session.go(news: OfficeNews.moved.rawValue)
        }
    }
}

extension StaffSession {
    /// The moment at which the host's clocks show what a form says; `nil` for none.
    func moment(_ field: String?) -> Date? {
        guard let field, let time = try? LocalTime(field) else { return nil }
        return try? time.moment(in: tenant.timeZone)
    }
}
