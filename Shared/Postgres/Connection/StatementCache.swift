/// The prepared statements of one connection by their text; the one that was not used for longest goes first.
struct StatementCache {
    private struct Entry {
        let name: String
        let types: [PostgresType]
        var lastUse: UInt64
    }

    enum Lookup: Equatable {
        case known(name: String)
        case new(name: String)
        /// Statements are not prepared here.
        case unnamed
    }

    let capacity: Int
    private var entries: [String: Entry] = [:]
    private var uses: UInt64 = 0
    private var lastNumber = 0
    /// Names that the server still knows, though nothing refers to them any more.
    private(set) var evicted: [String] = []
    /// The server's statements are not what is written here: they are to be dropped all together.
    private(set) var isStale = false

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { entries.count }

    mutating func find(_ sql: SQL) -> Lookup {
        if capacity == 0 { return .unnamed }
        uses += 1
        if let index = entries.index(forKey: sql.text) {
            if entries.values[index].types.elementsEqual(sql.binds.lazy.map(\.type)) {
                entries.values[index].lastUse = uses
                return .known(name: entries.values[index].name)
            }
            evict(sql.text)
        } else if entries.count >= capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            evict(oldest.key)
        }
        lastNumber += 1
        let name = "s\(lastNumber)"
        entries[sql.text] = Entry(name: name, types: sql.binds.map(\.type), lastUse: uses)
        return .new(name: name)
    }

    /// The server refused to prepare it.
    mutating func forget(name: String) {
        guard let text = entries.first(where: { $0.value.name == name })?.key else { return }
        entries[text] = nil
    }

    mutating func markStale() {
        isStale = true
    }

    /// What to send before the next batch so that the server keeps no more than is written here.
    mutating func cleanUp() -> [String] {
        defer { evicted = [] }
        if isStale {
            isStale = false
            entries = [:]
            return ["DEALLOCATE ALL"]
        }
        return evicted.map { "DEALLOCATE \($0)" }
    }

    private mutating func evict(_ text: String) {
        if let entry = entries.removeValue(forKey: text) { evicted.append(entry.name) }
    }
}
