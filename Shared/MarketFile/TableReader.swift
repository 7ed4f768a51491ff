internal import MatchingEngine

/// Reads a market of applicants and firms with a capacity from JSON, straight into tables.
struct TableReader {
    private var scanner: JSONScanner
    private let progress: MatchingProgress?
    private var told = 0
    /// Keys that the format does not know.
    private(set) var unknown: [(message: String, offset: Int)] = []
    /// The market has more than applicants and firms with a capacity.
    private(set) var isRicher = false

    private static let step = 4 << 20

    init(_ bytes: FileBytes, progress: MatchingProgress? = nil) {
        scanner = JSONScanner(bytes)
        self.progress = progress
    }

    private enum Key {
        static let id = Interner.key("id".utf8).word
        static let ranking = Interner.key("ranking".utf8).word
        static let capacity = Interner.key("capacity".utf8).word
        static let minimum = Interner.key("minimum".utf8).word
    }

    mutating func read(into builder: inout TableBuilder) throws(FileFault) {
        var keys = SeenKeys()
        var hasFormat = false
        try scanner.expect("{", "an object { … }")
        if !scanner.take("}") {
            repeat {
                let key = try keys.next(&scanner)
                switch scanner.content.text(key) {
                case "format":
                    try scanner.expectFormat("tradewind-market/1")
                    hasFormat = true
                case "applicants":
                    try each { (reader) throws(FileFault) in try reader.applicant(&builder) }
                    builder.endPart(.applicants, scanner.content)
                case "firms":
                    try each { (reader) throws(FileFault) in try reader.firm(&builder) }
                    builder.endPart(.firms, scanner.content)
                case "teams", "couples", "regions": try none()
                case let name: try skip(name)
                }
            } while scanner.take(",")
            try scanner.expect("}", "a comma or }")
        }
        try scanner.end()
        scanner.bytes.release(before: scanner.bytes.count)
        if !hasFormat { throw scanner.fault("The key \"format\" is missing.", at: 0) }
    }

    private mutating func each(
        _ element: (inout TableReader) throws(FileFault) -> Void
    ) throws(FileFault) {
        try scanner.expect("[", "an array [ … ]")
        if scanner.take("]") { return }
        repeat {
            try element(&self)
            scanner.content.forget()
            if scanner.offset - told >= Self.step {
                told = scanner.offset
                scanner.bytes.release(before: told)
                progress?(.reading(bytes: told, of: scanner.bytes.count))
            }
        } while scanner.take(",")
        try scanner.expect("]", "a comma or ]")
    }

    private mutating func applicant(_ builder: inout TableBuilder) throws(FileFault) {
        if builder.isDone { throw scanner.fault("Enough was found.") }
        var keys = SeenKeys()
        var id: FileText?
        var categories: [String] = []
        let place = try scanner.expect("{", "an object { … }")
        if !scanner.take("}") {
            repeat {
                let key = try keys.next(&scanner)
                switch key.key.word {
                case Key.id: id = try scanner.text()
                case Key.ranking: try ranking(.applicants, &builder)
                default:
                    switch scanner.content.text(key) {
                    case "categories": categories = try texts()
                    case let name: try skip(name)
                    }
                }
            } while scanner.take(",")
            try scanner.expect("}", "a comma or }")
        }
        guard let id else { throw scanner.fault("The key \"id\" is missing.", at: place) }
        builder.endApplicant(id, categories: categories, in: scanner.content)
    }

    private mutating func firm(_ builder: inout TableBuilder) throws(FileFault) {
        if builder.isDone { throw scanner.fault("Enough was found.") }
        var keys = SeenKeys()
        var id: FileText?
        var capacity: (amount: Int, place: Int)?
        let place = try scanner.expect("{", "an object { … }")
        if !scanner.take("}") {
            repeat {
                let key = try keys.next(&scanner)
                switch key.key.word {
                case Key.id: id = try scanner.text()
                case Key.ranking: try ranking(.firms, &builder)
                case Key.capacity:
                    _ = scanner.peek()
                    let place = scanner.offset
                    capacity = (try scanner.integer(), place)
                case Key.minimum: if try scanner.integer() != 0 { try refuse() }
                default:
                    switch scanner.content.text(key) {
                    case "caps", "reserves", "positions": try none()
                    case let name: try skip(name)
                    }
                }
            } while scanner.take(",")
            try scanner.expect("}", "a comma or }")
        }
        guard let id else { throw scanner.fault("The key \"id\" is missing.", at: place) }
        guard let capacity else { throw scanner.fault("The key \"capacity\" is missing.", at: place) }
        builder.endFirm(id, capacity: capacity.amount, capacityOffset: capacity.place, in: scanner.content)
    }

    private mutating func ranking(_ part: TableBuilder.Part, _ builder: inout TableBuilder) throws(FileFault) {
        try scanner.expect("[", "an array [ … ]")
        if scanner.take("]") { return }
        repeat {
            if scanner.take("[") {
                if scanner.take("]") { continue }
                var isTied = false
                repeat {
                    if builder.entry(try scanner.text(), isTied: isTied, part) { builder.settle(part, scanner.content) }
                    isTied = true
                } while scanner.take(",")
                try scanner.expect("]", "a comma or ]")
            } else {
                if builder.entry(try scanner.text(), isTied: false, part) { builder.settle(part, scanner.content) }
            }
        } while scanner.take(",")
        try scanner.expect("]", "a comma or ]")
    }

    private mutating func texts() throws(FileFault) -> [String] {
        var texts: [String] = []
        try scanner.expect("[", "an array [ … ]")
        if scanner.take("]") { return [] }
        repeat { texts.append(try scanner.string()) } while scanner.take(",")
        try scanner.expect("]", "a comma or ]")
        return texts
    }

    /// An array that must be empty.
    private mutating func none() throws(FileFault) {
        try scanner.expect("[", "an array [ … ]")
        if !scanner.take("]") { try refuse() }
    }

    private mutating func refuse() throws(FileFault) {
        isRicher = true
        throw scanner.fault("There is more than tables hold.")
    }

    private mutating func skip(_ key: String) throws(FileFault) {
        if unknown.count < InvalidMarket.limit {
            _ = scanner.peek()
            unknown.append(("The key \"\(key)\" is not known and is passed over.", scanner.offset))
        }
        try scanner.skipValue()
    }
}

/// The keys of one object so far: none may come twice.
private struct SeenKeys {
    /// Words of short keys. Few objects have more than four.
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    private var count = 0
    private var others: Set<String> = []

    /// The next key, and the colon after it.
    mutating func next(_ scanner: inout JSONScanner) throws(FileFault) -> FileText {
        guard scanner.peek() == UInt8(ascii: "\"") else { throw scanner.fault("Expected a key in quotes.") }
        let key = try scanner.text()
        if !insert(key, scanner.content) {
            throw scanner.fault("The key \"\(scanner.content.text(key))\" comes twice.", at: key.place)
        }
        try scanner.expect(":", "a colon")
        return key
    }

    private mutating func insert(_ key: FileText, _ texts: FileTexts) -> Bool {
        let word = key.key.word
        guard key.key.isShort, word != 0 else { return others.insert(texts.text(key)).inserted }
        if word == words.0 || word == words.1 || word == words.2 || word == words.3 { return false }
        switch count {
        case 0: words.0 = word
        case 1: words.1 = word
        case 2: words.2 = word
        case 3: words.3 = word
        default: return others.insert(texts.text(key)).inserted
        }
        count += 1
        return true
    }
}
