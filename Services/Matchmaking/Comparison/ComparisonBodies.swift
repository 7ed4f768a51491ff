import Domain
import Foundation
import MatchingEngine
import ServiceKit

struct ComparisonBody: Encodable, Sendable {
    struct Run: Encodable, Sendable {
        /// `nil` for a run that is not stored.
        let round: RoundID?
        let runId: String
        let placed: Int
        let unplaced: Int
        let seats: Int
        let blockingPairs: Int
        let rankProfile: [RoundBody.Choice]

        init(_ record: RoundRecord, isStored: Bool) {
            round = isStored ? record.id : nil
            runId = record.runID
            placed = record.placed
            unplaced = record.unplaced
            seats = record.statistics.seats
            blockingPairs = record.blockingPairs
            rankProfile = record.statistics.rankProfile.enumerated().map { .init(choice: $0 + 1, applicants: $1) }
        }
    }

    struct Group: Encodable, Sendable {
        let code: String
        let applicants, placedBefore, placedAfter, gained, lost: Int

        init(_ group: RoundComparison.Group) {
            code = group.code
            applicants = group.applicants
            placedBefore = group.placedBefore
            placedAfter = group.placedAfter
            gained = group.gained
            lost = group.lost
        }
    }

    struct FirmOutcomeBody: Encodable, Sendable {
        let capacity: Int
        let filled: Int
        let cutOff: RoundBody.CutOff?

        init(_ outcome: FirmOutcome) {
            capacity = outcome.capacity
            filled = outcome.filled
            cutOff = outcome.lastRank.map { .init(rank: $0, lotteryNumber: outcome.lastLottery) }
        }
    }

    struct FirmChange: Encodable, Sendable {
        let firm: FirmID
        let code: Slug
        let name: LocalizedText
        let before: FirmOutcomeBody?
        let after: FirmOutcomeBody?
        let came: Int
        let left: Int
    }

    struct Place: Encodable, Sendable {
        let firm: FirmID
        let choice: Int?

        init?(_ standing: Standing) {
            guard let firm = standing.firm else { return nil }
            self.firm = firm
            choice = standing.choice
        }
    }

    struct Move: Encodable, Sendable {
        let applicant: ApplicantID
        let name: PersonName
        let university: Slug
        let before: Place?
        let after: Place?
        let effect: RoundComparison.Effect
    }

    /// Of all who move, so many are listed.
    static let maximumMoves = 1000

    let before: Run
    let after: Run
    let gained: Int
    let lost: Int
    let moved: Int
    let universities: [Group]
    let economies: [Group]
    let firms: [FirmChange]
    let moves: [Move]

    /// - Parameter isStored: Whether the second run is one that is stored.
    init(_ comparison: RoundComparison, isStored: Bool) {
        before = Run(comparison.before.record, isStored: true)
        after = Run(comparison.after.record, isStored: isStored)
        gained = comparison.count(\.gains)
        lost = comparison.count(\.loses)
        moved = comparison.moves.count
        universities = comparison.universities.map { Group($0) }
        economies = comparison.economies.map { Group($0) }
        firms = comparison.firms.map { change in
            FirmChange(
                firm: change.firm.id,
                code: change.firm.code,
                name: change.firm.name,
                before: change.before.map { FirmOutcomeBody($0) },
                after: change.after.map { FirmOutcomeBody($0) },
                came: change.came,
                left: change.left
            )
        }
        moves = comparison.moves.prefix(Self.maximumMoves).map { move in
            Move(
                applicant: move.person.id,
                name: move.person.name,
                university: move.person.university,
                before: Place(move.before),
                after: Place(move.after),
                effect: move.effect
            )
        }
    }
}

struct SeatValueBody: Encodable, Sendable {
    let firm: FirmID
    let code: Slug
    let capacity: Int
    let placed: Int
    let placedWithOneMore: Int
    let placedWithOneLess: Int?

    init(_ value: SeatValue) {
        firm = value.firm.id
        code = value.firm.code
        capacity = value.firm.capacity
        placed = value.placed
        placedWithOneMore = value.withOneMore
        placedWithOneLess = value.withOneLess
    }
}

struct NewWhatIf: ClosedBody {
    enum CodingKeys: String, CodingKey, CaseIterable { case capacities, caps }

    struct Capacity: Decodable, Sendable {
        let firm: FirmID
        let capacity: Int
    }

    struct Cap: Decodable, Sendable {
        let category: String
        let maximum: Int
    }

    let capacities: [Capacity]?
    let caps: [Cap]?

    /// Throws a problem that names every fault.
    func checked(for whatIf: WhatIf) throws -> WhatIf.Changes {
        let (capacities, caps) = (capacities ?? [], caps ?? [])
        try BulkLimits.check(capacities.count + caps.count, 1...500, at: "/capacities")
        // A firm with described positions has no capacity of its own.
        let firms = Set(whatIf.market.input.firms.compactMap { FirmID($0.id) })
        let categories = whatIf.categories
        var changes = WhatIf.Changes()
        var faults: [Problem.FieldError] = []
        func check(_ pointer: String, _ name: String, isKnown: Bool, isTwice: Bool, number: Int, of field: String) {
            if !isKnown { faults.append(.init("\(pointer)/\(name)", "is not of this cohort")) }
            if isTwice { faults.append(.init("\(pointer)/\(name)", "is listed twice")) }
            if !(0...10_000).contains(number) {
                faults.append(.init("\(pointer)/\(field)", "must be from 0 to 10000"))
            }
        }
        for (index, entry) in capacities.enumerated() {
            check(
                "/capacities/\(index)",
                "firm",
                isKnown: firms.contains(entry.firm),
                isTwice: changes.capacities.updateValue(entry.capacity, forKey: entry.firm) != nil,
                number: entry.capacity,
                of: "capacity"
            )
        }
        for (index, entry) in caps.enumerated() {
            check(
                "/caps/\(index)",
                "category",
                isKnown: categories.contains(entry.category),
                isTwice: changes.caps.updateValue(entry.maximum, forKey: entry.category) != nil,
                number: entry.maximum,
                of: "maximum"
            )
        }
        try Problem.check(faults)
        return changes
    }
}
