import Foundation

/// An event as a test sends it; anything can be made wrong.
struct EventDraft: Encodable, Sendable {
    var slug = "o2o-summit-2018"
    var kind = "summit"
    var title = ["en": "2018 APEC O2O Summit", "zh-Hant": "2018 APEC O2O 高峰會"]
    var venue = ["en": "Kaohsiung Exhibition Center", "zh-Hant": "高雄展覽館"]
    var description: [String: String]?
    var startsAt = "2018-07-02T09:00"
    var endsAt = "2018-07-02T17:30"
    var timeZone = "Asia/Taipei"
    var capacity = 2
    var registrationOpensAt: String?
    var registrationClosesAt: String?
}

struct EventAnswer: Decodable, Hashable, Sendable {
    let id: String
    let slug: String
    let kind: String
    let title: [String: String]
    let venue: [String: String]
    let description: [String: String]?
    let startsAt: String
    let endsAt: String
    let timeZone: String
    let capacity: Int
    let registrationOpensAt: String?
    let registrationClosesAt: String?
    let version: Int
    let page: String
    let registrationsPage: String?
}

struct RegistrationDraft: Encodable, Sendable {
    var party = "person"
    var teamName: String?
    var name = "Nguyễn Thị Minh"
    var email = "minh@benthanh.example"
    var language = "vi"
    var economy = "VN"
    var organisation: String?
}

struct RegistrationAnswer: Decodable, Hashable, Sendable {
    let id: String
    let event: String
    let party: String
    let teamName: String?
    let name: String
    let email: String
    let language: String
    let economy: String
    let organisation: String?
    let state: String
    let position: Int?
    let version: Int
    let registeredAt: Date
    let link: String?
}

struct SummaryAnswer: Codable, Hashable, Sendable {
    var confirmed = 0
    var waiting = 0
    var cancelled = 0
    var promoted = 0
    var capacity = 0
}

struct ListAnswer<Item: Decodable & Sendable>: Decodable, Sendable {
    let items: [Item]
    let next: String?
}

/// A JSON text as it is.
struct RawJSON: Encodable, Sendable {
    let object: [String: Value]

    enum Value: Encodable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        case text(String), number(Double), flag(Bool), null, list([Value]), object([String: Value])

        init(stringLiteral value: String) { self = .text(value) }
        init(integerLiteral value: Int) { self = .number(Double(value)) }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let value): try container.encode(value)
            case .number(let value): try container.encode(value)
            case .flag(let value): try container.encode(value)
            case .null: try container.encodeNil()
            case .list(let value): try container.encode(value)
            case .object(let value): try container.encode(value)
            }
        }
    }

    func encode(to encoder: any Encoder) throws { try object.encode(to: encoder) }
}
