internal import CMemory
internal import MatchingEngine

/// Reads a plain market, as often as it takes.
struct TableLoader {
    private static let large = 16 << 20

    /// How many bytes there are to read.
    private let size: Int
    /// Runs through the files and hands what it meets to the builder; always in the same way.
    private let scan: (inout TableBuilder) throws(FileFault) -> Void

    private let progress: MatchingProgress?

    init(
        size: Int,
        progress: MatchingProgress?,
        scan: @escaping (inout TableBuilder) throws(FileFault) -> Void
    ) {
        self.size = size
        self.progress = progress
        self.scan = scan
    }

    enum Result {
        case market(Market, warnings: [TableBuilder.Note])
        case faults([TableBuilder.Note])
    }

    func load() throws(FileFault) -> Result {
        var builder = TableBuilder(.tables, bytes: size)
        try scan(&builder)
        guard builder.notes.isEmpty, builder.isComplete else {
            let declared = (builder.applicants.isDeclared, builder.firms.isDeclared)
            builder = TableBuilder(.tables)
            return .faults(try notes(.faults(applicants: declared.0, firms: declared.1)))
        }
        let (tables, numbering) = builder.finish()
        if size >= Self.large { release_unused_memory() }
        progress?(.ranking)
        let market = Market(tables)
        return .market(market, warnings: market.oneSided > 0 ? try notes(.warnings(market, numbering)) : [])
    }

    private func notes(_ purpose: TableBuilder.Purpose) throws(FileFault) -> [TableBuilder.Note] {
        var builder = TableBuilder(purpose)
        do throws(FileFault) {
            try scan(&builder)
        } catch {
            // The scan stops as soon as the builder is done.
            guard builder.isDone else { throw error }
        }
        return builder.notes
    }
}

extension FileFault {
    /// In one run through the bytes.
    static func located(_ notes: [(message: String, offset: Int)], in bytes: FileBytes) -> [FileFault] {
        var line = 1
        var column = 1
        var read = 0
        var faults: [Int: FileFault] = [:]
        for index in notes.indices.sorted(by: { (notes[$0].offset, $0) < (notes[$1].offset, $1) }) {
            for byte in bytes[read..<max(read, min(notes[index].offset, bytes.count))] {
                if byte == UInt8(ascii: "\n") {
                    line += 1
                    column = 1
                } else if byte & 0xC0 != 0x80 {
                    column += 1
                }
            }
            read = max(read, min(notes[index].offset, bytes.count))
            faults[index] = FileFault(line: line, column: column, message: notes[index].message)
        }
        return notes.indices.compactMap { faults[$0] }
    }

    init(_ message: String, at offset: Int, in bytes: FileBytes) {
        self = Self.located([(message, offset)], in: bytes).first ?? FileFault(line: 1, column: 1, message: message)
    }
}
