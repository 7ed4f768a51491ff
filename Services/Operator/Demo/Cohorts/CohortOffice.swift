import Domain
import Foundation

/// What the office of a programme does over Matchmaking's API: sets a cohort up, nominates, runs a round and publishes it.
///
/// Every step looks at what is there first, so that it can be run again after it was broken off at any point.
struct CohortOffice: Sendable {
    let client: ProgrammeClient

    /// The path of a cohort, or of what belongs to it.
    func path(_ cohort: Cohort, _ rest: String = "") -> String { "\(Self.api)/cohorts/\(cohort.id)\(rest)" }

    static let api = "/matchmaking/api"

    func ensureCohort(
        _ slug: String,
        title: LocalizedText,
        maximumChoices: Int,
        universities: [NewPlace],
        firms: [NewPlace]
    ) async throws -> Cohort {
        let present = try await client.all("\(Self.api)/cohorts", as: Cohort.self).first { $0.slug == slug }
        let cohort: Cohort
        if let present {
            cohort = present
        } else {
            let request = NewCohort(
                slug: slug,
                title: title,
                rankingDeadline: Date(timeIntervalSinceNow: 14 * 86_400).formatted(.iso8601),
                maximumChoices: maximumChoices
            )
            cohort = try await client.post("\(Self.api)/cohorts", request, key: "demo-cohort-\(UUID().uuidString)")
        }
        if cohort.counts.universities == 0 {
            let _: Ignored = try await client.post(
                path(cohort, "/universities"),
                ["universities": universities],
                key: "demo-universities-\(cohort.id)"
            )
        }
        if cohort.counts.firms == 0 {
            let _: Ignored = try await client.post(
                path(cohort, "/firms"),
                ["firms": firms],
                key: "demo-firms-\(cohort.id)"
            )
        }
        return try await read(cohort)
    }

    func read(_ cohort: Cohort) async throws -> Cohort { try await client.get(path(cohort)) }

    /// Takes the cohort to its next state, if it is still in the one before.
    func move(_ cohort: Cohort, from state: String, to next: String) async throws -> Cohort {
        guard cohort.state == state else { return cohort }
        return try await client.put(path(cohort, "/state"), ["state": next]) { try await read(cohort).version }
    }

    /// - Parameter advance: Told how many are nominated by now.
    func nominate(
        _ lists: [(university: String, students: [GeneratedPerson])],
        to cohort: Cohort,
        advance: (Int) -> Void
    ) async throws {
        let present = try await applicants(of: cohort)
        var count = 0
        for (university, students) in lists {
            let missing = students.filter { present[$0.email] == nil }
            if !missing.isEmpty {
                let _: Ignored = try await client.post(
                    path(cohort, "/nominations"),
                    Nomination(university: university, students: missing.map(Nominee.init)),
                    key: "demo-nomination-\(cohort.id)-\(university)"
                )
            }
            count += students.count
            advance(count)
        }
    }

    /// Ids by address.
    func applicants(of cohort: Cohort) async throws -> [String: String] {
        let applicants = try await client.all(path(cohort, "/applicants"), as: Applicant.self)
        return Dictionary(uniqueKeysWithValues: applicants.map { ($0.email, $0.id) })
    }

    /// The firms' ids in the order of these codes.
    func firms(_ codes: [String], of cohort: Cohort) async throws -> [String] {
        let firms = try await client.all(path(cohort, "/firms"), as: Firm.self)
        let ids = Dictionary(uniqueKeysWithValues: firms.map { ($0.code, $0.id) })
        return codes.compactMap { ids[$0] }
    }

    /// The round that is published; it is run first where there is none.
    func publishedRound(of cohort: Cohort) async throws -> Round {
        let rounds = try await client.all(path(cohort, "/rounds"), as: Round.self)
        let round: Round
        if let present = rounds.first(where: { $0.state == "published" }) ?? rounds.last {
            round = present
        } else {
            round = try await client.post(
                path(cohort, "/rounds"),
                ["closesEarly": true],
                key: "demo-round-\(cohort.id)"
            )
        }
        if round.state != "published" {
            let _: Ignored = try await client.post("\(Self.api)/rounds/\(round.id)/publication")
        }
        return try await client.get("\(Self.api)/rounds/\(round.id)")
    }

    func placements(by round: Round) async throws -> [Placement] {
        try await client.all("\(Self.api)/rounds/\(round.id)/placements")
    }

    /// The result page of somebody who got a lower choice: there is more to explain.
    func sampleResult(among placements: [Placement]) async throws -> String {
        guard let sample = placements.max(by: { ($0.choice ?? 0) < ($1.choice ?? 0) }) else { return "" }
        let result: Result = try await client.get("\(Self.api)/applicants/\(sample.applicant)/result")
        return result.resultLink
    }

    /// A personal link to the office page.
    func staffLink(to cohort: Cohort) async throws -> String {
        let link: StaffLink = try await client.post(
            path(cohort, "/staff-links"),
            ["name": "demo"],
            key: "demo-office-\(UUID().uuidString)"
        )
        return link.link
    }
}
