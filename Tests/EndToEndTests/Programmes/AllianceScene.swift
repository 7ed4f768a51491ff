import Domain
import ServiceKit
import Testing

@testable import tradewind

/// The alliance, smaller: one team and one firm find their pages by their mails, the others as the demo's do.
struct AllianceScene: Sendable {
    let scene: Scene
    let play: AlliancePlay

    init(_ scene: Scene) throws {
        var facts = try ProgrammeFacts()
        (facts.alliance.teams, facts.alliance.tradingFirms, facts.alliance.students) = (6, 6, 32)
        self.scene = scene
        play = try AlliancePlay(
            facts: facts,
            client: scene.client,
            links: PersonalLinks(
                signer: LinkSigner(database: scene.installation.store.database),
                tenant: scene.installation.tenant
            ),
            progress: scene.progress
        )
    }

    /// - Returns: How many mails it takes.
    func run() async throws -> Int {
        let cast = play.cast
        let people = cast.teams.flatMap(\.members)
        let cohort = try await play.prepare()
        let invitations = try await scene.told(people, 1)
        let own = try #require(cast.teams.first)
        for member in own.members {
            let page = try await scene.visitor.open(try #require(invitations[member.email]).link)
            #expect(page.html.contains(own.name))
            let agreed = try await scene.visitor.submit(page.form(with: "agree"), of: page, ["agree": "1"])
            #expect(agreed.form(with: "agree") == nil)
        }
        let teams = try await play.teams(of: cohort)
        try await play.form(teams)

        let positions = try await play.positions(of: cohort)
        let link = try #require(invitations[own.members[1].email]).link
        try await scene.visitor.rank(own.wishes.map { positions[$0].id }, at: link)
        try await play.rank(teams, positions)
        try await certify(own.wishes[0], teams, positions)
        try await play.weigh(teams, positions, in: cohort)

        try await scene.runAndPublish(cohort)
        _ = try await scene.told(people, 2)
        let report = try await play.conclude(cohort).teams
        #expect(report.placed + report.unplaced == cast.teams.count)
        #expect(report.placed >= 3 && report.blockingPairs == 0)
        for firm in cast.firms { _ = try await scene.told([firm.recruiter], 3) }
        try await checkTrail(of: cohort, answered: report.students)
        return 2 * people.count + report.students + 3 * cast.firms.count
    }

    /// The firm's recruiter comes by the mail that tells of ranking.
    private func certify(_ firm: Int, _ teams: [AlliancePlay.Team], _ positions: [AlliancePlay.Position]) async throws {
        let choosers = teams.indices.filter { play.cast.teams[$0].wishes.contains(firm) }
        let mail = try await scene.post.last(to: play.cast.firms[firm].recruiter.email, of: 2)
        let page = try await scene.visitor.certify(
            entering: play.scores(of: choosers, teams, by: firm),
            proposing: true,
            at: mail.link
        )
        for team in choosers { #expect(page.html.contains(teams[team].name)) }
    }

    private func checkTrail(of cohort: CohortOffice.Cohort, answered: Int) async throws {
        let trail = try await scene.trail(of: cohort)
        let firms = play.cast.firms.indices.filter { firm in play.cast.teams.contains { $0.wishes.contains(firm) } }
        let students = play.facts.alliance.students
        #expect(
            trail.mapValues(\.count) == [
                "cohort.created": 1, "universities.added": 1, "firms.added": 1, "positions.described": 6,
                "cohort.opened": 1, "applicants.nominated": 5, "groups.added": 6, "ranking.opened": 1,
                "group.agreed": students, "ranking.changed": 6 + firms.count, "applicants.scored": firms.count,
                "profiles.changed": 1, "ranking.certified": firms.count, "staff-link.made": 2, "cohort.locked": 1,
                "round.run": 1, "round.published": 1, "offer.changed": answered,
            ]
        )
        // By page each has agreed in their own name.
        #expect(trail["group.agreed"]?.count { $0.hasPrefix("applicant:") } == play.cast.teams[0].members.count)
        #expect(trail["ranking.changed"]?.allSatisfy { !$0.hasPrefix("staff:") } == true)
        #expect(Set(trail["offer.changed"] ?? []).count == answered)
    }
}
