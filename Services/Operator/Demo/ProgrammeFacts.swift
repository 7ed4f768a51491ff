import Domain
import Foundation

/// What is on public record of the two programmes, and what the demo adds to it.
struct ProgrammeFacts: Sendable {
    let plan: DemoPlan
    let summit: SummitRecord
    let talent: TalentRecord
    let names: NamePools

    init(bundle: Bundle = .module) throws {
        plan = try Self.read("demo", bundle)
        summit = try Self.read("o2o-initiative", bundle) { (record: O2ORecord) in
            let events = record.stages.flatMap(\.events)
            return events.first { $0.kind == "summit" && $0.city == "Kaohsiung" }
        }
        talent = try Self.read("nanyang-talent", bundle)
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

struct TalentRecord: Decodable, Sendable {
    struct Place: Decodable, Sendable {
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
    let name: LocalizedText
    let placesPerYear: Int
    let universities: [Place]
    let firms: [Place]
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
        let students: Int
        let maximumChoices: Int
        let economies: [String: Int]
    }
    let seed: UInt64
    let summit: Summit
    let talent: Talent
}
