public import MatchingEngine

/// Reads markets of the format `tradewind-market/1` from JSON.
public struct MarketReader {
    var scanner: JSONScanner
    var market = MarketInput()
    /// Keys that the format does not know; their values are passed over.
    var unknown: [FileFault] = []

    private init(_ bytes: FileBytes) {
        scanner = JSONScanner(bytes)
    }

    /// The market, checked, and what is noteworthy about it, or every fault with its line and column.
    public static func read(_ bytes: [UInt8]) throws(InvalidFile) -> (market: Market, warnings: [FileFault]) {
        try read(FileBytes(bytes))
    }

    /// As above. `progress` is told now and then how far the reading is.
    public static func read(
        _ bytes: FileBytes,
        progress: MatchingProgress? = nil
    ) throws(InvalidFile) -> (market: Market, warnings: [FileFault]) {
        try bytes.checkSize()
        var isRicher = false
        var unknown: [(message: String, offset: Int)]?
        let loader = TableLoader(size: bytes.count, progress: progress) { (builder) throws(FileFault) in
            var table = TableReader(bytes, progress: progress)
            do throws(FileFault) {
                try table.read(into: &builder)
            } catch {
                isRicher = table.isRicher
                throw error
            }
            unknown = unknown ?? table.unknown
        }
        let result: TableLoader.Result
        do throws(FileFault) {
            result = try loader.load()
        } catch {
            if isRicher { return try readAll(bytes) }
            throw InvalidFile([error])
        }
        switch result {
        case .market(let market, let warnings):
            return (market, FileFault.located((unknown ?? []) + warnings.map { ($0.message, $0.offset) }, in: bytes))
        case .faults(let faults):
            throw InvalidFile(FileFault.located(faults.map { ($0.message, $0.offset) }, in: bytes))
        }
    }

    /// A market of whatever kind.
    static func readAll(_ bytes: FileBytes) throws(InvalidFile) -> (market: Market, warnings: [FileFault]) {
        var reader = MarketReader(bytes)
        do throws(FileFault) {
            try reader.readFile()
        } catch {
            throw InvalidFile([error])
        }
        func located(_ fault: MarketFault) -> FileFault {
            FileFault(fault.message, at: JSONScanner.offset(of: fault.pointer, in: bytes), in: bytes)
        }
        do throws(InvalidMarket) {
            let market = try Market(reader.market)
            return (market, reader.unknown + market.warnings.map(located))
        } catch {
            throw InvalidFile(error.faults.map(located))
        }
    }

    private mutating func readFile() throws(FileFault) {
        var hasFormat = false
        try object { (reader, key) throws(FileFault) in
            switch key {
            case "format":
                try reader.scanner.expectFormat("tradewind-market/1")
                hasFormat = true
            case "applicants": reader.market.applicants = try reader.list { (r) throws(FileFault) in try r.applicant() }
            case "teams": reader.market.teams = try reader.list { (r) throws(FileFault) in try r.team() }
            case "couples": reader.market.couples = try reader.list { (r) throws(FileFault) in try r.couple() }
            case "firms": reader.market.firms = try reader.list { (r) throws(FileFault) in try r.firm() }
            case "regions": reader.market.regions = try reader.list { (r) throws(FileFault) in try r.region() }
            default: try reader.skipUnknown(key)
            }
        }
        try scanner.end()
        if !hasFormat { throw scanner.fault("The key \"format\" is missing.", at: 0) }
    }

    mutating func object(_ member: (inout MarketReader, String) throws(FileFault) -> Void) throws(FileFault) {
        // The scanner is moved out while it walks, so that `member` may use the whole reader.
        var walker = scanner
        try walker.object { (inner, key) throws(FileFault) in
            scanner = inner
            try member(&self, key)
            inner = scanner
        }
        scanner = walker
    }

    mutating func list<Element>(
        _ read: (inout MarketReader) throws(FileFault) -> Element
    ) throws(FileFault) -> [Element] {
        var elements: [Element] = []
        var walker = scanner
        try walker.array { (inner) throws(FileFault) in
            scanner = inner
            elements.append(try read(&self))
            inner = scanner
        }
        scanner = walker
        return elements
    }

    mutating func skipUnknown(_ key: String) throws(FileFault) {
        if unknown.count < InvalidMarket.limit {
            _ = scanner.peek()
            unknown.append(scanner.fault("The key \"\(key)\" is not known and is passed over."))
        }
        try scanner.skipValue()
    }

    /// The value of a key that must be there; `place` is where its object begins.
    func required<Value>(_ value: Value?, _ key: String, at place: Int) throws(FileFault) -> Value {
        guard let value else { throw scanner.fault("The key \"\(key)\" is missing.", at: place) }
        return value
    }
}
