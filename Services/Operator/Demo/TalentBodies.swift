import Domain

// What the talent programme's play sends to Matchmaking's API, and what it reads of the answers.

extension TalentPlay {
    struct NewCohort: Encodable {
        let slug: String
        let title: LocalizedText
        let rankingDeadline: String
        let maximumChoices: Int
    }

    /// A university, or with a capacity a firm.
    struct NewPlace: Encodable {
        let code: String
        let name: LocalizedText
        let capacity: Int?
    }

    struct Nominee: Encodable {
        let name: String
        let email: String
        let language: LanguageTag
        let economy: String

        init(_ person: GeneratedPerson) {
            name = person.name
            email = person.email
            language = person.language
            economy = person.economy
        }
    }

    struct Nomination: Encodable {
        let university: String
        let students: [Nominee]
    }

    struct RankingImport: Encodable {
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

    struct Cohort: Decodable, Sendable {
        struct Counts: Decodable, Sendable {
            let universities: Int
            let firms: Int
        }
        let id: String
        let slug: String
        let state: String
        let version: Int
        let counts: Counts
    }

    struct Applicant: Decodable, Sendable {
        let id: String
        let email: String
    }

    struct Firm: Decodable, Sendable {
        let id: String
        let code: String
    }

    struct Placement: Decodable, Sendable {
        let applicant: String
        let choice: Int?
    }

    struct Office: Decodable, Sendable {
        let link: String
    }

    struct Result: Decodable, Sendable {
        let resultLink: String
    }
}
