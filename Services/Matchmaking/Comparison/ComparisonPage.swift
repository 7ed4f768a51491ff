import Domain
import Foundation
import ServiceKit

/// Two runs side by side. What its template shows as it is stands in `words`.
struct ComparisonPage: Sendable {
    struct Figure: Sendable {
        let label: String
        let value: Int
    }

    struct Line: Sendable {
        let label: String
        let before: String
        let after: String
    }

    struct GroupTable: Sendable {
        let id: String
        let heading: String
        let groups: [RoundComparison.Group]
    }

    struct FirmLine: Sendable {
        let name: String
        let before: String
        let after: String
        let came: Int
        let left: Int
    }

    struct Move: Sendable {
        let name: String
        let university: String
        let before: String
        let after: String
        let effect: String
        let kind: String
    }

    static let maximumMoves = 500

    let frame: StaffFrame
    let words: [String: String]
    let subtitle: String?
    let figures: [Figure]
    let lines: [Line]
    let tables: [GroupTable]
    let firms: [FirmLine]
    let moves: [Move]
    let hasMoves: Bool
    let more: String?
}

extension ComparisonPage {
    init(_ comparison: RoundComparison, _ session: StaffSession, title: String, subtitle: String?) {
        frame = StaffFrame(session, title: title)
        words = session.pages.strings.words("comparison.", session.language)
            .merging(["placed": session.text("round.placed")]) { own, _ in own }
        self.subtitle = subtitle
        figures = [
            Figure(label: session.text("comparison.moved"), value: comparison.moves.count),
            Figure(label: session.text("comparison.gained"), value: comparison.count(\.gains)),
            Figure(label: session.text("comparison.lost"), value: comparison.count(\.loses)),
        ]
        lines = Self.lines(comparison.before.record, comparison.after.record, session)
        tables = [
            GroupTable(
                id: "universities",
                heading: session.text("comparison.universitiesHeading"),
                groups: comparison.universities
            ),
            GroupTable(
                id: "economies",
                heading: session.text("comparison.economiesHeading"),
                groups: comparison.economies
            ),
        ]
        firms = comparison.firms.map { change in
            FirmLine(
                name: change.firm.name[session.language],
                before: Self.places(change.before, session),
                after: Self.places(change.after, session),
                came: change.came,
                left: change.left
            )
        }
        let names = Dictionary(
            uniqueKeysWithValues: comparison.firms.map { ($0.firm.id, $0.firm.name[session.language]) }
        )
        moves = comparison.moves.prefix(Self.maximumMoves).map { move in
            Move(
                name: move.person.name.description,
                university: move.person.university.description,
                before: Self.place(move.before, names, session),
                after: Self.place(move.after, names, session),
                effect: session.text("comparison.effect.\(move.effect)"),
                kind: move.effect.gains ? "good" : move.effect.loses ? "bad" : "warn"
            )
        }
        hasMoves = !moves.isEmpty
        let hidden = comparison.moves.count - moves.count
        more = hidden > 0 ? session.text("comparison.more", ["count": "\(hidden)"]) : nil
    }

    private static func lines(_ before: RoundRecord, _ after: RoundRecord, _ session: StaffSession) -> [Line] {
        func profile(_ record: RoundRecord, _ choice: Int) -> String {
            let counts = record.statistics.rankProfile
            return counts.indices.contains(choice) ? "\(counts[choice])" : "0"
        }
        let choices = max(before.statistics.rankProfile.count, after.statistics.rankProfile.count)
        let profile = (0..<choices).map { choice in
            Line(
                label: session.text("ranking.choice", ["number": "\(choice + 1)"]),
                before: profile(before, choice),
                after: profile(after, choice)
            )
        }
        let figures: [(String, (RoundRecord) -> Int)] = [
            ("round.placed", \.placed), ("round.unplaced", \.unplaced), ("round.places", \.statistics.seats),
            ("round.proof.blockingPairs", \.blockingPairs),
        ]
        return profile
            + figures.map { Line(label: session.text($0.0), before: "\($0.1(before))", after: "\($0.1(after))") }
    }

    private static func places(_ outcome: FirmOutcome?, _ session: StaffSession) -> String {
        guard let outcome else { return "–" }
        return session.text("report.filledOf", ["filled": "\(outcome.filled)", "places": "\(outcome.capacity)"])
    }

    private static func place(_ standing: Standing, _ names: [FirmID: String], _ session: StaffSession) -> String {
        guard let firm = standing.firm else { return session.text("comparison.none") }
        let name = names[firm] ?? ""
        return standing.choice.map { session.text("comparison.choice", ["firm": name, "choice": "\($0)"]) } ?? name
    }
}

/// For each firm in turn, what one place more or less would do.
struct SeatValuesPage: Sendable {
    struct Line: Sendable {
        let name: String
        let places: Int
        let placed: Int
        let withMore: String
        let more: String
        let withLess: String
        let less: String?
    }

    let frame: StaffFrame
    let words: [String: String]
    let lines: [Line]

    init(_ record: RoundRecord, _ values: [SeatValue], _ session: StaffSession) {
        frame = StaffFrame(
            session,
            title: session.text("comparison.seatTitle", ["run": session.name(of: record)])
        )
        words = session.pages.strings.words("comparison.", session.language)
        lines = values.map { value in
            let path = "/rounds/\(record.id)/what-if/\(value.firm.id)"
            return Line(
                name: value.firm.name[session.language],
                places: value.firm.capacity,
                placed: value.placed,
                withMore: Self.difference(value.withOneMore, value.placed),
                more: session.url("\(path)/\(value.firm.capacity + 1)"),
                withLess: value.withOneLess.map { Self.difference($0, value.placed) } ?? "–",
                less: value.withOneLess.map { _ in session.url("\(path)/\(value.firm.capacity - 1)") }
            )
        }
    }

    /// The number, and by how much it differs.
    private static func difference(_ value: Int, _ now: Int) -> String {
        let step = value - now
        return step == 0 ? "\(value)" : "\(value) (\(step > 0 ? "+" : "−")\(abs(step)))"
    }
}
