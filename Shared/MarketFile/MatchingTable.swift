internal import MatchingEngine

/// An outcome for people: a table and a summary.
struct MatchingTable {
    let outcome: Outcome
    let explanations: [Explanation]
    var sensitivity: [CapacitySensitivity]?

    func write(to sink: inout ByteSink) {
        writeTable(to: &sink)
        for explanation in explanations {
            sink += "\n\(explanation.applicant)\n".utf8
            for step in explanation.steps { sink += "  \(step.choice). \(step.text)\n".utf8 }
            if explanation.placedAt == nil { sink += "  You have no place.\n".utf8 }
            if let change = explanation.smallestChange { sink += "  \(change.text)\n".utf8 }
            sink.flushIfLarge()
        }
        sink += "\n\(summary)".utf8
    }

    private func writeTable(to sink: inout ByteSink) {
        let ids = outcome.market.applicantIDs
        let widths = [
            ids.reduce("applicant".count) { max($0, $1.terminalWidth) }, "choice".count,
        ]
        func line(_ cells: [String]) {
            for (cell, width) in zip(cells, widths) {
                sink += cell.utf8
                sink += repeatElement(UInt8(ascii: " "), count: width - cell.terminalWidth + 2)
            }
            sink += "\(cells[2])\n".utf8
            sink.flushIfLarge()
        }
        line(["applicant", "choice", "place"])
        for (applicant, id) in ids.enumerated() {
            let place = outcome.placeNumber(of: applicant).map { outcome.market.positionIDs[$0] }
            line([id, outcome.choiceNumber(of: applicant).map(String.init) ?? "–", place ?? "–"])
        }
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
        for row in sensitivity ?? [] {
            let less = row.placedWithOneLess.map { ", with one less \($0)" } ?? ""
            lines.append("With one seat more at \(row.position) \(row.placedWithOneMore) would be placed\(less).")
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
        if let leastBlocking, !blocking.isEmpty {
            lines.append(
                leastBlocking == blocking.count
                    ? "No matching has fewer such pairs." : "Every matching has at least \(leastBlocking) such pairs."
            )
        }
        if !closed.isEmpty {
            lines.append("Closed: \(closed.joined(separator: ", "))." + (isClosingLeast ? " No fewer would do." : ""))
        }
        if let kept {
            let limit =
                kept.proved ? "no stable matching keeps more" : "no stable matching keeps more than \(kept.atMost)"
            lines.append("\(kept.count) keep what they had; \(limit).")
        }
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
