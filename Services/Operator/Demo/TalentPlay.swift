import Domain

/// Plays the talent programme: universities nominate, both sides rank, the round runs and its result is published.
struct TalentPlay: Sendable {
    struct Outcome: Sendable {
        let round: CohortOffice.Round
        let pages: CohortPages
    }
    typealias Cohort = CohortOffice.Cohort

    let facts: ProgrammeFacts
    let office: CohortOffice
    let progress: Progress

    func run() async throws -> Outcome {
        var cohort = try await prepare()
        if cohort.isJoining {
            try await progress.step("Ranking by students and firms") { try await rank(in: cohort) }
            cohort = try await office.read(cohort)
        }
        return try await conclude(cohort)
    }

    /// From where everybody has ranked: the round is run and published unless it is.
    func conclude(_ cohort: Cohort) async throws -> Outcome {
        let round = try await progress.step("Running the round and publishing it") {
            try await office.publishedRound(of: cohort)
        }
        return Outcome(round: round, pages: try await CohortPages(of: cohort, round, office))
    }

    /// Up to where everybody is nominated and may rank.
    func prepare() async throws -> Cohort {
        let (plan, record) = (facts.plan.talent, facts.talent)
        let cohort = try await progress.step("Making the talent programme's cohort") {
            try await office.ensureCohort(
                plan.slug,
                title: record.name,
                maximumChoices: plan.maximumChoices,
                universities: record.universities.map { .init($0) },
                firms: record.firms.map { firm in
                    var place = CohortOffice.NewPlace(firm)
                    place.capacity = record.placesPerYear / record.firms.count
                    return place
                }
            )
        }
        guard cohort.isJoining else { return cohort }
        let people = try Self.people(facts)
        // The students of each university in turn.
        let lists = record.universities.enumerated().map { index, university in
            let own = people.enumerated().filter { $0.offset % record.universities.count == index }.map(\.element)
            return (university.id, own)
        }
        return try await progress.step("Nominating students", of: people.count) {
            let open = try await office.move(cohort, from: "draft", to: "open")
            try await office.nominate(lists, to: open) { progress.advance(to: $0) }
            return try await office.move(open, from: "open", to: "ranking")
        }
    }

    static func people(_ facts: ProgrammeFacts) throws -> [GeneratedPerson] {
        let plan = facts.plan.talent
        var generator = PeopleGenerator(names: facts.names, random: SplitMix64(seed: facts.plan.seed &+ 2))
        return try generator.people(plan.students, shares: plan.economies, domain: "students.example")
    }

    /// Imports all lists at once.
    func rank(in cohort: Cohort) async throws {
        let ids = try await office.applicants(of: cohort)
        let students = try Self.people(facts).compactMap { ids[$0.email] }
        let firms = try await office.firms(facts.talent.firms.map(\.id), of: cohort)
        var random = SplitMix64(seed: facts.plan.seed &+ 3)
        let preferences = GeneratedPreferences(
            students: students.count,
            firms: firms.count,
            maximumChoices: facts.plan.talent.maximumChoices,
            random: &random
        )
        let rankings = Rankings(
            applicants: zip(students, preferences.students).map { student, groups in
                .init(applicant: student, ranking: groups.map { $0.map { firms[$0] } })
            },
            firms: zip(firms, preferences.firms).map { firm, groups in
                .init(firm: firm, ranking: groups.map { $0.map { students[$0] } })
            }
        )
        let _: Ignored = try await office.client.put(office.path(cohort, "/rankings"), rankings) {
            try await office.read(cohort).version
        }
    }

    private struct Rankings: Encodable {
        struct OfApplicant: Encodable {
            let applicant: String
            let ranking: [[String]]
        }
        struct OfFirm: Encodable {
            let firm: String
            let ranking: [[String]]
        }
        let applicants: [OfApplicant]
        let firms: [OfFirm]
    }
}
