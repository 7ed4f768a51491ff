import Domain

/// What stands in the form of a recruiter's page.
struct EnteredPlaces: Sendable {
    /// What is wrong with a field; the raw value names its text.
    enum Fault: String, Sendable {
        case place = "firm.fault.place"
        case score = "firm.fault.score"
        case reason = "firm.fault.reason"
    }

    /// What the firm wants done besides keeping what was entered.
    enum Wish: Sendable, Hashable {
        case save, propose, certify
        case up(ApplicantID)
        case down(ApplicantID)
        case mark(ApplicantID, reason: String)
        case unmark(ApplicantID)
    }

    private(set) var groups: [[ApplicantID]] = []
    private(set) var scores: [(candidate: ApplicantID, criterion: Slug, value: Int)] = []
    private(set) var wish: Wish = .save
    private(set) var fault: Fault?

    /// Reads the fields `place-<id>` and `score-<criterion>-<id>` of the candidates that the list shows, and the button that
    /// was pressed.
    init(form: [String: String], list: CandidateList) {
        var places: [(place: Int, candidate: ApplicantID)] = []
        for candidate in list.candidates where candidate.unacceptable == nil {
            if let text = form["place-\(candidate.id)"] {
                if let place = Int(text), (1...100_000).contains(place) {
                    places.append((place, candidate.id))
                } else {
                    fault = .place
                }
            }
            for criterion in list.record.position.criteria where criterion.fact == nil {
                guard let text = form["score-\(criterion.code)-\(candidate.id)"] else { continue }
                if let value = Int(text), (0...criterion.maximum).contains(value) {
                    scores.append((candidate.id, criterion.code, value))
                } else {
                    fault = .score
                }
            }
        }
        groups = Dictionary(grouping: places, by: \.place).sorted { $0.key < $1.key }.map { $0.value.map(\.candidate) }
        readWish(form, Set(list.candidates.map(\.id)))
    }

    private mutating func readWish(_ form: [String: String], _ known: Set<ApplicantID>) {
        func candidate(_ name: String) -> ApplicantID? {
            form[name].flatMap { ApplicantID($0) }.flatMap { known.contains($0) ? $0 : nil }
        }
        if let id = candidate("up") {
            wish = .up(id)
            move(id, by: -1)
        } else if let id = candidate("down") {
            wish = .down(id)
            move(id, by: 1)
        } else if let id = candidate("mark") {
            guard let reason = try? Reason.parse(form["reason-\(id)"] ?? "") else {
                fault = .reason
                return
            }
            wish = .mark(id, reason: reason)
        } else if let id = candidate("unmark") {
            wish = .unmark(id)
        } else if form["propose"] != nil {
            wish = .propose
        } else if form["certify"] != nil {
            wish = .certify
        }
    }

    /// One step up or down. Who shares a place leaves the others; who has none gets the last.
    private mutating func move(_ id: ApplicantID, by step: Int) {
        guard let place = groups.firstIndex(where: { $0.contains(id) }) else {
            groups.append([id])
            return
        }
        let isAlone = groups[place].count == 1
        groups[place].removeAll { $0 == id }
        if isAlone {
            groups.remove(at: place)
            groups.insert([id], at: min(max(0, place + step), groups.count))
        } else {
            groups.insert([id], at: step < 0 ? place : place + 1)
        }
    }
}
