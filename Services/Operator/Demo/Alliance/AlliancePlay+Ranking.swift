import Domain

// What teams, firms and members say, each over their personal pages.

extension AlliancePlay {
    /// A team has one list, which any of its members enters.
    func rank(_ teams: [Team], _ positions: [Position]) async throws {
        try await forEach(Array(zip(cast.teams, teams)), atOnce: 4) { own, team in
            try await unless({ try await !saved("groups", team.id).ranking.isEmpty }) {
                let link = try await links.path("ranking", of: team.members[0].applicant)
                try await visitor.rank(own.wishes.map { positions[$0].id }, at: link)
            }
            progress.advance()
        }
    }

    /// Firms score the teams that chose them, take the order that the weighted criteria propose, and certify it.
    func weigh(_ teams: [Team], _ positions: [Position], in cohort: Cohort) async throws {
        try await tellGrades(in: cohort)
        try await forEach(Array(positions.enumerated()), atOnce: 4) { firm, position in
            let choosers = teams.indices.filter { cast.teams[$0].wishes.contains(firm) }
            let isDone = { try await saved("positions", position.id).certifiedAt != nil }
            if !choosers.isEmpty {
                try await unless(isDone) {
                    let link = try await links.path("firm", of: position.firm)
                    let entries = scores(of: choosers, teams, by: firm)
                    try await visitor.certify(entering: entries, proposing: true, at: link)
                }
            }
            progress.advance()
        }
    }

    /// By the fields of a recruiter's page.
    func scores(of choosers: [Int], _ teams: [Team], by firm: Int) -> [String: String] {
        let criteria = facts.plan.alliance.criteria.enumerated().filter { $0.element.fact == nil }
        let fields = choosers.flatMap { team in
            criteria.map { index, criterion in
                (
                    "score-\(criterion.code)-\(teams[team].id)",
                    "\(cast.score(of: team, by: firm, criterion: index))"
                )
            }
        }
        return Dictionary(uniqueKeysWithValues: fields)
    }

    private func tellGrades(in cohort: Cohort) async throws {
        let ids = try await office.applicants(of: cohort)
        let profiles = cast.languageGrades().compactMap { email, grade in
            ids[email].map { NewProfile(applicant: $0, facts: ["language": grade]) }
        }
        let _: Ignored = try await office.client.put(office.path(cohort, "/profiles"), ["profiles": profiles]) {
            try await office.read(cohort).version
        }
    }

    /// Each team answers by its rule, which is the same for all: a place among its first choices is taken by every
    /// member, a later one is given up by every member.
    func answer(_ placements: [CohortOffice.Placement], of cohort: Cohort) async throws {
        let choices = Dictionary(uniqueKeysWithValues: placements.map { ($0.applicant, $0.choice ?? 0) })
        let open = try await office.client.all(office.path(cohort, "/offers?state=offered"), as: Offer.self)
        progress.advance(to: placements.count { $0.position != nil } - open.count)
        try await forEach(open, atOnce: 4) { offer in
            let accepts = choices[offer.applicant, default: 0] <= facts.plan.alliance.acceptedChoices
            try await visitor.answer(accepts: accepts, at: links.path("result", of: offer.applicant))
            progress.advance()
        }
    }

    private func saved(_ owner: String, _ id: String) async throws -> SavedRanking {
        try await office.client.get("\(CohortOffice.api)/\(owner)/\(id)/ranking")
    }

    /// Does it unless it is done. A page that changed meanwhile is gone to once more: the answer to an earlier attempt
    /// may have been lost.
    private func unless(_ isDone: () async throws -> Bool, _ act: () async throws -> Void) async throws {
        var attempt = 1
        while try await !isDone() {
            do {
                try await act()
                return
            } catch let refusal as ProgrammeClient.Refusal where refusal.status == 409 && attempt < 3 {
                attempt += 1
            }
        }
    }
}
