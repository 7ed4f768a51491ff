/// Reads a matching: `tradewind-matching/1`, or any JSON object with a key `matching`.
public struct MatchingReader {
    public static func read(_ bytes: [UInt8]) throws(FileFault) -> [String: String?] {
        var scanner = JSONScanner(bytes)
        var matching: [String: String?]?
        try scanner.object { (scanner, key) throws(FileFault) in
            switch key {
            case "format":
                _ = scanner.peek()
                let place = scanner.offset
                guard try scanner.string() == "tradewind-matching/1" else {
                    throw scanner.fault("The format must be \"tradewind-matching/1\".", at: place)
                }
            case "matching":
                var places: [String: String?] = [:]
                try scanner.object { (scanner, id) throws(FileFault) in
                    places[id] = .some(try scanner.null() ? nil : try scanner.string())
                }
                matching = places
            default: try scanner.skipValue()
            }
        }
        try scanner.end()
        guard let matching else { throw scanner.fault("The key \"matching\" is missing.", at: 0) }
        return matching
    }
}
