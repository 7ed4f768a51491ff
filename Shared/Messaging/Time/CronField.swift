import Domain

/// A word of a cron expression, and the column that it begins at.
struct CronWord {
    let text: String
    let column: Int

    var isStarred: Bool { text.hasPrefix("*") }

    static func words(of text: String) -> [CronWord] {
        split(text, column: 1) { $0 == " " || $0 == "\t" }.filter { !$0.text.isEmpty }
    }

    func parts(by separator: Character) -> [CronWord] {
        Self.split(text, column: column) { $0 == separator }
    }

    private static func split(_ text: String, column: Int, by isSeparator: (Character) -> Bool) -> [CronWord] {
        text.split(omittingEmptySubsequences: false, whereSeparator: isSeparator).map { part in
            CronWord(text: String(part), column: column + text.distance(from: text.startIndex, to: part.startIndex))
        }
    }

    func invalid(_ reason: String) -> InvalidValue { InvalidValue("column \(column): \(reason)") }
}

/// One of the five fields: which numbers and names it takes.
struct CronField {
    let name: String
    let values: ClosedRange<Int>
    var names: [String] = []

    static let minute = CronField(name: "minute", values: 0...59)
    static let hour = CronField(name: "hour", values: 0...23)
    static let dayOfMonth = CronField(name: "day of the month", values: 1...31)
    static let month = CronField(
        name: "month",
        values: 1...12,
        names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    )
    /// With Sunday at both ends.
    static let dayOfWeek = CronField(
        name: "day of the week",
        values: 0...7,
        names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    )

    func parse(_ word: CronWord) throws(InvalidValue) -> Set<Int> {
        var found: Set<Int> = []
        for item in word.parts(by: ",") { found.formUnion(try parse(item: item)) }
        return found
    }

    private func parse(item: CronWord) throws(InvalidValue) -> Set<Int> {
        let parts = item.parts(by: "/")
        guard parts.count <= 2 else { throw parts[2].invalid("a second step") }
        let (range, isOne) = try parse(range: parts[0])
        guard parts.count == 2 else { return Set(range) }
        if isOne { throw parts[0].invalid("a step needs a range or * before it") }
        guard let step = number(parts[1].text), (1...values.count).contains(step) else {
            throw parts[1].invalid("the step must be a number from 1 to \(values.count)")
        }
        return Set(stride(from: range.lowerBound, through: range.upperBound, by: step))
    }

    private func parse(range word: CronWord) throws(InvalidValue) -> (ClosedRange<Int>, isOne: Bool) {
        if word.text == "*" { return (values, false) }
        let ends = word.parts(by: "-")
        guard ends.count <= 2 else { throw ends[2].invalid("a range has two ends") }
        let first = try parse(value: ends[0])
        guard ends.count == 2 else { return (first...first, true) }
        var last = try parse(value: ends[1])
        // Sunday ends a range that began on another day.
        if values == Self.dayOfWeek.values, last == 0, first > 0 { last = 7 }
        guard first <= last else { throw word.invalid("the range runs backwards") }
        return (first...last, false)
    }

    private func parse(value word: CronWord) throws(InvalidValue) -> Int {
        if let number = number(word.text), values.contains(number) { return number }
        if let place = names.firstIndex(of: word.text.lowercased()) { return place + (values.lowerBound == 1 ? 1 : 0) }
        let named = names.isEmpty ? "" : ", or a name such as \(names[1])"
        throw word.invalid(
            "the \(name) must be from \(values.lowerBound) to \(values.upperBound)\(named)"
        )
    }

    /// Digits only: no sign, no more than a field can hold.
    private func number(_ text: String) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } && text.utf8.count <= 2
            ? Int(text) : nil
    }
}
