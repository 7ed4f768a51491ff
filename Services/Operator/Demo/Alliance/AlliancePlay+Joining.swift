import Domain

// How the alliance comes together.

extension AlliancePlay {
    /// Up to where all teams are proposed and everybody may rank.
    func prepare() async throws -> Cohort {
        var cohort = try await progress.step("Making the alliance's cohort") {
            let cohort = try await ensureCohort()
            if cohort.isJoining { try await describePositions(of: cohort) }
            return cohort
        }
        guard cohort.isJoining else { return cohort }
        let count = cast.teams.reduce(0) { $0 + $1.members.count }
        try await progress.step("Nominating the teams' students", of: count) {
            cohort = try await office.move(cohort, from: "draft", to: "open")
            let lists = facts.alliance.universities.map { university in
                (university.id, cast.teams.filter { $0.university == university.id }.flatMap(\.members))
            }
            try await office.nominate(lists, to: cohort) { progress.advance(to: $0) }
            try await proposeTeams(in: cohort)
            cohort = try await office.read(cohort)
            cohort = try await office.move(cohort, from: "open", to: "ranking")
        }
        return cohort
    }

    private func ensureCohort() async throws -> Cohort {
        let (plan, record) = (facts.plan.alliance, facts.alliance)
        return try await office.ensureCohort(
            plan.slug,
            title: record.name,
            maximumChoices: plan.maximumChoices,
            universities: record.universities.map { .init($0) },
            firms: try zip(firmCodes, cast.firms).enumerated().map { index, firm in
                var place = CohortOffice.NewPlace(code: firm.0, name: try plan.firm.numbered(index + 1))
                place.capacity = record.largestTeam
                place.contact = try firm.1.recruiter.recipient()
                return place
            }
        )
    }

    private func describePositions(of cohort: Cohort) async throws {
        for (firm, position) in zip(cast.firms, try await positions(of: cohort)) where position.code == nil {
            let new = NewPosition(
                title: facts.plan.alliance.position,
                places: facts.alliance.largestTeam,
                eligibility: .init(platforms: firm.platforms),
                criteria: facts.plan.alliance.criteria
            )
            let _: Ignored = try await office.client.post(
                office.path(cohort, "/firms/\(position.firm)/positions"),
                ["positions": [new]],
                key: "demo-position-\(position.firm)"
            )
        }
    }

    private func proposeTeams(in cohort: Cohort) async throws {
        let present = try await Set(teams(of: cohort).map(\.name))
        let ids = try await office.applicants(of: cohort)
        let missing = cast.teams.filter { !present.contains($0.name) }.map { team in
            NewTeam(name: team.name, platform: team.platform, members: team.members.compactMap { ids[$0.email] })
        }
        guard !missing.isEmpty else { return }
        let _: Ignored = try await office.client.post(
            office.path(cohort, "/groups"),
            ["groups": missing],
            key: "demo-teams-\(cohort.id)"
        )
    }

    /// A team is formed when each of its members has agreed.
    func form(_ teams: [Team]) async throws {
        for team in teams {
            for member in team.members {
                if member.agreedAt == nil {
                    let _: Ignored = try await office.client.put(
                        "\(CohortOffice.api)/groups/\(team.id)/agreement",
                        ["applicant": member.applicant]
                    )
                }
                progress.advance()
            }
        }
    }
}
