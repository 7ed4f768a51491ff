import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Where staff run and publish rounds. Each form says which version of the cohort its sender saw: what was sent twice,
/// or after somebody else did something, does nothing.
struct RoundDesk: Sendable {
    let session: StaffSession

    func run(_ form: [String: String]) async throws -> Response {
        try await session.tellingRefusals {
            try await check(form)
            let runner = RoundRunner(database: session.database, tenant: session.tenant.id, actor: session.actor)
            let closesEarly = form["early"] != nil
            let (market, round) = try await runner.compute(session.link.cohort, closesEarly: closesEarly, at: Date())
            _ = try await session.database.transaction(tenant: session.tenant.id) { tx in
                try await runner.store(round, of: market, in: tx).0
            }
            return session.go(news: OfficeNews.ran.rawValue)
        }
    }

    func supplement(_ form: [String: String]) async throws -> Response {
        try await session.tellingRefusals {
            try await check(form)
            _ = try await session.database.transaction(tenant: session.tenant.id) { tx in
                try await SupplementaryRounds(tenant: session.tenant.id, actor: session.actor)
                    .run(session.link.cohort, as: RoundID(), at: Date(), in: tx).0
            }
            return session.go(news: OfficeNews.ran.rawValue)
        }
    }

    func publish(_ form: [String: String]) async throws -> Response {
        // What everybody is told takes a second sign than the button.
        guard form["sure"] != nil else {
            return try await OfficeDesk(session: session).show(.unsure, status: .unprocessableContent)
        }
        let deadline = form["answers"].flatMap { $0.isEmpty ? nil : $0 }
        let until = session.moment(deadline)
        let now = Date()
        guard deadline == nil || until.map({ RoundPublisher.deadlines(at: now).contains($0) }) == true else {
            return try await OfficeDesk(session: session).show(.badDeadline, status: .unprocessableContent)
        }
        guard let id = form["round"].flatMap({ RoundID($0) }) else {
            throw Problem.invalid(.init("/round", "must be the id of a run"))
        }
        return try await session.tellingRefusals {
            _ = try await session.database.transaction(tenant: session.tenant.id) { tx in
                _ = try await session.round(id, in: tx)
                return try await RoundPublisher(tenant: session.tenant.id, actor: session.actor)
                    .publish(id, answerDeadline: until, at: now, in: tx).0
            }
            return session.go(news: OfficeNews.published.rawValue)
        }
    }

    private func check(_ form: [String: String]) async throws {
        let version = try await session.read { tx in
            try await CohortStore(tenant: session.tenant.id).find(session.link.cohort, in: tx).cohort.version
        }
        guard form["version"] == "\(version)" else { throw Problem(CohortRefusal.changedMeanwhile) }
    }
}

/// What is told above the office; the raw value ends its text's key.
enum OfficeNews: String, Sendable {
    case ran, published, reminded, invited, moved, revoked, changed, unsure, noFile, badDeadline

    var kind: String { [.ran, .published, .reminded, .invited, .moved, .revoked].contains(self) ? "good" : "bad" }
}
