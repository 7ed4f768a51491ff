import Domain

/// What stands in the numbered fields of the ranking form, and what is wrong with it.
struct EnteredChoices: Sendable {
    /// A fault of one field; the raw value names its text.
    enum Fault: String, Sendable {
        case twice = "ranking.fault.twice"
        case unknown = "ranking.fault.unknown"
    }

    /// By number from 1; what was left empty is missing.
    let values: [Int: String]
    private(set) var errors: [Int: Fault] = [:]
    private(set) var positions: [PositionID] = []

    /// How many choices the form offers.
    static func fieldCount(_ cohort: Cohort, positions: Int) -> Int { min(cohort.maximumChoices, positions) }

    /// Reads the fields `choice1`, `choice2` and so on. Gaps are closed.
    init(form: [String: String], count: Int, among known: Set<PositionID>) {
        var values: [Int: String] = [:]
        var seen: Set<PositionID> = []
        for number in 1...max(1, count) {
            guard let text = form["choice\(number)"], !text.isEmpty else { continue }
            values[number] = text
            if let id = PositionID(text), known.contains(id) {
                if seen.insert(id).inserted { positions.append(id) } else { errors[number] = .twice }
            } else {
                errors[number] = .unknown
            }
        }
        self.values = values
    }

    /// What is saved, as the form shows it. Tied positions stand one after another.
    init(_ saved: VersionedRanking<PositionSubject>) {
        positions = saved.ranking.ids
        values = Dictionary(uniqueKeysWithValues: positions.enumerated().map { ($0 + 1, $1.description) })
    }

    /// Takes the button that was pressed: `up`, `down` and `remove` name a position of the list, `add` another one; or the
    /// `order` into which all of them were dragged.
    mutating func press(_ form: [String: String], among known: Set<PositionID>) {
        func position(_ name: String) -> PositionID? {
            form[name].flatMap { PositionID($0) }.flatMap { known.contains($0) ? $0 : nil }
        }
        func move(_ id: PositionID, by step: Int) {
            guard let place = positions.firstIndex(of: id), positions.indices.contains(place + step) else { return }
            positions.swapAt(place, place + step)
        }
        let order = (form["order"] ?? "").split(separator: " ").compactMap { PositionID(String($0)) }
        if order.count == positions.count, Set(order) == Set(positions) { positions = order }
        if let id = position("up") { move(id, by: -1) }
        if let id = position("down") { move(id, by: 1) }
        if let id = position("remove") { positions.removeAll { $0 == id } }
        if let id = position("add"), !positions.contains(id) { positions.append(id) }
    }

    /// Whether the form says only what a button does: the list itself is the saved one.
    static func isPress(_ form: [String: String]) -> Bool {
        ["up", "down", "remove", "add", "order"].contains { form[$0] != nil }
    }

    /// One position a group.
    var groups: [[PositionID]] { positions.map { [$0] } }
}
