import AsyncHTTPClient
import Domain
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Both programmes from the first request to the last mail.
struct DemoPlay: Sendable {
    let stage: DemoStage
    let client: HTTPClient
    let progress: Progress
    let began: ContinuousClock.Instant

    func run() async throws -> (DemoReport, DemoLinks) {
        try await stage.access.withDatabase { database in
            let plan = stage.facts.plan
            let summit = try await withProgramme(plan.summit.tenant, in: database) { _, client in
                try await SummitPlay(facts: stage.facts, client: client, progress: progress).run()
            }
            let (talent, queueLinks) = try await withProgramme(plan.talent.tenant, in: database) { tenant, client in
                let outcome = try await TalentPlay(facts: stage.facts, client: client, progress: progress).run()
                let link = try await LinkSigner(database: database).sign(
                    tenant: tenant,
                    purpose: "queue",
                    subject: tenant.uuid
                )
                return (outcome, [link])
            }
            let state = try await OutcomeWatch(database: database, progress: progress).settled()
            let report = DemoReport(
                registrations: .init(
                    confirmed: summit.summary.confirmed,
                    waiting: summit.summary.waiting,
                    promoted: summit.summary.promoted
                ),
                placements: .init(
                    placed: talent.round.placed,
                    unplaced: talent.round.unplaced,
                    blockingPairs: talent.round.blockingPairs
                ),
                mail: state.mail,
                queue: state.queue,
                seconds: (((ContinuousClock.now - began).seconds) * 10).rounded() / 10
            )
            return (report, links(summit, talent, queue: queueLinks))
        }
    }

    private func links(_ summit: SummitPlay.Outcome, _ talent: TalentPlay.Outcome, queue: [String]) -> DemoLinks {
        let base = stage.address.url
        var places = [("Summit", summit.event.page)]
        if let page = summit.event.registrationsPage { places.append(("Registrations and waiting list", page)) }
        places.append(("Round", talent.round.overviewLink))
        places.append(("A student's result", talent.resultLink))
        places.append(("Mail catcher's inbox", "\(base)/inbox"))
        places += queue.map { ("Queue", "\(base)/notifications/l/\($0)") }
        places.append(("Start", base))
        return DemoLinks(places: places.map { (name: $0.0, url: $0.1) })
    }

    /// Lends `body` a client with a staff token of the tenant's, which ends with it.
    private func withProgramme<Result: Sendable>(
        _ plan: DemoPlan.Tenant,
        in database: Database,
        _ body: (TenantID, ProgrammeClient) async throws -> Result
    ) async throws -> Result {
        let access = AccessAdministration(database: database)
        let tenant = try await access.ensureTenant(
            slug: plan.slug,
            name: plan.name,
            language: plan.language,
            timeZone: plan.timeZone
        )
        let name = "demo \(UUID().uuidString.lowercased())"
        let token = try await access.makeToken(
            tenant: tenant,
            role: .staff,
            name: name,
            expires: Date(timeIntervalSinceNow: 3600)
        )
        let programme = ProgrammeClient(http: client, base: "http://127.0.0.1:\(stage.address.port)", token: token)
        do {
            let result = try await body(tenant, programme)
            _ = try await access.revokeToken(tenant: tenant, name: name)
            return result
        } catch {
            _ = try? await access.revokeToken(tenant: tenant, name: name)
            throw error
        }
    }
}
