internal import MatchingEngine

/// Writes outcomes as `tradewind-matching/1`.
struct MatchingWriter {
    let outcome: Outcome
    let explanations: [Explanation]

    var json: JSONValue {
        let ids = outcome.market.applicantIDs
        let matching = outcome.matching
        var members: [JSONValue.Member] = [
            .init(key: "format", value: .string("tradewind-matching/1")),
            .init(
                key: "matching",
                value: .object(
                    ids.map { .init(key: $0, value: (matching[$0] ?? nil).map(JSONValue.string) ?? .null) }
                )
            ),
            .init(key: "certificate", value: Self.json(outcome.certificate)),
            .init(key: "statistics", value: Self.json(outcome.statistics)),
        ]
        if !explanations.isEmpty {
            members.append(
                .init(
                    key: "explanations",
                    value: .object(explanations.map { .init(key: $0.applicant, value: Self.json($0)) })
                )
            )
        }
        return .object(members)
    }

    static func json(_ certificate: Certificate) -> JSONValue {
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
                "bound": certificate.bound.map {
                    .members([
                        "placed": .number($0.placed), "atMost": .number($0.atMost), "proved": .bool($0.proved),
                    ])
                } ?? .null,
                "cutoffs": .array(certificate.cutoffs.map(json)),
            ]
        }
        return .members(members)
    }

    private static func json(_ cutoff: Cutoff) -> JSONValue {
        .members([
            "position": .string(cutoff.position),
            "capacity": .number(cutoff.capacity),
            "filled": .number(cutoff.filled),
            "lastRank": cutoff.lastRank.map(JSONValue.number) ?? .null,
            "lastLottery": cutoff.lastLottery.map { .string($0.description) } ?? .null,
        ])
    }

    static func json(_ statistics: MatchingStatistics) -> JSONValue {
        let categories = statistics.categories.sorted { $0.key < $1.key }
        let unfilled = statistics.unfilled.sorted { $0.key < $1.key }
        return .members([
            "applicants": .number(statistics.applicants),
            "placed": .number(statistics.placed),
            "unplaced": .number(statistics.unplaced),
            "seats": .number(statistics.seats),
            "filledSeats": .number(statistics.filledSeats),
            "rankProfile": .array(statistics.rankProfile.map(JSONValue.number)),
            "categories": .object(
                categories.map {
                    .init(
                        key: $0.key,
                        value: .members([
                            "applicants": .number($0.value.applicants), "placed": .number($0.value.placed),
                        ])
                    )
                }
            ),
            "unfilled": .object(unfilled.map { .init(key: $0.key, value: .number($0.value)) }),
        ])
    }

    static func json(_ explanation: Explanation) -> JSONValue {
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

    /// One line for each applicant.
    var csv: [UInt8] {
        let matching = outcome.matching
        var bytes = Array("id,place\n".utf8)
        for id in outcome.market.applicantIDs {
            bytes += "\(Self.cell(id)),\(Self.cell((matching[id] ?? nil) ?? ""))\n".utf8
        }
        return bytes
    }

    static func cell(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
