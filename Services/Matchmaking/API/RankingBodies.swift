import Domain

struct NewRanking<Subject>: Decodable, Sendable {
    let ranking: [[ID<Subject>]]

    private enum CodingKeys: String, CodingKey { case ranking }
}

struct RankingBody<Subject>: Encodable, Sendable {
    let ranking: [[ID<Subject>]]
    let version: Int

    init(_ versioned: VersionedRanking<Subject>) {
        ranking = versioned.ranking.groups
        version = versioned.version
    }

    private enum CodingKeys: String, CodingKey { case ranking, version }
}

struct RankingImport: Decodable, Sendable {
    struct OfApplicant: Decodable, Sendable {
        let applicant: ApplicantID
        let ranking: [[FirmID]]
    }

    struct OfFirm: Decodable, Sendable {
        let firm: FirmID
        let ranking: [[ApplicantID]]
    }

    let applicants: [OfApplicant]
    let firms: [OfFirm]
}
