import AsyncHTTPClient
import Domain
import Foundation
import Messaging
import Postgres
import ServiceKit

/// All programmes from the first request to the last mail.
struct DemoPlay: Sendable {
    let access: DatabaseAccess
    let facts: ProgrammeFacts
    /// Where the services answer, without a slash at the end.
    let base: String
    /// Where a browser finds them.
    let publicURL: String
    let client: HTTPClient
    let progress: Progress
    let began: ContinuousClock.Instant

    func run() async throws -> (DemoReport, DemoLinks) {
        try await access.withDatabase { database in
            let plan = facts.plan
            let (host, summit) = try await withProgramme(plan.summit.tenant, in: database) { tenant, client in
                (tenant, try await SummitPlay(facts: facts, client: client, progress: progress).run())
            }
            let signer = LinkSigner(database: database)
            let (city, (talent, alliance)) = try await withProgramme(plan.talent.tenant, in: database) {
                tenant,
                client in
                let office = CohortOffice(client: client)
                let talent = try await TalentPlay(facts: facts, office: office, progress: progress).run()
                let links = PersonalLinks(signer: signer, tenant: tenant)
                let alliance = try await AlliancePlay(facts: facts, client: client, links: links, progress: progress)
                    .run()
                return (tenant, (talent, alliance))
            }
            let watch = OutcomeWatch(database: database, tenants: [host, city], progress: progress)
            let state = try await watch.settled()
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
                teams: alliance.teams,
                mail: state.mail,
                queue: state.queue,
                seconds: (((ContinuousClock.now - began).seconds) * 10).rounded() / 10
            )
            let queue = try await signer.sign(tenant: host, purpose: "queue", subject: host.uuid)
            return (report, links(summit, talent.pages, alliance.pages, queue: queue))
        }
    }

    private func links(
        _ summit: SummitPlay.Outcome,
        _ talent: CohortPages,
        _ alliance: CohortPages,
        queue: String
    ) -> DemoLinks {
        var places = [("Summit", summit.event.page)]
        if let page = summit.event.registrationsPage { places.append(("Registrations and waiting list", page)) }
        for (name, pages) in [("Talent programme", talent), ("Alliance", alliance)] {
            places.append(("\(name): office", pages.office))
            places.append(("\(name): round", pages.round))
            places.append(("\(name): a student's result", pages.result))
        }
        places.append(("Mail catcher's inbox", "\(publicURL)/inbox"))
        places.append(("Queue", "\(publicURL)/notifications/l/\(queue)"))
        places.append(("Start", publicURL))
        return DemoLinks(places: places.map { .init(name: $0.0, url: $0.1) })
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
        let programme = ProgrammeClient(http: client, base: base, token: token)
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
