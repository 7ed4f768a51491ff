import Domain
import Testing

@testable import tradewind

/// The talent programme, smaller: most lists come over the API, three students and a firm use their pages.
struct TalentScene: Sendable {
    let scene: Scene
    let play: TalentPlay
    let people: [GeneratedPerson]

    init(_ scene: Scene) throws {
        var facts = try ProgrammeFacts()
        facts.plan.talent.students = 36
        facts.talent.placesPerYear = 24
        self.scene = scene
        play = TalentPlay(facts: facts, office: scene.office, progress: scene.progress)
        people = try TalentPlay.people(facts)
    }

    /// - Returns: How many mails it takes.
    func run() async throws -> Int {
        let cohort = try await play.prepare()
        let invitations = try await scene.told(people, 1)
        try await play.rank(in: cohort)
        let firms = try await scene.office.firms(play.facts.talent.firms.map(\.id), of: cohort)
        var languages: Set<LanguageTag> = []
        let ranking = people.filter { languages.insert($0.language).inserted }.prefix(3)
        for person in ranking {
            let page = try await scene.visitor.rank(
                Array(firms.prefix(2)),
                at: try #require(invitations[person.email]).link
            )
            #expect(page.html.contains("<html lang=\"\(person.language)\""))
            #expect(page.form(with: "certify") != nil, "the list was not saved")
        }
        try await certify(firms[0])

        try await scene.runAndPublish(cohort)
        let results = try await scene.told(people, 2)
        let round = try await play.conclude(cohort).round
        #expect(round.placed + round.unplaced == people.count && round.blockingPairs == 0)
        let answered = try await answer(round, of: cohort, results)

        let trail = try await scene.trail(of: cohort)
        #expect(
            trail.mapValues(\.count) == [
                "cohort.created": 1, "universities.added": 1, "firms.added": 1, "cohort.opened": 1,
                "applicants.nominated": 6, "ranking.opened": 1, "rankings.imported": 1, "ranking.changed": 4,
                "ranking.certified": 1, "staff-link.made": 2, "cohort.locked": 1, "round.run": 1, "round.published": 1,
                "offer.changed": answered,
            ]
        )
        #expect(trail["ranking.certified"] == ["firm:\(firms[0])"])
        #expect(trail["round.run"] == ["staff:demo"] && trail["round.published"] == ["staff:demo"])
        #expect(Set(trail["offer.changed"] ?? []).count == answered)
        return 2 * people.count + answered
    }

    /// The firm turns its list round and certifies it.
    private func certify(_ firm: String) async throws {
        let link: CohortOffice.StaffLink = try await scene.client.get("\(CohortOffice.api)/firms/\(firm)/link")
        let page = try await scene.visitor.open(link.link)
        let fields = page.form(with: "save")?.fields ?? [:]
        let places = fields.keys.filter { $0.hasPrefix("place-") }.sorted()
        #expect(places.count >= 3)
        let entries = places.reversed().enumerated().map { ($1, "\($0 + 1)") }
        try await scene.visitor.certify(
            entering: Dictionary(uniqueKeysWithValues: entries),
            proposing: false,
            at: link.link
        )
        let saved: AlliancePlay.SavedRanking = try await scene.client.get(
            "\(CohortOffice.api)/positions/\(firm)/ranking"
        )
        #expect(saved.certifiedAt != nil)
        #expect(saved.ranking == places.reversed().map { [String($0.dropFirst("place-".count))] })
    }

    /// All who are placed answer; the first of them gives the place up.
    private func answer(
        _ round: CohortOffice.Round,
        of cohort: CohortOffice.Cohort,
        _ results: [String: PostBox.Mail]
    ) async throws -> Int {
        let placed = try await Set(scene.office.placements(by: round).filter { $0.choice != nil }.map(\.applicant))
        let emails = try await scene.office.applicants(of: cohort).filter { placed.contains($0.value) }.keys.sorted()
        for (index, email) in emails.enumerated() {
            try await scene.visitor.answer(accepts: index > 0, at: try #require(results[email]).link)
        }
        _ = try await scene.told(people.filter { emails.contains($0.email) }, 3)
        return emails.count
    }
}
