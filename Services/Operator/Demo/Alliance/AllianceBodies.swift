import Domain

// What the alliance's play sends to Matchmaking's API, and what it reads of the answers.

extension AlliancePlay {
    /// For a whole team: a place for each of its members.
    struct NewPosition: Encodable {
        struct Eligibility: Encodable {
            let platforms: [String]
        }
        let code = "team"
        let title: LocalizedText
        let places: Int
        let workingLanguage = "zh-Hant"
        let eligibility: Eligibility
        let criteria: [Criterion]
    }

    struct Position: Decodable, Sendable {
        let id: String
        let firm: String
        /// Missing where the firm has described none.
        let code: String?
    }

    struct NewTeam: Encodable {
        let kind = "team"
        let name: String
        let platform: String
        let members: [String]
    }

    struct Team: Decodable, Sendable {
        struct Member: Decodable, Sendable {
            let applicant: String
            let agreedAt: String?
        }
        let id: String
        let name: String
        let members: [Member]
    }

    struct NewProfile: Encodable {
        let applicant: String
        let facts: [String: Int]
    }

    struct SavedRanking: Decodable, Sendable {
        let ranking: [[String]]
        let certifiedAt: String?
    }

    struct Offer: Decodable, Sendable {
        let applicant: String
    }
}
