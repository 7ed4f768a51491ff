internal import MatchingEngine

/// Puts a plain market together from what a reader meets, without a text for each id.
///
/// A file is read once if nothing is wrong with it. What can only be seen at the end, such as an id that nobody
/// declares, is found in a second reading, in which ids get the same numbers.
struct TableBuilder {
    /// What a reading is for.
    enum Purpose {
        case tables
        /// To find entries whose ids nobody declares: by number, whether it is declared.
        case faults(applicants: [Bool], firms: [Bool])
        /// To find entries that the other side does not return.
        case warnings(Market, Numbering)
    }

    /// By number, an id's place in the canonical order.
    struct Numbering {
        let applicants: [Int32]
        let firms: [Int32]
    }

    /// The files, or the parts of a file, in which applicants and firms are.
    enum Part: Int {
        case applicants, firms
    }

    struct Note {
        let part: Part
        let offset: Int
        let message: String
    }

    /// One side's ids, and its lists in the order of the file.
    struct Side {
        var ids = Interner()
        var lists = RankedLists()
        /// By list, the number of the id whose it is.
        var owners: [Int32] = []
        /// By number, the list; -1 for an id that is not declared.
        var rows: [Int32] = []
    }

    /// An entry whose id is to be looked up.
    struct Waiting {
        let text: FileText
        /// `RankedLists.tied`, or nothing.
        let mark: Int32
    }

    let purpose: Purpose
    var applicants = Side()
    var firms = Side()
    /// By list of `firms`.
    private(set) var capacity: [Int32] = []
    /// By list of `applicants`; as long as the last that has any.
    private(set) var categories: [[String]] = []
    private(set) var notes: [Note] = []
    private var waiting: [Waiting]
    private var waitingCount = 0
    /// Where the entries of the list at hand are, unless this is a first reading.
    private var offsets: [Int] = []

    init(_ purpose: Purpose, bytes: Int = 0) {
        self.purpose = purpose
        let none = FileText(place: 0, offset: 0, count: 0, key: .init(word: 0))
        waiting = Array(repeating: Waiting(text: none, mark: 0), count: Self.batch)
        if case .tables = purpose {
            // An entry takes four bytes at least. What is reserved and not used takes no memory.
            applicants.lists.entries.reserveCapacity(bytes / 4)
            firms.lists.entries.reserveCapacity(bytes / 4)
        }
    }

    /// So many ids are looked up together, so that the memory of all of them is asked for before the first is needed.
    private static let batch = 16

    /// All that can be found was found.
    var isDone: Bool { notes.count >= InvalidMarket.limit }

    mutating func note(_ message: String, _ part: Part, at offset: Int) {
        if !isDone { notes.append(Note(part: part, offset: offset, message: message)) }
    }

    // MARK: Entries

    /// The next entry of the list at hand. If it returns true, `settle` must be called.
    @inline(__always)
    mutating func entry(_ text: FileText, isTied: Bool, _ part: Part) -> Bool {
        switch part {
        case .applicants: firms.ids.prefetch(text.key)
        case .firms: applicants.ids.prefetch(text.key)
        }
        waiting[waitingCount] = Waiting(text: text, mark: isTied ? RankedLists.tied : 0)
        waitingCount += 1
        return waitingCount == Self.batch
    }

    /// An id that will be declared.
    func prefetch(_ id: FileText, _ part: Part) {
        switch part {
        case .applicants: applicants.ids.prefetch(id.key)
        case .firms: firms.ids.prefetch(id.key)
        }
    }

    /// Looks up the ids of the entries that wait for it.
    mutating func settle(_ part: Part, _ texts: FileTexts) {
        if case .tables = purpose {} else { for text in waiting[..<waitingCount] { offsets.append(text.text.place) } }
        let begin = part == .applicants ? applicants.lists.entries.count : firms.lists.entries.count
        let isRepeated =
            switch part {
            case .applicants: applicants.take(waiting[..<waitingCount], naming: &firms.ids, texts)
            case .firms: firms.take(waiting[..<waitingCount], naming: &applicants.ids, texts)
            }
        if case .faults = purpose {
            look(part, from: begin, isRepeated)
        } else if isRepeated.contains(true) {
            look(part, from: begin, isRepeated)
        }
        waitingCount = 0
    }

    /// Notes what is wrong with the entries that were taken last.
    private mutating func look(_ part: Part, from begin: Int, _ isRepeated: [Bool]) {
        for index in 0..<waitingCount {
            let number = Int(entry(part, begin + index) & .max)
            let place = waiting[index].text.place
            if !isKnown(number, part) {
                let kind = part == .applicants ? "firm or position" : "applicant or team"
                note("\"\(named(number, part))\" is no \(kind) of this market.", part, at: place)
            }
            if index < isRepeated.count, isRepeated[index] {
                note("\"\(named(number, part))\" is ranked twice.", part, at: place)
            }
        }
    }

    private func entry(_ part: Part, _ index: Int) -> Int32 {
        switch part {
        case .applicants: applicants.lists.entries[index]
        case .firms: firms.lists.entries[index]
        }
    }

    /// Whether an id that is named in a list of `part` is declared, if that is looked for.
    private func isKnown(_ number: Int, _ part: Part) -> Bool {
        guard case .faults(let applicants, let firms) = purpose else { return true }
        return part == .applicants ? firms[number] : applicants[number]
    }

    /// An id that is named in a list of `part`.
    private func named(_ number: Int, _ part: Part) -> String {
        part == .applicants ? firms.ids.text(Int32(number)) : applicants.ids.text(Int32(number))
    }

    // MARK: Ends of lists

    mutating func endApplicant(_ id: FileText, categories: [String], in texts: FileTexts) {
        settle(.applicants, texts)
        let number = declare(id, "an applicant", .applicants, in: texts)
        warn(number, .applicants)
        if !categories.isEmpty {
            while self.categories.count < applicants.owners.count { self.categories.append([]) }
            self.categories.append(categories)
        }
        applicants.end(number, keeps: keepsLists)
    }

    mutating func endFirm(_ id: FileText, capacity: Int, capacityOffset: Int, in texts: FileTexts) {
        settle(.firms, texts)
        let number = declare(id, "a firm", .firms, in: texts)
        warn(number, .firms)
        if capacity < 0 { note("Must be at least 0.", .firms, at: capacityOffset) }
        if capacity > 1_000_000_000 { note("Must be at most 1000000000.", .firms, at: capacityOffset) }
        self.capacity.append(Int32(clamping: capacity))
        firms.end(number, keeps: keepsLists)
    }

    private var keepsLists: Bool { if case .tables = purpose { true } else { false } }

    private mutating func declare(_ id: FileText, _ kind: String, _ part: Part, in texts: FileTexts) -> Int32 {
        if id.count == 0 { note("The id is empty.", part, at: id.place) }
        if texts.holdsControls(id) { note("The id holds a control character.", part, at: id.place) }
        let declared =
            part == .applicants
            ? applicants.declare(id, in: texts) : firms.declare(id, in: texts)
        if declared.isRepeated {
            let text = part == .applicants ? applicants.ids.text(declared.number) : firms.ids.text(declared.number)
            note("\"\(text)\" is already the id of \(kind).", part, at: id.place)
        }
        return declared.number
    }

    private mutating func warn(_ owner: Int32, _ part: Part) {
        guard case .warnings(let market, let numbering) = purpose else { return }
        let side = part == .applicants ? applicants : firms
        for (entry, offset) in zip(side.lists.entries, offsets) {
            let other = entry & .max
            switch part {
            case .applicants:
                if market.isEdge(numbering.applicants[Int(owner)], numbering.firms[Int(other)]) { continue }
                let (person, firm) = (applicants.ids.text(owner), firms.ids.text(other))
                note("\"\(person)\" lists \"\(firm)\", which does not rank them.", part, at: offset)
            case .firms:
                if market.isEdge(numbering.applicants[Int(other)], numbering.firms[Int(owner)]) { continue }
                let (person, firm) = (applicants.ids.text(other), firms.ids.text(owner))
                note("\"\(firm)\" ranks \"\(person)\", who does not list it.", part, at: offset)
            }
        }
        offsets.removeAll(keepingCapacity: true)
    }
}

extension TableBuilder.Side {
    fileprivate mutating func declare(_ id: FileText, in texts: FileTexts) -> (number: Int32, isRepeated: Bool) {
        let number = texts.number(of: id, in: &ids, list: -1).number
        while rows.count < ids.count { rows.append(-1) }
        let isRepeated = rows[Int(number)] >= 0
        rows[Int(number)] = Int32(owners.count)
        return (number, isRepeated)
    }

    /// Appends entries to the list at hand. Tells which of them it has already; nothing if none.
    @inline(__always)
    fileprivate mutating func take(
        _ waiting: ArraySlice<TableBuilder.Waiting>,
        naming ids: inout Interner,
        _ texts: FileTexts
    ) -> [Bool] {
        let list = Int32(owners.count)
        var isRepeated: [Bool] = []
        for (index, next) in waiting.enumerated() {
            let found = texts.number(of: next.text, in: &ids, list: list)
            lists.entries.append(found.number | next.mark)
            if found.isRepeated {
                isRepeated += Array(repeating: false, count: index - isRepeated.count) + [true]
            }
        }
        return isRepeated
    }

    fileprivate mutating func end(_ owner: Int32, keeps: Bool) {
        owners.append(owner)
        if keeps {
            lists.start.append(Int32(lists.entries.count))
        } else {
            lists.entries.removeAll(keepingCapacity: true)
        }
    }

    /// By number, whether the id is declared.
    var isDeclared: [Bool] { (0..<ids.count).map { $0 < rows.count && rows[$0] >= 0 } }
}
