internal import MatchingEngine

extension MarketReader {
    mutating func firm() throws(FileFault) -> MarketInput.Firm {
        let place = start()
        var id: String?
        var capacity: Int?
        var firm = MarketInput.Firm(id: "", capacity: 0, ranking: [])
        try object { (reader, key) throws(FileFault) in
            switch key {
            case "id": id = try reader.scanner.string()
            case "capacity": capacity = try reader.scanner.integer()
            case "minimum": firm.minimum = try reader.scanner.integer()
            case "ranking": firm.ranking = try reader.ranking()
            case "caps": firm.caps = try reader.list { (r) throws(FileFault) in try r.cap() }
            case "reserves": firm.reserves = try reader.list { (r) throws(FileFault) in try r.reserve() }
            case "positions": firm.positions = try reader.list { (r) throws(FileFault) in try r.position() }
            default: try reader.skipUnknown(key)
            }
        }
        firm.id = try required(id, "id", at: place)
        firm.capacity = try required(capacity, "capacity", at: place)
        return firm
    }

    private mutating func position() throws(FileFault) -> MarketInput.Position {
        let place = start()
        var id: String?
        var capacity: Int?
        var minimum = 0
        try object { (reader, key) throws(FileFault) in
            switch key {
            case "id": id = try reader.scanner.string()
            case "capacity": capacity = try reader.scanner.integer()
            case "minimum": minimum = try reader.scanner.integer()
            default: try reader.skipUnknown(key)
            }
        }
        return MarketInput.Position(
            id: try required(id, "id", at: place),
            capacity: try required(capacity, "capacity", at: place),
            minimum: minimum
        )
    }

    private mutating func cap() throws(FileFault) -> MarketInput.Cap {
        let (category, maximum) = try amount("maximum")
        return MarketInput.Cap(category: category, maximum: maximum)
    }

    private mutating func reserve() throws(FileFault) -> MarketInput.Reserve {
        let (category, seats) = try amount("seats")
        return MarketInput.Reserve(category: category, seats: seats)
    }

    private mutating func amount(_ name: String) throws(FileFault) -> (category: String, amount: Int) {
        let place = start()
        var category: String?
        var amount: Int?
        try object { (reader, key) throws(FileFault) in
            switch key {
            case "category": category = try reader.scanner.string()
            case name: amount = try reader.scanner.integer()
            default: try reader.skipUnknown(key)
            }
        }
        return (try required(category, "category", at: place), try required(amount, name, at: place))
    }

    mutating func region() throws(FileFault) -> MarketInput.Region {
        let place = start()
        var id: String?
        var maximum: Int?
        var region = MarketInput.Region(id: "", firms: [], maximum: 0)
        try object { (reader, key) throws(FileFault) in
            switch key {
            case "id": id = try reader.scanner.string()
            case "firms": region.firms = try reader.texts()
            case "maximum": maximum = try reader.scanner.integer()
            case "order": region.order = try reader.texts()
            case "targets":
                try reader.object { (reader, firm) throws(FileFault) in
                    region.targets[firm] = try reader.scanner.integer()
                }
            default: try reader.skipUnknown(key)
            }
        }
        region.id = try required(id, "id", at: place)
        region.maximum = try required(maximum, "maximum", at: place)
        return region
    }
}
