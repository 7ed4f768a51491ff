import Domain

/// Who plays in the alliance and what they want. The record has the numbers; all of this is generated.
struct AllianceCast: Sendable {
    struct Team: Sendable {
        let name: String
        /// The university's code.
        let university: String
        let platform: String
        let members: [GeneratedPerson]
        /// Firms by their number, the most wanted first.
        let wishes: [Int]
    }

    struct Firm: Sendable {
        let recruiter: GeneratedPerson
        /// One or two that it sells on.
        let platforms: [String]
    }

    let teams: [Team]
    let firms: [Firm]
    private let seed: UInt64
    /// By team.
    private let ability: [Int]

    init(_ facts: ProgrammeFacts) throws {
        let (plan, record) = (facts.plan.alliance, facts.alliance)
        seed = facts.plan.seed &+ 4
        var generator = PeopleGenerator(names: facts.names, random: SplitMix64(seed: seed))
        let platforms = record.platforms.map { $0.lowercased() }
        let firms = try (0..<record.tradingFirms).map { number in
            Firm(
                recruiter: try generator.person(economy: "TW", number: number + 1, domain: "trading.example"),
                platforms: Array(
                    Set([number, number + number / platforms.count].map { platforms[$0 % platforms.count] })
                ).sorted()
            )
        }
        var people = try generator.people(record.students, shares: plan.economies, domain: "alliance.example")[...]
        let names = generator.teamNames(record.teams)
        let pull = (0..<record.tradingFirms).map { _ in generator.random.bell(12) }
        teams = record.teamSizes.enumerated().map { number, size in
            let members = people.prefix(size)
            people = people.dropFirst(size)
            let platform = platforms[number % platforms.count]
            let marks = pull.map { $0 + generator.random.bell(15) }
            let open = firms.indices.filter { firms[$0].platforms.contains(platform) }
            return Team(
                name: names[number],
                university: record.universities[number % record.universities.count].id,
                platform: platform,
                members: Array(members),
                wishes: Array(open.sorted { (-marks[$0], $0) < (-marks[$1], $1) }.prefix(plan.maximumChoices))
            )
        }
        ability = teams.map { _ in generator.random.bell(12) }
        self.firms = firms
    }

    /// What a firm gives a team for one of its criteria, which go from 0 to 100.
    func score(of team: Int, by firm: Int, criterion: Int) -> Int {
        var random = SplitMix64(seed: seed &+ UInt64((firm * teams.count + team) * 100 + criterion))
        return min(max(0, 50 + ability[team] + random.bell(10)), 100)
    }

    /// How well each member speaks the market's language, as their university tells it.
    func languageGrades() -> [String: Int] {
        var random = SplitMix64(seed: seed &+ 1)
        let emails = teams.flatMap(\.members).map(\.email)
        return Dictionary(uniqueKeysWithValues: emails.map { ($0, 50 + random.bell(12)) })
    }
}
