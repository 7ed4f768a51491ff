internal import MatchingEngine

/// Reads a matching: `tradewind-matching/1`, or any JSON object with a key `matching`.
public struct MatchingReader {
    /// The places by id, `nil` for without one.
    public static func read(_ bytes: [UInt8]) throws(FileFault) -> [String: String?] { try read(FileBytes(bytes)) }

    static func read(_ bytes: FileBytes) throws(FileFault) -> [String: String?] {
        var places: [String: String?] = [:]
        try read(bytes) { (scanner) throws(FileFault) in
            try scanner.object { (scanner, id) throws(FileFault) in
                places[id] = .some(try scanner.null() ? nil : try scanner.string())
            }
        }
        return places
    }

    /// The places by the numbers of a market, without a text for each.
    static func read(_ bytes: FileBytes, of market: Market) throws(FileFault) -> WrittenMatching {
        var written = WrittenMatching(market)
        var applicants = Interner(market.applicantIDs)
        var positions = Interner(market.positionIDs)
        try read(bytes) { (scanner) throws(FileFault) in
            try scanner.expect("{", "an object { … }")
            if scanner.take("}") { return }
            repeat {
                scanner.content.forget()
                guard scanner.peek() == UInt8(ascii: "\"") else { throw scanner.fault("Expected a key in quotes.") }
                let id = try scanner.text()
                let (applicant, isRepeated) = scanner.content.number(of: id, in: &applicants, list: 0)
                if isRepeated {
                    throw scanner.fault("The key \"\(scanner.content.text(id))\" comes twice.", at: id.place)
                }
                try scanner.expect(":", "a colon")
                let place = try scanner.null() ? nil : try scanner.text()
                guard Int(applicant) < written.places.count else {
                    written.strangers[scanner.content.text(id)] = .some(place.map { scanner.content.text($0) })
                    continue
                }
                guard let place else {
                    written.places[Int(applicant)] = .nowhere
                    continue
                }
                let position = scanner.content.number(of: place, in: &positions, list: -1).number
                if Int(position) < market.positionIDs.count {
                    written.places[Int(applicant)] = .position(position)
                } else {
                    written.places[Int(applicant)] = .unknown
                    written.unknownPlaces[Int(applicant)] = scanner.content.text(place)
                }
            } while scanner.take(",")
            try scanner.expect("}", "a comma or }")
        }
        return written
    }

    private static func read(
        _ bytes: FileBytes,
        places: (inout JSONScanner) throws(FileFault) -> Void
    ) throws(FileFault) {
        var scanner = JSONScanner(bytes)
        var isFound = false
        try scanner.object { (scanner, key) throws(FileFault) in
            switch key {
            case "format": try scanner.expectFormat("tradewind-matching/1")
            case "matching":
                try places(&scanner)
                isFound = true
            default: try scanner.skipValue()
            }
        }
        try scanner.end()
        if !isFound { throw scanner.fault("The key \"matching\" is missing.", at: 0) }
    }
}

extension Interner {
    /// Every id with its number.
    fileprivate init(_ ids: IDs) {
        self.init()
        for index in ids.indices {
            let bytes = ids.utf8(index)
            _ = number(of: Self.key(bytes), in: bytes, list: -1)
        }
    }
}
