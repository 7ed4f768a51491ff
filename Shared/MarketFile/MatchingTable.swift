internal import MatchingEngine

/// An outcome for people: a table and a summary.
struct MatchingTable {
    let outcome: Outcome
    let explanations: [Explanation]

    var text: String {
        var text = table
        for explanation in explanations {
            text += "\n\(explanation.applicant)\n"
            for step in explanation.steps { text += "  \(step.choice). \(step.text)\n" }
            if explanation.placedAt == nil { text += "  You have no place.\n" }
            if let change = explanation.smallestChange { text += "  \(change.text)\n" }
        }
        return text + "\n" + summary
    }

    private var table: String {
        var rows = [["applicant", "choice", "place"]]
        for id in outcome.market.applicantIDs {
            let place = outcome.place(of: id)
            rows.append([id, outcome.choice(of: id).map(String.init) ?? "–", place ?? "–"])
        }
        return TextTable.lines(rows)
    }

    private var summary: String {
        let statistics = outcome.statistics
        let certificate = outcome.certificate
        var lines = [
            "\(statistics.placed) of \(statistics.applicants) placed; \(statistics.filledSeats) of \(statistics.seats) seats filled."
        ]
        let profile = statistics.rankProfile.enumerated().filter { $0.element > 0 }
        if !profile.isEmpty {
            lines.append(
                profile.map { "\($0.element) got the \(ordinal($0.offset + 1)) choice" }.joined(separator: ", ") + "."
            )
        }
        lines.append(certificate.text)
        lines.append("run \(certificate.runID)")
        return lines.map { $0 + "\n" }.joined()
    }
}

extension Certificate {
    /// The verdict in words, with what speaks against it.
    var text: String {
        let what =
            switch verdict {
            case .holds: "Checked: \(claim)."
            case .noneExists: "There is no matching as asked for; this is the least bad one."
            case .open: "This matching is not \(claim)."
            }
        var lines = [what] + breaches
        lines += blocking.map { "\($0.applicant) and \($0.position) would both rather have each other." }
        if let bound {
            lines.append(
                bound.proved
                    ? "No stable matching places more." : "No stable matching places more than \(bound.atMost)."
            )
        }
        return lines.joined(separator: "\n")
    }

    private var claim: String {
        switch notion {
        case .weak: "stable, no pair would rather have each other"
        case .strong: "strongly stable"
        case .super: "super-stable"
        case .kpr: "stable with couples"
        case .team: "stable with teams"
        case .choice: "stable under caps and reserves"
        case .regional: "stable under the regional maxima"
        case .envyFree: "free of envy"
        }
    }
}

extension String {
    /// How many columns the text takes on a terminal: two for wide East Asian characters, none for marks.
    var terminalWidth: Int {
        unicodeScalars.reduce(0) { width, scalar in
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .format: return width
            default: break
            }
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
                0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
                return width + 2
            default: return width + 1
            }
        }
    }
}
