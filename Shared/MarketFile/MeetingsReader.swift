public import MatchingEngine

/// Reads wishes to meet, of the format `tradewind-meetings/1`, from JSON.
public struct MeetingsReader {
    private var scanner: JSONScanner
    private var input = MeetingsInput()
    /// Keys that the format does not know; their values are passed over.
    private var unknown: [FileFault] = []

    static let format = "tradewind-meetings/1"

    /// The wishes, checked, and what is noteworthy about the file, or every fault with its line and column.
    public static func read(_ bytes: FileBytes) throws(InvalidFile) -> (meetings: Meetings, warnings: [FileFault]) {
        var reader = MeetingsReader(scanner: JSONScanner(bytes))
        do throws(FileFault) {
            try reader.readFile()
        } catch {
            throw InvalidFile([error])
        }
        do throws(InvalidMarket) {
            return (try Meetings(reader.input), reader.unknown)
        } catch {
            throw InvalidFile(
                error.faults.map { fault in
                    FileFault(fault.message, at: JSONScanner.offset(of: fault.pointer, in: bytes), in: bytes)
                }
            )
        }
    }

    private mutating func readFile() throws(FileFault) {
        var isNamed = false
        var reader = self
        try scanner.object { (scanner, key) throws(FileFault) in
            switch key {
            case "format":
                try scanner.expectFormat(Self.format)
                isNamed = true
            case "title": reader.input.title = try scanner.string()
            case "place": reader.input.place = try scanner.string()
            case "revision": reader.input.revision = try scanner.integer()
            case "tables": reader.input.tables = try scanner.optionalInteger()
            case "slots": reader.input.slots = try scanner.list { (s) throws(FileFault) in try reader.slot(&s) }
            case "buyers": reader.input.buyers = try scanner.list { (s) throws(FileFault) in try reader.person(&s) }
            case "suppliers":
                reader.input.suppliers = try scanner.list { (s) throws(FileFault) in try reader.person(&s) }
            default: try reader.skip(key, &scanner)
            }
        }
        reader.scanner = scanner
        self = reader
        try scanner.end()
        if !isNamed { throw scanner.fault("The key \"format\" is missing.", at: 0) }
    }

    private mutating func slot(_ scanner: inout JSONScanner) throws(FileFault) -> MeetingsInput.Slot {
        let place = scanner.start()
        var id: String?
        var slot = MeetingsInput.Slot(id: "")
        try scanner.object { (scanner, key) throws(FileFault) in
            switch key {
            case "id": id = try scanner.string()
            case "start": slot.start = try scanner.timestamp()
            case "minutes": slot.minutes = try scanner.integer()
            case "tables": slot.tables = try scanner.optionalInteger()
            default: try skip(key, &scanner)
            }
        }
        slot.id = try scanner.required(id, "id", at: place)
        return slot
    }

    private mutating func person(_ scanner: inout JSONScanner) throws(FileFault) -> MeetingsInput.Person {
        let place = scanner.start()
        var id: String?
        var person = MeetingsInput.Person(id: "")
        try scanner.object { (scanner, key) throws(FileFault) in
            switch key {
            case "id": id = try scanner.string()
            case "name": person.name = try scanner.string()
            case "ranking":
                person.ranking = try scanner.list { (s) throws(FileFault) in
                    s.peek() == UInt8(ascii: "[") ? try s.texts() : [try s.string()]
                }
            case "refuses": person.refuses = try scanner.texts()
            case "limit": person.limit = try scanner.optionalInteger()
            case "available": person.available = try scanner.null() ? nil : try scanner.texts()
            default: try skip(key, &scanner)
            }
        }
        person.id = try scanner.required(id, "id", at: place)
        return person
    }

    private mutating func skip(_ key: String, _ scanner: inout JSONScanner) throws(FileFault) {
        if unknown.count < InvalidMarket.limit {
            _ = scanner.peek()
            unknown.append(scanner.fault("The key \"\(key)\" is not known and is passed over."))
        }
        try scanner.skipValue()
    }
}

extension JSONScanner {
    /// Where the next value begins.
    mutating func start() -> Int {
        _ = peek()
        return offset
    }

    mutating func expectFormat(_ name: String) throws(FileFault) {
        let place = start()
        guard try string() == name else { throw fault("The format must be \"\(name)\".", at: place) }
    }

    mutating func list<Element>(
        _ read: (inout JSONScanner) throws(FileFault) -> Element
    ) throws(FileFault) -> [Element] {
        var elements: [Element] = []
        try array { (scanner) throws(FileFault) in elements.append(try read(&scanner)) }
        return elements
    }

    mutating func texts() throws(FileFault) -> [String] { try list { (s) throws(FileFault) in try s.string() } }

    mutating func optionalInteger() throws(FileFault) -> Int? { try null() ? nil : try integer() }

    /// The value of a key that must be there; `place` is where its object begins.
    func required<Value>(_ value: Value?, _ key: String, at place: Int) throws(FileFault) -> Value {
        guard let value else { throw fault("The key \"\(key)\" is missing.", at: place) }
        return value
    }

    /// A time as RFC 3339 writes it, in seconds since 1970; `null` for none.
    mutating func timestamp() throws(FileFault) -> Int? {
        if try null() { return nil }
        let place = start()
        guard let time = Timestamp(try string()) else {
            throw fault("Expected a time such as 2018-10-05T09:00:00+08:00.", at: place)
        }
        return time.seconds
    }
}
