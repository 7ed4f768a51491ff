import Domain
import Foundation

/// Plays the talent programme: universities nominate, both sides rank, the round runs and its result is published.
///
/// Every step looks at what is there first, so that it can be run again after it was broken off at any point.
struct TalentPlay: Sendable {
    struct Outcome: Sendable {
        let round: Round
        /// The page of one student's result.
        let resultLink: String
        /// Where staff run, compare and publish.
        let officeLink: String
    }
    struct Round: Decodable, Sendable {
        let id: String
        let state: String
        let placed: Int
        let unplaced: Int
        let blockingPairs: Int
        let overviewLink: String
    }

    let facts: ProgrammeFacts
    let client: ProgrammeClient
    let progress: Progress
    private let api = "/matchmaking/api"

    init(facts: ProgrammeFacts, client: ProgrammeClient, progress: Progress) {
        self.facts = facts
        self.client = client
        self.progress = progress
    }

    func run() async throws -> Outcome {
        var cohort = try await progress.step("Making the talent programme's cohort") { try await ensureCohort() }
        if ["draft", "open", "ranking"].contains(cohort.state) {
            let people = try Self.people(facts)
            try await progress.step("Nominating students", of: people.count) {
                cohort = try await move(cohort, to: "open", from: ["draft"])
                try await nominate(people, to: cohort)
                cohort = try await move(cohort, to: "ranking", from: ["open"])
            }
            try await progress.step("Ranking by students and firms") { try await rank(people, in: cohort) }
            cohort = try await client.get("\(api)/cohorts/\(cohort.id)")
        }
        let round = try await progress.step("Running the round and publishing it") {
            try await publish(try await ensureRound(of: cohort))
        }
        let office: Office = try await client.post(
            "\(api)/cohorts/\(cohort.id)/staff-links",
            ["name": "demo"],
            key: "demo-office-\(UUID().uuidString)"
        )
        return Outcome(round: round, resultLink: try await sampleResult(of: round), officeLink: office.link)
    }

    /// The students of each university in turn.
    static func people(_ facts: ProgrammeFacts) throws -> [GeneratedPerson] {
        let plan = facts.plan.talent
        var generator = PeopleGenerator(names: facts.names, random: SplitMix64(seed: facts.plan.seed &+ 2))
        return try generator.people(plan.students, shares: plan.economies, domain: "students.example")
    }

    private func ensureCohort() async throws -> Cohort {
        let plan = facts.plan.talent
        let present = try await client.all("\(api)/cohorts", as: Cohort.self).first { $0.slug == plan.slug }
        var cohort: Cohort
        if let present {
            cohort = present
        } else {
            let request = NewCohort(
                slug: plan.slug,
                title: facts.talent.name,
                rankingDeadline: Date(timeIntervalSinceNow: 14 * 86_400).formatted(.iso8601),
                maximumChoices: plan.maximumChoices
            )
            cohort = try await client.post("\(api)/cohorts", request, key: "demo-cohort-\(UUID().uuidString)")
        }
        if cohort.counts.universities == 0 {
            let universities = facts.talent.universities.map { NewPlace(code: $0.id, name: $0.name, capacity: nil) }
            let _: Ignored = try await client.post(
                "\(api)/cohorts/\(cohort.id)/universities",
                ["universities": universities],
                key: "demo-universities-\(cohort.id)"
            )
        }
        if cohort.counts.firms == 0 {
            let capacity = facts.talent.placesPerYear / facts.talent.firms.count
            let firms = facts.talent.firms.map { NewPlace(code: $0.id, name: $0.name, capacity: capacity) }
            let _: Ignored = try await client.post(
                "\(api)/cohorts/\(cohort.id)/firms",
                ["firms": firms],
                key: "demo-firms-\(cohort.id)"
            )
        }
        cohort = try await client.get("\(api)/cohorts/\(cohort.id)")
        return cohort
    }

    /// Takes the cohort to its next state, if it is still in one of those before.
    private func move(_ cohort: Cohort, to state: String, from states: [String]) async throws -> Cohort {
        guard states.contains(cohort.state) else { return cohort }
        let path = "\(api)/cohorts/\(cohort.id)"
        return try await client.put("\(path)/state", ["state": state]) {
            let now: Cohort = try await client.get(path)
            return now.version
        }
    }

    private func nominate(_ people: [GeneratedPerson], to cohort: Cohort) async throws {
        let present = try await Set(applicants(of: cohort).map(\.email))
        let universities = facts.talent.universities
        for (index, university) in universities.enumerated() {
            let students = people.enumerated().filter { $0.offset % universities.count == index }.map(\.element)
            let missing = students.filter { !present.contains($0.email) }
            if !missing.isEmpty {
                let nomination = Nomination(university: university.id, students: missing.map(Nominee.init))
                let _: Ignored = try await client.post(
                    "\(api)/cohorts/\(cohort.id)/nominations",
                    nomination,
                    key: "demo-nomination-\(cohort.id)-\(university.id)"
                )
            }
            progress.advance(to: (index + 1) * people.count / universities.count)
        }
    }

    private func rank(_ people: [GeneratedPerson], in cohort: Cohort) async throws {
        let ids = try await Dictionary(uniqueKeysWithValues: applicants(of: cohort).map { ($0.email, $0.id) })
        let students = people.compactMap { ids[$0.email] }
        let firms = try await client.all("\(api)/cohorts/\(cohort.id)/firms", as: Firm.self)
        let order = facts.talent.firms.compactMap { record in firms.first { $0.code == record.id }?.id }
        var random = SplitMix64(seed: facts.plan.seed &+ 3)
        let preferences = GeneratedPreferences(
            students: students.count,
            firms: order.count,
            maximumChoices: facts.plan.talent.maximumChoices,
            random: &random
        )
        let rankings = RankingImport(
            applicants: zip(students, preferences.students).map { student, groups in
                .init(applicant: student, ranking: groups.map { $0.map { order[$0] } })
            },
            firms: zip(order, preferences.firms).map { firm, groups in
                .init(firm: firm, ranking: groups.map { $0.map { students[$0] } })
            }
        )
        let _: Ignored = try await client.put("\(api)/cohorts/\(cohort.id)/rankings", rankings) {
            let now: Cohort = try await client.get("\(api)/cohorts/\(cohort.id)")
            return now.version
        }
    }

    private func ensureRound(of cohort: Cohort) async throws -> Round {
        let rounds = try await client.all("\(api)/cohorts/\(cohort.id)/rounds", as: Round.self)
        if let round = rounds.first(where: { $0.state == "published" }) ?? rounds.last { return round }
        return try await client.post(
            "\(api)/cohorts/\(cohort.id)/rounds",
            ["closesEarly": true],
            key: "demo-round-\(cohort.id)"
        )
    }

    private func publish(_ round: Round) async throws -> Round {
        if round.state != "published" {
            let _: Ignored = try await client.post("\(api)/rounds/\(round.id)/publication")
        }
        return try await client.get("\(api)/rounds/\(round.id)")
    }

    /// Of somebody who got a lower choice: there is more to explain.
    private func sampleResult(of round: Round) async throws -> String {
        let placements = try await client.all("\(api)/rounds/\(round.id)/placements", as: Placement.self)
        let sample = placements.max { ($0.choice ?? 0) < ($1.choice ?? 0) }
        guard let sample else { return "" }
        let result: Result = try await client.get("\(api)/applicants/\(sample.applicant)/result")
        return result.resultLink
    }

    private func applicants(of cohort: Cohort) async throws -> [Applicant] {
        try await client.all("\(api)/cohorts/\(cohort.id)/applicants")
    }
}
