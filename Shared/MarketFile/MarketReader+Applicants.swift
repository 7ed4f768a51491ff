internal import MatchingEngine

extension MarketReader {
    mutating func applicant() throws(FileFault) -> MarketInput.Applicant {
        let place = start()
        var id: String?
        var applicant = MarketInput.Applicant(id: "", ranking: [])
        try object { (reader, key) throws(FileFault) in
            switch key {
            case "id": id = try reader.scanner.string()
            case "ranking": applicant.ranking = try reader.ranking()
            case "categories": applicant.categories = try reader.texts()
            default: try reader.skipUnknown(key)
            }
        }
        applicant.id = try required(id, "id", at: place)
        return applicant
    }

    mutating func team() throws(FileFault) -> MarketInput.Team {
        let place = start()
        var id: String?
        var team = MarketInput.Team(id: "", ranking: [])
        try object { (reader, key) throws(FileFault) in
            switch key {
            case "id": id = try reader.scanner.string()
            case "members": team.members = try reader.texts()
            case "ranking": team.ranking = try reader.ranking()
            case "seats": team.seats = try reader.scanner.integer()
            default: try reader.skipUnknown(key)
            }
        }
        team.id = try required(id, "id", at: place)
        return team
    }

    mutating func couple() throws(FileFault) -> MarketInput.Couple {
        let place = start()
        var id: String?
        var members: [String]?
        var ranking: [[MarketInput.Pair]] = []
        try object { (reader, key) throws(FileFault) in
            switch key {
            case "id": id = try reader.scanner.string()
            case "members":
                let place = reader.start()
                let texts = try reader.texts()
                guard texts.count == 2 else { throw reader.scanner.fault("A couple has two members.", at: place) }
                members = texts
            case "ranking": ranking = try reader.list { (r) throws(FileFault) in try r.pairs() }
            default: try reader.skipUnknown(key)
            }
        }
        let both = try required(members, "members", at: place)
        return MarketInput.Couple(
            id: try required(id, "id", at: place),
            first: both[0],
            second: both[1],
            ranking: ranking
        )
    }

    /// A pair, or `{"tied": [pair, …]}`.
    private mutating func pairs() throws(FileFault) -> [MarketInput.Pair] {
        guard scanner.peek() == UInt8(ascii: "{") else { return [try pair()] }
        let place = start()
        var pairs: [MarketInput.Pair]?
        try object { (reader, key) throws(FileFault) in
            guard key == "tied" else { return try reader.skipUnknown(key) }
            pairs = try reader.list { (r) throws(FileFault) in try r.pair() }
        }
        return try required(pairs, "tied", at: place)
    }

    private mutating func pair() throws(FileFault) -> MarketInput.Pair {
        let place = start()
        let ids = try list { (reader) throws(FileFault) in
            try reader.scanner.null() ? nil : try reader.scanner.string()
        }
        guard ids.count == 2 else { throw scanner.fault("A pair is two ids; null stands for no place.", at: place) }
        return MarketInput.Pair(ids[0], ids[1])
    }

    /// Each element is an id, or an array of ids that are tied.
    mutating func ranking() throws(FileFault) -> [[String]] {
        try list { (reader) throws(FileFault) in
            reader.scanner.peek() == UInt8(ascii: "[") ? try reader.texts() : [try reader.scanner.string()]
        }
    }

    mutating func texts() throws(FileFault) -> [String] {
        try list { (reader) throws(FileFault) in try reader.scanner.string() }
    }

    /// Where the next value begins.
    mutating func start() -> Int {
        _ = scanner.peek()
        return scanner.offset
    }
}
