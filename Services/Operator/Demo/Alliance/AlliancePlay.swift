import Domain

/// Plays the alliance: students form teams, each of which goes to one trading firm as a whole or nowhere. A team ranks over
/// a member's personal link, firms weigh the teams and certify over theirs, and every member answers over their own.
///
/// Every step looks at what is there first, so that it can be run again after it was broken off at any point.
struct AlliancePlay: Sendable {
    struct Outcome: Sendable {
        let teams: DemoReport.Teams
        let pages: CohortPages
    }
    typealias Cohort = CohortOffice.Cohort

    let facts: ProgrammeFacts
    let cast: AllianceCast
    let office: CohortOffice
    let links: PersonalLinks
    let visitor: PageVisitor
    let progress: Progress

    init(facts: ProgrammeFacts, client: ProgrammeClient, links: PersonalLinks, progress: Progress) throws {
        self.facts = facts
        cast = try AllianceCast(facts)
        office = CohortOffice(client: client)
        self.links = links
        visitor = PageVisitor(client: client)
        self.progress = progress
    }

    func run() async throws -> Outcome {
        var cohort = try await prepare()
        if cohort.isJoining {
            let (teams, positions) = try await (teams(of: cohort), positions(of: cohort))
            try await progress.step("Forming teams by their members", of: facts.alliance.students) {
                try await form(teams)
            }
            try await progress.step("Ranking by teams", of: teams.count) { try await rank(teams, positions) }
            try await progress.step("Weighing and ranking by trading firms", of: positions.count) {
                try await weigh(teams, positions, in: cohort)
            }
            cohort = try await office.read(cohort)
        }
        return try await conclude(cohort)
    }

    /// From where everybody has ranked: the round is run and published unless it is, and answered.
    func conclude(_ cohort: Cohort) async throws -> Outcome {
        let round = try await progress.step("Running the alliance's round and publishing it") {
            try await office.publishedRound(of: cohort)
        }
        let placements = try await office.placements(by: round)
        try await progress.step("Answering by every member", of: round.placed) {
            try await answer(placements, of: cohort)
        }
        return Outcome(
            teams: DemoReport.Teams(try await teams(of: cohort), placements, of: round),
            pages: try await CohortPages(of: cohort, round, office)
        )
    }

    /// Those whom the cast has, in its order.
    func teams(of cohort: Cohort) async throws -> [Team] {
        let teams = try await office.client.all(office.path(cohort, "/groups"), as: Team.self)
        let byName = Dictionary(uniqueKeysWithValues: teams.map { ($0.name, $0) })
        return cast.teams.compactMap { byName[$0.name] }
    }

    /// One of each firm, in the cast's order.
    func positions(of cohort: Cohort) async throws -> [Position] {
        let positions: Items<Position> = try await office.client.get(office.path(cohort, "/positions"))
        let byFirm = Dictionary(uniqueKeysWithValues: positions.items.map { ($0.firm, $0) })
        return try await office.firms(firmCodes, of: cohort).compactMap { byFirm[$0] }
    }

    var firmCodes: [String] { (1...cast.firms.count).map { "trading-\($0)" } }

    struct Items<Item: Decodable>: Decodable {
        let items: [Item]
    }
}

extension DemoReport.Teams {
    /// A team counts as placed, or as not, if that is so for all its members.
    fileprivate init(
        _ teams: [AlliancePlay.Team],
        _ placements: [CohortOffice.Placement],
        of round: CohortOffice.Round
    ) {
        let places = Dictionary(uniqueKeysWithValues: placements.map { ($0.applicant, $0.position) })
        let whole = teams.map { Set($0.members.map { places[$0.applicant] ?? nil }) }.filter { $0.count == 1 }
        placed = whole.count { $0 != [nil] }
        unplaced = whole.count - placed
        students = round.placed
        blockingPairs = round.blockingPairs
    }
}
