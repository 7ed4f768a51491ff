internal import MatchingEngine

/// Writes outcomes as `tradewind-matching/1`, piece by piece.
struct MatchingWriter {
    let outcome: Outcome
    let explanations: [Explanation]
    var sensitivity: [CapacitySensitivity]?

    func json(into sink: inout ByteSink) {
        sink += "{\n  \"format\": \"tradewind-matching/1\",\n  \"matching\": {".utf8
        matching(into: &sink)
        sink += "},\n  \"certificate\": ".utf8
        Self.json(outcome.certificate, into: &sink, indent: 2)
        sink += ",\n  \"statistics\": ".utf8
        sink.write(statistics, indent: 2)
        if !explanations.isEmpty {
            sink += ",\n  \"explanations\": {".utf8
            for (index, explanation) in explanations.enumerated() {
                sink += (index == 0 ? "\n    " : ",\n    ").utf8
                sink.writeText(explanation.applicant.utf8)
                sink += ": ".utf8
                sink.write(Self.json(explanation), indent: 4)
                sink.flushIfLarge()
            }
            sink += "\n  }".utf8
        }
        sink += "\n}\n".utf8
    }

    /// Everybody's place, a line for each.
    private func matching(into sink: inout ByteSink) {
        let ids = outcome.market.applicantIDs
        if ids.isEmpty { return }
        // What stands between one id and the next: made once for each place, in one run of bytes.
        var texts: [UInt8] = []
        var ends = [0]
        let nextLine = ",\n    "
        func add(_ place: JSONValue) {
            texts += ": ".utf8
            place.write(to: &texts, indent: 0)
            texts += nextLine.utf8
            ends.append(texts.count)
        }
        add(.null)
        for id in outcome.market.positionIDs { add(.string(id)) }
        sink += nextLine.utf8.dropFirst()
        // Held here, since asking the market for them a million times takes as long as writing them.
        let (bytes, offsets) = (ids.bytes, ids.offsets)
        for (applicant, place) in outcome.placeNumbers.enumerated() {
            sink.flushIfLarge()
            sink.writeText(bytes[Int(offsets[applicant])..<Int(offsets[applicant + 1])])
            sink += texts[ends[Int(place) + 1]..<ends[Int(place) + 2]]
        }
        sink.removeLast(nextLine.utf8.count)
        sink += "\n  ".utf8
    }

    static func json(_ certificate: Certificate, into sink: inout ByteSink, indent: Int) {
        let space = String(repeating: " ", count: indent)
        var members: KeyValuePairs<String, JSONValue> {
            [
                "run": .string(certificate.runID),
                "input": .string(certificate.inputHash),
                "seed": .string(certificate.seedHash),
                "notion": .string(certificate.notion.rawValue),
                "verdict": .string(certificate.verdict.rawValue),
                "breaches": .array(certificate.breaches.map(JSONValue.string)),
                "blocking": .array(
                    certificate.blocking.map {
                        .members(["applicant": .string($0.applicant), "position": .string($0.position)])
                    }
                ),
                "leastBlocking": certificate.leastBlocking.map(JSONValue.number) ?? .null,
                "closed": .array(certificate.closed.map(JSONValue.string)),
                "kept": certificate.kept.map {
                    .members([
                        "count": .number($0.count), "atMost": .number($0.atMost), "proved": .bool($0.proved),
                    ])
                } ?? .null,
                "bound": certificate.bound.map {
                    .members([
                        "placed": .number($0.placed), "atMost": .number($0.atMost), "proved": .bool($0.proved),
                    ])
                } ?? .null,
            ]
        }
        sink += "{".utf8
        for (key, value) in members {
            sink += "\n\(space)  \"\(key)\": ".utf8
            sink.write(value, indent: indent + 2)
            sink += ",".utf8
        }
        sink += "\n\(space)  \"cutoffs\": [".utf8
        let (newLine, nextLine) = (Array("\n\(space)    ".utf8), Array(",\n\(space)    ".utf8))
        for (index, cutoff) in certificate.cutoffs.enumerated() {
            sink += index == 0 ? newLine : nextLine
            write(cutoff, to: &sink)
            sink.flushIfLarge()
        }
        sink += (certificate.cutoffs.isEmpty ? "]" : "\n\(space)  ]").utf8
        sink += "\n\(space)}".utf8
    }

    /// There are as many as firms.
    private static func write(_ cutoff: Cutoff, to sink: inout ByteSink) {
        sink += "{\"position\": ".utf8
        sink.writeText(cutoff.position.utf8)
        sink += ", \"capacity\": ".utf8
        sink += String(cutoff.capacity).utf8
        sink += ", \"filled\": ".utf8
        sink += String(cutoff.filled).utf8
        sink += ", \"lastRank\": ".utf8
        sink += (cutoff.lastRank.map { String($0) } ?? "null").utf8
        sink += ", \"lastLottery\": ".utf8
        sink += (cutoff.lastLottery.map { "\"\($0)\"" } ?? "null").utf8
        sink += "}".utf8
    }

    private var statistics: JSONValue {
        let statistics = outcome.statistics
        let categories = statistics.categories.sorted { $0.key < $1.key }
        let unfilled = statistics.unfilled.sorted { $0.key < $1.key }
        var members: [JSONValue.Member] = [
            .init(key: "applicants", value: .number(statistics.applicants)),
            .init(key: "placed", value: .number(statistics.placed)),
            .init(key: "unplaced", value: .number(statistics.unplaced)),
            .init(key: "seats", value: .number(statistics.seats)),
            .init(key: "filledSeats", value: .number(statistics.filledSeats)),
            .init(key: "rankProfile", value: .array(statistics.rankProfile.map(JSONValue.number))),
            .init(
                key: "categories",
                value: .object(
                    categories.map {
                        .init(
                            key: $0.key,
                            value: .members([
                                "applicants": .number($0.value.applicants), "placed": .number($0.value.placed),
                            ])
                        )
                    }
                )
            ),
            .init(key: "unfilled", value: .object(unfilled.map { .init(key: $0.key, value: .number($0.value)) })),
        ]
        if let sensitivity {
            members.append(.init(key: "sensitivity", value: .array(sensitivity.map(Self.json))))
        }
        return .object(members)
    }

    private static func json(_ row: CapacitySensitivity) -> JSONValue {
        .members([
            "position": .string(row.position),
            "placedWithOneMore": .number(row.placedWithOneMore),
            "placedWithOneLess": row.placedWithOneLess.map(JSONValue.number) ?? .null,
        ])
    }

    private static func json(_ explanation: Explanation) -> JSONValue {
        .members([
            "place": explanation.placedAt.map(JSONValue.string) ?? .null,
            "steps": .array(
                explanation.steps.map {
                    .members([
                        "choice": .number($0.choice), "position": .string($0.position), "reason": .string($0.text),
                    ])
                }
            ),
            "change": explanation.smallestChange.map { .string($0.text) } ?? .null,
        ])
    }

    /// A cell of a table, in quotes where that must be.
    static func cell(_ text: String) -> String {
        text.utf8.contains(where: needsQuotes) ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    private static func needsQuotes(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte < 0x20
    }

    /// One line for each applicant.
    func csv(into sink: inout ByteSink) {
        sink += "id,place\n".utf8
        let ids = outcome.market.applicantIDs
        for applicant in ids.indices {
            sink += Self.cell(ids.utf8(applicant))
            sink += ",".utf8
            if let place = outcome.placeNumber(of: applicant) {
                sink += Self.cell(outcome.market.positionIDs.utf8(place))
            }
            sink += "\n".utf8
            sink.flushIfLarge()
        }
    }

    private static func cell(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard text.contains(where: needsQuotes) else { return text }
        return Array(cell(String(decoding: text, as: UTF8.self)).utf8)[...]
    }
}
