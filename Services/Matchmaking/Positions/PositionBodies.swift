import Domain
import Foundation
import ServiceKit

/// What a firm tells of a position.
struct NewPosition: Decodable, Sendable {
    let code: Slug
    let title: LocalizedText
    let text: LocalizedText?
    let places: Int
    let workingLanguage: LanguageTag
    let location: Slug?
    let eligibility: Eligibility?
    let criteria: [Criterion]?

    func position(_ id: PositionID, of firm: FirmID) -> Position {
        Position(
            id: id,
            firm: firm,
            places: places,
            description: Position.Description(
                code: code,
                title: title,
                text: text,
                workingLanguage: workingLanguage,
                location: location,
                eligibility: eligibility ?? .everybody,
                criteria: criteria ?? []
            )
        )
    }

    /// What is wrong with it by itself.
    func faults(at pointer: String) -> [Problem.FieldError] {
        var faults: [Problem.FieldError] = []
        if let fault = title.lineFault(at: "\(pointer)/title") { faults.append(fault) }
        if !(0...10_000).contains(places) { faults.append(.init("\(pointer)/places", "must be from 0 to 10000")) }
        let criteria = criteria ?? []
        if criteria.count > 20 { faults.append(.init("\(pointer)/criteria", "must have at most 20 entries")) }
        var codes: Set<Slug> = []
        for (index, criterion) in criteria.enumerated() {
            let pointer = "\(pointer)/criteria/\(index)"
            if !codes.insert(criterion.code).inserted { faults.append(.init("\(pointer)/code", "is used twice")) }
            if let fault = criterion.name.lineFault(at: "\(pointer)/name") { faults.append(fault) }
            if !(1...1000).contains(criterion.weight) {
                faults.append(.init("\(pointer)/weight", "must be from 1 to 1000"))
            }
            if !(1...10_000).contains(criterion.maximum) {
                faults.append(.init("\(pointer)/maximum", "must be from 1 to 10000"))
            }
        }
        let eligibility = eligibility ?? .everybody
        for (name, count) in [
            ("economies", eligibility.economies.count), ("universities", eligibility.universities.count),
            ("disciplines", eligibility.disciplines.count), ("platforms", eligibility.platforms.count),
        ] where count > 200 {
            faults.append(.init("\(pointer)/eligibility/\(name)", "must have at most 200 entries"))
        }
        return faults
    }
}

struct NewPositions: Decodable, Sendable {
    let positions: [NewPosition]
}

/// A position as the API tells it. A firm that is its one position has neither code nor title of its own.
struct PositionBody: Encodable, Sendable {
    let id: PositionID
    let firm: FirmID
    let firmName: LocalizedText
    let places: Int
    let version: Int
    let code: Slug?
    let title: LocalizedText?
    let text: LocalizedText?
    let workingLanguage: LanguageTag?
    let location: Slug?
    let eligibility: Eligibility
    let criteria: [Criterion]

    init(_ record: PositionRecord) {
        let position = record.position
        id = position.id
        firm = position.firm
        firmName = record.firmName
        places = position.places
        version = record.version
        code = position.description?.code
        title = position.description?.title
        text = position.description?.text
        workingLanguage = position.description?.workingLanguage
        location = position.description?.location
        eligibility = position.eligibility
        criteria = position.criteria
    }
}
