import Domain
import Foundation

/// What one run does otherwise than another of the same round.
struct RoundComparison: Sendable {
    /// A run as it is compared.
    struct Side: Sendable {
        let record: RoundRecord
        let firms: [FirmID: FirmOutcome]
        let standings: [ApplicantID: Standing]
    }

    struct Move: Sendable, Hashable {
        let person: ComparedPerson
        let before: Standing
        let after: Standing
        let effect: Effect
    }

    enum Effect: String, Sendable, Encodable, CaseIterable {
        /// Had no place and has one.
        case placed
        /// Has a place higher on the own list.
        case better
        /// Has another place that is as high on the own list.
        case aside
        case worse
        /// Had a place and has none.
        case unplaced

        var gains: Bool { self == .placed || self == .better }
        var loses: Bool { self == .worse || self == .unplaced }
    }

    /// Applicants of one university or economy.
    struct Group: Sendable, Hashable {
        let code: String
        var applicants = 0
        var placedBefore = 0
        var placedAfter = 0
        var gained = 0
        var lost = 0
    }

    struct FirmChange: Sendable {
        let firm: Firm
        let before: FirmOutcome?
        let after: FirmOutcome?
        let came: Int
        let left: Int
    }

    let before: Side
    let after: Side
    /// By the applicant's id. Who keeps the place, or has none in both, is not among them.
    let moves: [Move]
    let universities: [Group]
    let economies: [Group]
    /// In the order in which they joined the cohort.
    let firms: [FirmChange]

    init(_ before: Side, _ after: Side, people: [ComparedPerson], firms: [Firm]) {
        self.before = before
        self.after = after
        var moves: [Move] = []
        var universities: [String: Group] = [:]
        var economies: [String: Group] = [:]
        for person in people {
            let old = before.standings[person.id] ?? .none
            let new = after.standings[person.id] ?? .none
            let effect = Effect(old, new)
            if let effect { moves.append(Move(person: person, before: old, after: new, effect: effect)) }
            let (university, economy) = (person.university.description, person.economy.description)
            universities[university, default: Group(code: university)].count(old, new, effect)
            economies[economy, default: Group(code: economy)].count(old, new, effect)
        }
        var (came, left): ([FirmID: Int], [FirmID: Int]) = ([:], [:])
        for move in moves {
            if let firm = move.after.firm { came[firm, default: 0] += 1 }
            if let firm = move.before.firm { left[firm, default: 0] += 1 }
        }
        self.moves = moves
        self.universities = universities.values.sorted { $0.code < $1.code }
        self.economies = economies.values.sorted { $0.code < $1.code }
        self.firms = firms.map { firm in
            FirmChange(
                firm: firm,
                before: before.firms[firm.id],
                after: after.firms[firm.id],
                came: came[firm.id] ?? 0,
                left: left[firm.id] ?? 0
            )
        }
    }

    func count(_ isCounted: (Effect) -> Bool) -> Int { moves.count { isCounted($0.effect) } }
}

extension RoundComparison.Effect {
    /// `nil` for an applicant who is where they were.
    fileprivate init?(_ before: Standing, _ after: Standing) {
        switch (before.firm, after.firm) {
        case (nil, nil): return nil
        case (nil, _?): self = .placed
        case (_?, nil): self = .unplaced
        case (let old?, let new?):
            if old == new { return nil }
            let (first, second) = (before.choice ?? .max, after.choice ?? .max)
            self = second < first ? .better : second > first ? .worse : .aside
        }
    }
}

extension RoundComparison.Group {
    fileprivate mutating func count(_ before: Standing, _ after: Standing, _ effect: RoundComparison.Effect?) {
        applicants += 1
        if before.firm != nil { placedBefore += 1 }
        if after.firm != nil { placedAfter += 1 }
        if effect?.gains == true { gained += 1 }
        if effect?.loses == true { lost += 1 }
    }
}

/// Where an applicant is placed by a run, and which of the own choices that is.
struct Standing: Sendable, Hashable {
    let firm: FirmID?
    let choice: Int?

    static let none = Standing(firm: nil, choice: nil)
}

struct ComparedPerson: Sendable, Hashable {
    let id: ApplicantID
    let name: PersonName
    let university: Slug
    let economy: EconomyCode
}
