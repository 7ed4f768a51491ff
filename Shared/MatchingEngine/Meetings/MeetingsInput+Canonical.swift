extension MeetingsInput {
    /// SHA-256 of a form that does not depend on the order in which the wishes were written.
    public var canonicalHash: String {
        var lines = [
            "tradewind-meetings/1", title.measured, place.measured, "\(revision)", tables.map(String.init) ?? "-",
        ]
        for slot in slots.sorted(by: { $0.id.canonicallyPrecedes($1.id) }) {
            let numbers = [slot.start, slot.minutes, slot.tables].map { $0.map(String.init) ?? "-" }
            lines.append("slot \(slot.id.measured) \(numbers.joined(separator: " "))")
        }
        for (kind, people) in [("buyer", buyers), ("supplier", suppliers)] {
            for person in people.sorted(by: { $0.id.canonicallyPrecedes($1.id) }) {
                let groups = person.ranking.filter { !$0.isEmpty }.map { $0.canonicallySorted.measured }
                lines += [
                    "\(kind) \(person.id.measured) \(person.name.measured) \(person.limit.map(String.init) ?? "-")",
                    "ranking \(groups.joined(separator: " "))",
                    "refuses \(Array(Set(person.refuses)).canonicallySorted.measured)",
                    "available \(person.available.map { Array(Set($0)).canonicallySorted.measured } ?? "-")",
                ]
            }
        }
        return sha256(Array(lines.joined(separator: "\n").utf8))
    }
}

extension String {
    fileprivate var measured: String { "\(utf8.count):\(self)" }
}

extension [String] {
    fileprivate var measured: String { "\(count)(\(map(\.measured).joined(separator: " ")))" }
}
