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

    /// An id that is to be looked up: of an entry, or of whoever a list belongs to, at the list's end.
    struct Waiting {
        let text: FileText
        /// `RankedLists.tied`, or nothing.
        var mark: Int32 = 0
        var isEnd = false
    }

    let purpose: Purpose
    var applicants = Side()
    var firms = Side()
    /// By list of `firms`.
    private(set) var capacity: [Int32] = []
    /// By list of `applicants`; as long as the last that has any.
    private(set) var categories: [[String]] = []
    private(set) var notes: [Note] = []
    /// A ring. What waits was not looked up yet, so that its memory, which was asked for, can come in the meantime.
    private var waiting: InlineArray<32, Waiting>
    private var head = 0
    private var tail = 0
    /// Lists that ended, whether or not they wait.
    private var ended = 0
    /// Whether more than tables is wanted, for which nothing waits.
    private let isLooking: Bool
    /// Where the entries of the list at hand are, if looking.
    private var offsets: [Int] = []

    init(_ purpose: Purpose, bytes: Int = 0) {
        self.purpose = purpose
        if case .tables = purpose { isLooking = false } else { isLooking = true }
        waiting = InlineArray(repeating: Waiting(text: FileText(place: 0, offset: 0, count: 0, key: .init(word: 0))))
        if !isLooking {
            // An entry takes four bytes at least. What is reserved and not used takes no memory.
            applicants.lists.entries.reserveCapacity(bytes / 4)
            firms.lists.entries.reserveCapacity(bytes / 4)
        }
    }

    /// All that is looked for was found.
    var isDone: Bool { isLooking && notes.count >= InvalidMarket.limit }

    mutating func note(_ message: String, _ part: Part, at offset: Int) {
        if notes.count < InvalidMarket.limit { notes.append(Note(part: part, offset: offset, message: message)) }
    }

    // MARK: Entries

    /// The next entry of the list at hand. If it returns true, `settle` must be called.
    @inline(__always)
    mutating func entry(_ text: FileText, isTied: Bool, _ part: Part) -> Bool {
        switch part {
        case .applicants: firms.ids.prefetch(text.key)
        case .firms: applicants.ids.prefetch(text.key)
        }
        return wait(Waiting(text: text, mark: isTied ? RankedLists.tied : 0))
    }

    @inline(__always)
    private mutating func wait(_ next: Waiting) -> Bool {
        waiting[tail & (waiting.count - 1)] = next
        tail += 1
        return tail - head == waiting.count || isLooking
    }

    /// Looks up half of what waits, or all of it.
    mutating func settle(_ part: Part, _ texts: FileTexts, all: Bool = false) {
        let end = all || isLooking ? tail : head + waiting.count / 2
        while head < end {
            let next = waiting[head & (waiting.count - 1)]
            head += 1
            if next.isEnd {
                close(part, next.text, texts)
                continue
            }
            let found =
                switch part {
                case .applicants: applicants.take(next, naming: &firms.ids, texts)
                case .firms: firms.take(next, naming: &applicants.ids, texts)
                }
            if found.isRepeated || isLooking { look(part, at: next.text.place, Int(found.number), found.isRepeated) }
        }
    }

    /// Notes what is wrong with the entry that was taken last.
    private mutating func look(_ part: Part, at place: Int, _ number: Int, _ isRepeated: Bool) {
        if isLooking { offsets.append(place) }
        if !isKnown(number, part) {
            let kind = part == .applicants ? "firm or position" : "applicant or team"
            note("\"\(named(number, part))\" is no \(kind) of this market.", part, at: place)
        }
        if isRepeated { note("\"\(named(number, part))\" is ranked twice.", part, at: place) }
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
        if !categories.isEmpty {
            while self.categories.count < ended { self.categories.append([]) }
            self.categories.append(categories)
        }
        end(.applicants, id, texts)
    }

    mutating func endFirm(_ id: FileText, capacity: Int, capacityOffset: Int, in texts: FileTexts) {
        if capacity < 0 { note("Must be at least 0.", .firms, at: capacityOffset) }
        if capacity > 1_000_000_000 { note("Must be at most 1000000000.", .firms, at: capacityOffset) }
        self.capacity.append(Int32(clamping: capacity))
        end(.firms, id, texts)
    }

    private mutating func end(_ part: Part, _ id: FileText, _ texts: FileTexts) {
        ended += 1
        switch part {
        case .applicants: applicants.ids.prefetch(id.key)
        case .firms: firms.ids.prefetch(id.key)
        }
        let isFull = wait(Waiting(text: id, isEnd: true))
        // Texts that are not as the file has them are forgotten after each list.
        if isFull || texts.isDecoding { settle(part, texts, all: texts.isDecoding) }
    }

    /// To be called after the last list of a part.
    mutating func endPart(_ part: Part, _ texts: FileTexts) {
        settle(part, texts, all: true)
        ended = 0
    }

    private mutating func close(_ part: Part, _ id: FileText, _ texts: FileTexts) {
        let number = declare(id, part == .applicants ? "an applicant" : "a firm", part, in: texts)
        warn(number, part)
        switch part {
        case .applicants: applicants.end(number, keeps: !isLooking)
        case .firms: firms.end(number, keeps: !isLooking)
        }
    }

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
        guard isLooking else { return }
        defer { offsets.removeAll(keepingCapacity: true) }
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

    /// Appends an entry to the list at hand. Tells whether it was there already.
    @inline(__always)
    fileprivate mutating func take(
        _ next: TableBuilder.Waiting,
        naming ids: inout Interner,
        _ texts: FileTexts
    ) -> (number: Int32, isRepeated: Bool) {
        let found = texts.number(of: next.text, in: &ids, list: Int32(owners.count))
        lists.entries.append(found.number | next.mark)
        return found
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
