extension MeetingsInput {
    /// What is wrong, in the order of the input; at most `InvalidMarket.limit`.
    func faults() -> [MarketFault] {
        var check = MeetingsValidation()
        check.slots(self)
        check.declare(buyers, "a buyer", "/buyers")
        check.declare(suppliers, "a supplier", "/suppliers")
        let slots = Set(slots.map(\.id))
        check.people(buyers, "/buyers", others: Set(suppliers.map(\.id)), "supplier", slots)
        check.people(suppliers, "/suppliers", others: Set(buyers.map(\.id)), "buyer", slots)
        return Array(check.faults.prefix(InvalidMarket.limit))
    }
}

private struct MeetingsValidation {
    private(set) var faults: [MarketFault] = []
    private var kinds: [String: String] = [:]

    private mutating func fault(_ pointer: String, _ message: String) { faults.append(MarketFault(pointer, message)) }

    private mutating func checkID(_ id: String, _ pointer: String) {
        if id.isEmpty { fault(pointer, "The id is empty.") }
        checkText(id, pointer)
    }

    /// What calendars and tables can show in a line.
    private mutating func checkText(_ text: String, _ pointer: String) {
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            fault(pointer, "The text holds a control character.")
        }
        if !text.isEmpty, text.allSatisfy(\.isWhitespace) { fault(pointer, "The text is blank.") }
        if text.count > 500 { fault(pointer, "The text has more than 500 characters.") }
    }

    private mutating func checkAmount(_ amount: Int?, _ range: ClosedRange<Int>, _ pointer: String) {
        guard let amount, !range.contains(amount) else { return }
        fault(pointer, "Expected a number from \(range.lowerBound) to \(range.upperBound).")
    }

    mutating func slots(_ input: MeetingsInput) {
        checkText(input.title, "/title")
        checkText(input.place, "/place")
        checkAmount(input.revision, 0...1_000_000, "/revision")
        checkAmount(input.tables, 0...1_000_000, "/tables")
        if input.slots.count > 1000 { fault("/slots", "At most 1000 slots are scheduled.") }
        var seen = Set<String>()
        for (index, slot) in input.slots.enumerated() {
            checkID(slot.id, "/slots/\(index)/id")
            if !seen.insert(slot.id).inserted { fault("/slots/\(index)/id", "\"\(slot.id)\" comes twice.") }
            checkAmount(slot.start, -1_000_000_000_000...1_000_000_000_000, "/slots/\(index)/start")
            checkAmount(slot.minutes, 1...1440, "/slots/\(index)/minutes")
            checkAmount(slot.tables, 0...1_000_000, "/slots/\(index)/tables")
        }
        let timed = input.slots.enumerated().compactMap { index, slot in slot.start.map { ($0, index, slot) } }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
        for (one, next) in zip(timed, timed.dropFirst()) where (next.0 - one.0) / 60 < one.2.minutes {
            fault("/slots/\(next.1)", "\"\(next.2.id)\" begins before \"\(one.2.id)\" ends.")
        }
    }

    mutating func declare(_ people: [MeetingsInput.Person], _ kind: String, _ pointer: String) {
        for (index, person) in people.enumerated() {
            checkID(person.id, "\(pointer)/\(index)/id")
            checkText(person.name, "\(pointer)/\(index)/name")
            if let other = kinds.updateValue(kind, forKey: person.id) {
                fault("\(pointer)/\(index)/id", "\"\(person.id)\" is already the id of \(other).")
            }
        }
    }

    mutating func people(
        _ people: [MeetingsInput.Person],
        _ pointer: String,
        others: Set<String>,
        _ kind: String,
        _ slots: Set<String>
    ) {
        for (index, person) in people.enumerated() {
            let pointer = "\(pointer)/\(index)"
            checkAmount(person.limit, 0...1_000_000, pointer + "/limit")
            var seen = Set<String>()
            for (row, group) in person.ranking.enumerated() {
                for (column, id) in group.enumerated() {
                    let place = "\(pointer)/ranking/\(row)" + (group.count == 1 ? "" : "/\(column)")
                    if !others.contains(id) { fault(place, "\"\(id)\" is no \(kind).") }
                    if !seen.insert(id).inserted { fault(place, "\"\(id)\" is ranked twice.") }
                }
            }
            for (row, id) in person.refuses.enumerated() {
                if !others.contains(id) { fault("\(pointer)/refuses/\(row)", "\"\(id)\" is no \(kind).") }
                if seen.contains(id) { fault("\(pointer)/refuses/\(row)", "\"\(id)\" is ranked and refused.") }
            }
            for (row, id) in (person.available ?? []).enumerated() where !slots.contains(id) {
                fault("\(pointer)/available/\(row)", "\"\(id)\" is no slot.")
            }
        }
    }
}
