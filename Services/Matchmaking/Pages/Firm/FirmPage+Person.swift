import Domain

extension FirmPage.Person {
    init(_ candidate: ListedCandidate, _ view: FirmView, _ words: FirmWords) {
        let criteria = view.list.record.position.criteria
        let isOpen = view.isOpen
        id = candidate.id.description
        name = candidate.name.description
        about = Self.about(candidate, words)
        score =
            criteria.isEmpty
            ? nil
            : words(
                "firm.score",
                [
                    "score": Self.points(candidate.score.hundredths),
                    "most": Self.points(candidate.score.parts.reduce(0) { $0 + $1.most }),
                ]
            )
        parts = zip(criteria, candidate.score.parts).map { criterion, part in
            .init(
                criterion: criterion.name[view.language],
                value: part.value.map { "\($0) / \(criterion.maximum)" } ?? words("firm.unknown"),
                points: Self.points(part.hundredths),
                most: Self.points(part.most)
            )
        }
        place = candidate.tier.map { "\($0)" }
        unacceptable = candidate.unacceptable.map { words("firm.marked", ["reason": $0]) }
        unmark =
            isOpen && candidate.unacceptable != nil ? words("firm.unmark", ["name": candidate.name.description]) : nil
        edit = isOpen && candidate.unacceptable == nil ? .init(candidate, view, words) : nil
    }

    /// Hundredths as a number with two decimals.
    static func points(_ hundredths: Int) -> String {
        "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }

    private static func about(_ candidate: ListedCandidate, _ words: FirmWords) -> String {
        if candidate.isTeam {
            let names = candidate.people.map(\.applicant.name.description).joined(separator: ", ")
            return words("firm.team", ["count": "\(candidate.people.count)"]) + ": " + names
        }
        return candidate.people.flatMap { person in
            [
                person.applicant.economy.description, person.applicant.university.description,
                person.profile.discipline?.description,
            ].compactMap(\.self)
        }.joined(separator: " · ")
    }
}

extension FirmPage.Edit {
    fileprivate init(_ candidate: ListedCandidate, _ view: FirmView, _ words: FirmWords) {
        let name = candidate.name.description
        place = .init(
            name: "place-\(candidate.id)",
            label: words("firm.place", ["name": name]),
            value: candidate.tier.map { "\($0)" } ?? "",
            maximum: 100_000
        )
        scores = zip(view.list.record.position.criteria, candidate.score.parts).filter { $0.0.fact == nil }.map {
            criterion,
            part in
            .init(
                name: "score-\(criterion.code)-\(candidate.id)",
                label: words(
                    "firm.give",
                    ["criterion": criterion.name[view.language], "maximum": "\(criterion.maximum)"]
                ),
                value: part.value.map { "\($0)" } ?? "",
                maximum: criterion.maximum
            )
        }
        up = words("firm.up", ["name": name])
        down = words("firm.down", ["name": name])
        mark = words("firm.mark", ["name": name])
        reason = words("firm.reason")
    }
}
