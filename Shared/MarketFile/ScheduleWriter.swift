internal import MatchingEngine

/// Writes schedules: for people, as `tradewind-schedule/1`, and as a table plan.
struct ScheduleWriter {
    let input: MeetingsInput
    let meetings: [MeetingSchedule.Meeting]
    let prices: MeetingPrices
    let check: MeetingsCheck

    private var times: [String: MeetingsInput.Slot] {
        Dictionary(input.slots.map { ($0.id, $0) }) { first, _ in first }
    }

    private var names: [String: String] {
        Dictionary((input.buyers + input.suppliers).map { ($0.id, $0.name) }) { first, _ in first }
    }

    var json: JSONValue {
        .members([
            "format": .string(ScheduleReader.format),
            "meetings": .array(
                meetings.map {
                    .members([
                        "buyer": .string($0.buyer), "supplier": .string($0.supplier), "slot": .string($0.slot),
                        "table": .number($0.table),
                    ])
                }
            ),
            "certificate": certificate,
            "prices": .members([
                "table": .number(prices.table),
                "people": .object(
                    prices.people.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .number($0.value)) }
                ),
            ]),
        ])
    }

    var certificate: JSONValue {
        .members([
            "input": .string(check.inputHash),
            "verdict": .string(check.holds ? "holds" : "open"),
            "breaches": .array(check.breaches.map(JSONValue.string)),
            "points": .number(check.points),
            "bound": .number(check.bound),
            "optimal": .bool(check.isOptimal),
            "mutualWishes": .number(check.mutualWishes),
            "mutualMeetings": .number(check.mutualMeetings),
            "withoutMeeting": .array(check.withoutMeeting.map(JSONValue.string)),
        ])
    }

    /// The table plan, one line for each meeting.
    var csv: [UInt8] {
        let (times, names) = (times, names)
        var text = "slot,start,end,table,buyer,buyer_name,supplier,supplier_name\n"
        for meeting in meetings {
            let slot = times[meeting.slot]
            let clock = [slot?.start, slot?.end].map { $0.map { Timestamp(seconds: $0).description } ?? "" }
            let people = [meeting.buyer, meeting.supplier].flatMap { [$0, names[$0] ?? ""] }
            let cells = [meeting.slot] + clock + ["\(meeting.table)"] + people
            text += cells.map(MatchingWriter.cell).joined(separator: ",") + "\n"
        }
        return Array(text.utf8)
    }

    var table: String {
        TextTable.lines(
            [["slot", "table", "buyer", "supplier"]]
                + meetings.map { [$0.slot, "\($0.table)", $0.buyer, $0.supplier] }
        )
    }

    var summary: String {
        var lines = [
            "\(meetings.count) meetings, \(check.points) points; \(check.mutualMeetings) of \(check.mutualWishes) mutual wishes."
        ]
        if check.isOptimal {
            lines.append("Proved: no schedule has more points.")
        } else if check.holds {
            let gap = check.bound - check.points
            lines.append(
                "No schedule has more than \(check.bound) points; the gap is \(gap)\(percent(gap, of: check.bound))."
            )
        }
        if !check.withoutMeeting.isEmpty {
            lines.append("Without a meeting: \(check.withoutMeeting.joined(separator: ", ")).")
        }
        lines += check.breaches
        if check.holds { lines.append("Checked: one meeting a person a slot, each pair once, within all limits.") }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Rounded up to hundredths.
    private func percent(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "" }
        let hundredths = (part * 10000 + whole - 1) / whole
        let fraction = hundredths % 100
        return ", \(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) %"
    }
}
