import Domain
import Foundation

struct NewRanking<Subject>: Decodable, Sendable {
    let ranking: [[ID<Subject>]]

    private enum CodingKeys: String, CodingKey { case ranking }
}

struct RankingBody<Subject>: Encodable, Sendable {
    let ranking: [[ID<Subject>]]
    let version: Int
    /// When this version was declared final, if it was.
    let certifiedAt: Date?

    init(_ versioned: VersionedRanking<Subject>, certifiedAt: Date? = nil) {
        ranking = versioned.ranking.groups
        version = versioned.version
        self.certifiedAt = certifiedAt
    }

    private enum CodingKeys: String, CodingKey { case ranking, version, certifiedAt }
}

struct RankingImport: Decodable, Sendable {
    struct OfApplicant: Decodable, Sendable {
        let applicant: ApplicantID
        let ranking: [[PositionID]]
    }

    struct OfFirm: Decodable, Sendable {
        let firm: FirmID
        let ranking: [[ApplicantID]]
    }

    struct OfPosition: Decodable, Sendable {
        let position: PositionID
        let ranking: [[ApplicantID]]
    }

    struct OfTeam: Decodable, Sendable {
        let team: GroupID
        let ranking: [[PositionID]]
    }

    let applicants: [OfApplicant]
    let firms: [OfFirm]
    let positions: [OfPosition]?
    let teams: [OfTeam]?

    /// How many rankings of each side.
    var counts: [String: Int] {
        var counts = ["applicants": applicants.count, "firms": firms.count]
        counts["positions"] = positions?.count
        counts["teams"] = teams?.count
        return counts
    }
}
