public import MatchingEngine

/// Reads a market from two tables: `applicants.csv` with `id,choice1,choice2,…` and `firms.csv` with
/// `id,capacity,ranking`, where a ranking is ids with spaces between. `a=b` ties. The first line names the columns.
public struct CSVMarketReader {
    private let applicants: FileBytes
    private let firms: FileBytes
    private let progress: MatchingProgress?

    public static let applicantsFile = "applicants.csv"
    public static let firmsFile = "firms.csv"

    private static let step = 8 << 20

    /// The market, checked, and what is noteworthy about it, or every fault with its file, line and column.
    public static func read(
        applicants: FileBytes,
        firms: FileBytes,
        progress: MatchingProgress? = nil
    ) throws(InvalidFile) -> (market: Market, warnings: [FileFault]) {
        try applicants.checkSize(applicantsFile)
        try firms.checkSize(firmsFile)
        let reader = CSVMarketReader(applicants: applicants, firms: firms, progress: progress)
        let loader = TableLoader(size: applicants.count + firms.count, progress: progress) {
            (builder) throws(FileFault) in
            try reader.read(into: &builder)
        }
        let result: TableLoader.Result
        do throws(FileFault) {
            result = try loader.load()
        } catch {
            throw InvalidFile([error])
        }
        switch result {
        case .market(let market, let warnings): return (market, reader.located(warnings))
        case .faults(let faults): throw InvalidFile(reader.located(faults))
        }
    }

    private func read(into builder: inout TableBuilder) throws(FileFault) {
        do throws(FileFault) {
            try readApplicants(into: &builder)
        } catch {
            throw error.in(Self.applicantsFile)
        }
        do throws(FileFault) {
            try readFirms(into: &builder)
        } catch {
            throw error.in(Self.firmsFile)
        }
    }

    private func readApplicants(into builder: inout TableBuilder) throws(FileFault) {
        var scanner = CSVScanner(applicants)
        var texts = FileTexts(applicants)
        var cells: [CSVScanner.Cell] = []
        var told = 0
        try expectHeader(["id"], &scanner)
        while try scanner.row(&cells) {
            if builder.isDone { throw scanner.fault("Enough was found.", at: scanner.offset) }
            for cell in cells.dropFirst() {
                for (index, text) in cell.parts(separator: UInt8(ascii: "="), in: &texts).enumerated() {
                    if builder.entry(text, isTied: index > 0, .applicants) { builder.settle(.applicants, texts) }
                }
            }
            let id = id(cells[0], in: &texts)
            builder.endApplicant(id, categories: [], in: texts)
            texts.forget()
            tell(scanner.offset, &told, of: applicants, before: 0)
        }
        builder.endPart(.applicants, texts)
    }

    private func readFirms(into builder: inout TableBuilder) throws(FileFault) {
        var scanner = CSVScanner(firms)
        var texts = FileTexts(firms)
        var cells: [CSVScanner.Cell] = []
        var told = 0
        try expectHeader(["id", "capacity", "ranking"], &scanner)
        while try scanner.row(&cells) {
            if builder.isDone { throw scanner.fault("Enough was found.", at: scanner.offset) }
            guard cells.count == 2 || cells.count == 3 else {
                throw scanner.fault("Expected three cells: id, capacity, ranking.", at: cells[0].place)
            }
            guard let capacity = Int(cells[1].text(in: firms)) else {
                throw scanner.fault("The capacity must be a whole number.", at: cells[1].place)
            }
            for cell in cells.dropFirst(2) {
                for group in cell.parts(separator: UInt8(ascii: " "), in: &texts) {
                    for (index, text) in texts.parts(of: group, separator: UInt8(ascii: "=")).enumerated() {
                        if builder.entry(text, isTied: index > 0, .firms) { builder.settle(.firms, texts) }
                    }
                }
            }
            let id = id(cells[0], in: &texts)
            builder.endFirm(id, capacity: capacity, capacityOffset: cells[1].place, in: texts)
            texts.forget()
            tell(scanner.offset, &told, of: firms, before: applicants.count)
        }
        builder.endPart(.firms, texts)
    }

    /// An id may hold a sign of equality.
    private func id(_ cell: CSVScanner.Cell, in texts: inout FileTexts) -> FileText {
        if let plain = cell.plain, let whole = texts.trimmed(plain) { return whole }
        return texts.keep(cell.text(in: texts.bytes), place: cell.place)
    }

    private func tell(_ offset: Int, _ told: inout Int, of bytes: FileBytes, before: Int) {
        guard offset - told >= Self.step else { return }
        told = offset
        bytes.release(before: told)
        progress?(.reading(bytes: before + told, of: applicants.count + firms.count))
    }

    private func expectHeader(_ names: [String], _ scanner: inout CSVScanner) throws(FileFault) {
        var cells: [CSVScanner.Cell] = []
        _ = try scanner.row(&cells)
        let found = cells.map { $0.text(in: scanner.bytes).lowercased() }
        guard found.starts(with: names) else {
            throw scanner.fault("The first line must begin with \(names.joined(separator: ",")).", at: 0)
        }
    }

    private func located(_ notes: [TableBuilder.Note]) -> [FileFault] {
        [TableBuilder.Part.applicants, .firms].flatMap { part in
            let own = notes.filter { $0.part == part }.map { ($0.message, $0.offset) }
            return FileFault.located(own, in: part == .applicants ? applicants : firms)
                .map { $0.in(part == .applicants ? Self.applicantsFile : Self.firmsFile) }
        }
    }
}

extension FileFault {
    func `in`(_ file: String) -> FileFault {
        var fault = self
        fault.file = file
        return fault
    }
}
