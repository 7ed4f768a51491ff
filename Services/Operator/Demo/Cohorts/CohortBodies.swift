import Domain

// What the plays send to Matchmaking's API, and what they read of the answers.

extension CohortOffice {
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
        var capacity: Int?
        /// Who is told of the cohort's steps.
        var contact: Recipient?

        init(_ place: RecordedPlace) {
            code = place.id
            name = place.name
        }

        init(code: String, name: LocalizedText) {
            self.code = code
            self.name = name
        }
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

        /// Whether people still join and rank.
        var isJoining: Bool { ["draft", "open", "ranking"].contains(state) }
    }

    struct Applicant: Decodable, Sendable {
        let id: String
        let email: String
    }

    struct Firm: Decodable, Sendable {
        let id: String
        let code: String
    }

    struct Round: Decodable, Sendable {
        let id: String
        let state: String
        let placed: Int
        let unplaced: Int
        let blockingPairs: Int
        let overviewLink: String
    }

    struct Placement: Decodable, Sendable {
        let applicant: String
        /// Of a firm that has described any.
        let position: String?
        let choice: Int?
    }

    struct StaffLink: Decodable, Sendable {
        let link: String
    }

    struct Result: Decodable, Sendable {
        let resultLink: String
    }
}
