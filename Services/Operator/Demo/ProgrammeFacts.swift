import Domain
import Foundation

/// What is on public record of the programmes, and what the demo adds to it.
struct ProgrammeFacts: Sendable {
    var plan: DemoPlan
    let summit: SummitRecord
    var talent: TalentRecord
    var alliance: AllianceRecord
    let names: NamePools

    init(bundle: Bundle = .module) throws {
        plan = try Self.read("demo", bundle)
        summit = try Self.read("o2o-initiative", bundle) { (record: O2ORecord) in
            let events = record.stages.flatMap(\.events)
            return events.first { $0.kind == "summit" && $0.city == "Kaohsiung" }
        }
        talent = try Self.read("nanyang-talent", bundle)
        alliance = try Self.read("cross-border-alliance", bundle)
        names = try Self.read("names", bundle)
    }

    private static func read<Value: Decodable>(_ name: String, _ bundle: Bundle) throws -> Value {
        try read(name, bundle) { (value: Value) in value }
    }

    private static func read<Value: Decodable, Part>(
        _ name: String,
        _ bundle: Bundle,
        part: (Value) -> Part?
    ) throws -> Part {
        guard let url = bundle.url(forResource: name, withExtension: "json", subdirectory: "Resources/Demo"),
            let found = part(try JSONDecoder().decode(Value.self, from: Data(contentsOf: url)))
        else { throw CommandFailure("The demo's file \(name).json is missing or incomplete.") }
        return found
    }
}

struct O2ORecord: Decodable {
    struct Stage: Decodable { let events: [SummitRecord] }
    let stages: [Stage]
}

struct SummitRecord: Decodable, Sendable {
    struct Teams: Decodable, Sendable {
        let local: Int
        let foreign: Int
    }
    let kind: String
    let city: String?
    let date: String?
    let timeZone: String
    let teams: Teams?
}

/// A university or a firm.
struct RecordedPlace: Decodable, Sendable {
    let id: String
    let name: LocalizedText

    init(from decoder: any Decoder) throws {
        var texts = try decoder.singleValueContainer().decode([String: String].self)
        id = texts.removeValue(forKey: "id") ?? ""
        name = try LocalizedText(
            Dictionary(uniqueKeysWithValues: texts.map { (try LanguageTag($0.key), $0.value) })
        )
    }
}

struct TalentRecord: Decodable, Sendable {
    let name: LocalizedText
    var placesPerYear: Int
    let universities: [RecordedPlace]
    let firms: [RecordedPlace]
}

struct AllianceRecord: Decodable, Sendable {
    let name: LocalizedText
    let universities: [RecordedPlace]
    let platforms: [String]
    var tradingFirms: Int
    var teams: Int
    var students: Int

    /// As even as it goes; the larger ones first.
    var teamSizes: [Int] { (0..<teams).map { students / teams + ($0 < students % teams ? 1 : 0) } }
    var largestTeam: Int { teamSizes[0] }
}

/// `demo.json`
struct DemoPlan: Decodable, Sendable {
    struct Tenant: Decodable, Sendable {
        let slug: String
        let name: LocalizedText
        let language: LanguageTag
        let timeZone: TimeZoneID
    }
    struct Summit: Decodable, Sendable {
        let tenant: Tenant
        let slug: String
        let title: LocalizedText
        let venue: LocalizedText
        let description: LocalizedText
        let startsAt: String
        let endsAt: String
        let capacity: Int
        let attendees: Int
        let cancellations: Int
        let economies: [String: Int]
    }
    struct Talent: Decodable, Sendable {
        let tenant: Tenant
        let slug: String
        var students: Int
        let maximumChoices: Int
        let economies: [String: Int]
    }
    /// Of the tenant of the talent programme.
    struct Alliance: Decodable, Sendable {
        let slug: String
        let maximumChoices: Int
        /// Which choice is the last that a team takes.
        let acceptedChoices: Int
        let economies: [String: Int]
        /// The trading firms' names, which are not on record.
        let firm: NumberedText
        let position: LocalizedText
        let criteria: [Criterion]
    }
    let seed: UInt64
    let summit: Summit
    var talent: Talent
    let alliance: Alliance
}

/// A text with `{number}` in it.
struct NumberedText: Decodable, Sendable {
    private let pattern: LocalizedText

    init(from decoder: any Decoder) throws { pattern = try LocalizedText(from: decoder) }

    func numbered(_ number: Int) throws -> LocalizedText {
        try LocalizedText(pattern.texts.mapValues { $0.replacing("{number}", with: "\(number)") })
    }
}
