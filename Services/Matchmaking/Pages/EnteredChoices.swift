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
    private(set) var firms: [FirmID] = []

    /// How many choices the form offers.
    static func fieldCount(_ cohort: Cohort, firms: Int) -> Int { min(cohort.maximumChoices, firms) }

    /// Reads the fields `choice1`, `choice2` and so on. Gaps are closed.
    init(form: [String: String], count: Int, among known: Set<FirmID>) {
        var values: [Int: String] = [:]
        var seen: Set<FirmID> = []
        for number in 1...max(1, count) {
            guard let text = form["choice\(number)"], !text.isEmpty else { continue }
            values[number] = text
            if let id = FirmID(text), known.contains(id) {
                if seen.insert(id).inserted { firms.append(id) } else { errors[number] = .twice }
            } else {
                errors[number] = .unknown
            }
        }
        self.values = values
    }

    /// What is saved, as the form shows it. Tied firms stand one after another.
    init(_ saved: VersionedRanking<FirmSubject>) {
        firms = saved.ranking.ids
        values = Dictionary(uniqueKeysWithValues: firms.enumerated().map { ($0 + 1, $1.description) })
    }

    /// One firm a group.
    var groups: [[FirmID]] { firms.map { [$0] } }
}
