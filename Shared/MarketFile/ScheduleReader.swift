internal import MatchingEngine

/// Reads a schedule: `tradewind-schedule/1`, or any JSON object with a key `meetings`.
struct ScheduleReader {
    static let format = "tradewind-schedule/1"

    static func read(_ bytes: FileBytes) throws(FileFault) -> ([MeetingSchedule.Meeting], MeetingPrices) {
        var scanner = JSONScanner(bytes)
        var meetings: [MeetingSchedule.Meeting]?
        var prices = MeetingPrices()
        try scanner.object { (scanner, key) throws(FileFault) in
            switch key {
            case "format": try scanner.expectFormat(format)
            case "meetings": meetings = try scanner.list { (s) throws(FileFault) in try meeting(&s) }
            case "prices":
                try scanner.object { (scanner, key) throws(FileFault) in
                    switch key {
                    case "table": prices.table = try scanner.integer()
                    case "people":
                        try scanner.object { (scanner, id) throws(FileFault) in
                            prices.people[id] = try scanner.integer()
                        }
                    default: try scanner.skipValue()
                    }
                }
            default: try scanner.skipValue()
            }
        }
        try scanner.end()
        return (try scanner.required(meetings, "meetings", at: 0), prices)
    }

    private static func meeting(_ scanner: inout JSONScanner) throws(FileFault) -> MeetingSchedule.Meeting {
        let place = scanner.start()
        var texts: [String: String] = [:]
        var table: Int?
        try scanner.object { (scanner, key) throws(FileFault) in
            switch key {
            case "buyer", "supplier", "slot": texts[key] = try scanner.string()
            case "table": table = try scanner.integer()
            default: try scanner.skipValue()
            }
        }
        return MeetingSchedule.Meeting(
            buyer: try scanner.required(texts["buyer"], "buyer", at: place),
            supplier: try scanner.required(texts["supplier"], "supplier", at: place),
            slot: try scanner.required(texts["slot"], "slot", at: place),
            table: try scanner.required(table, "table", at: place)
        )
    }
}
