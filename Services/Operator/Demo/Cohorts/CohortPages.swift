/// Where to look at a cohort after its round.
struct CohortPages: Sendable {
    /// Where staff run, compare and publish.
    let office: String
    let round: String
    /// The page of one student's result.
    let result: String

    init(of cohort: CohortOffice.Cohort, _ round: CohortOffice.Round, _ office: CohortOffice) async throws {
        self.office = try await office.staffLink(to: cohort)
        self.round = round.overviewLink
        result = try await office.sampleResult(among: office.placements(by: round))
    }
}
