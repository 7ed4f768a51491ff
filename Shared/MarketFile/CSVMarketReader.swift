public import MatchingEngine

/// Reads a market from two tables: `applicants.csv` with `id,choice1,choice2,…` and `firms.csv` with
/// `id,capacity,ranking`, where a ranking is ids with spaces between. `a=b` ties. The first line names the columns.
public struct CSVMarketReader {
    private var market = MarketInput()
    /// Where each applicant's and each firm's cells begin.
    private var applicantCells: [[Int]] = []
    private var firmCells: [[Int]] = []

    public static let applicantsFile = "applicants.csv"
    public static let firmsFile = "firms.csv"

    private init() {}

    public static func read(
        applicants: [UInt8],
        firms: [UInt8]
    ) throws(InvalidFile) -> (market: Market, warnings: [FileFault]) {
        var reader = CSVMarketReader()
        do throws(FileFault) {
            try reader.readApplicants(applicants)
        } catch {
            throw InvalidFile([error.in(applicantsFile)])
        }
        do throws(FileFault) {
            try reader.readFirms(firms)
        } catch {
            throw InvalidFile([error.in(firmsFile)])
        }
        let located = { (fault: MarketFault) in reader.locate(fault, applicants, firms) }
        do throws(InvalidMarket) {
            let market = try Market(reader.market)
            return (market, market.warnings.map(located))
        } catch {
            throw InvalidFile(error.faults.map(located))
        }
    }

    private mutating func readApplicants(_ bytes: [UInt8]) throws(FileFault) {
        var scanner = CSVScanner(bytes)
        try expectHeader(["id"], &scanner)
        while let cells = try scanner.row() {
            let choices = cells.dropFirst().filter { !$0.text.isEmpty }
            market.applicants.append(.init(id: cells[0].text, ranking: choices.map { Self.tied($0.text) }))
            applicantCells.append([cells[0].offset] + choices.map(\.offset))
        }
    }

    private mutating func readFirms(_ bytes: [UInt8]) throws(FileFault) {
        var scanner = CSVScanner(bytes)
        try expectHeader(["id", "capacity", "ranking"], &scanner)
        while let cells = try scanner.row() {
            guard cells.count == 2 || cells.count == 3 else {
                throw scanner.fault("Expected three cells: id, capacity, ranking.", at: cells[0].offset)
            }
            guard let capacity = Int(cells[1].text) else {
                throw scanner.fault("The capacity must be a whole number.", at: cells[1].offset)
            }
            let ranking = cells.count == 3 ? cells[2].text.split(separator: " ").map { Self.tied(String($0)) } : []
            market.firms.append(.init(id: cells[0].text, capacity: capacity, ranking: ranking))
            firmCells.append(cells.map(\.offset))
        }
    }

    private static func tied(_ cell: String) -> [String] {
        cell.split(separator: "=").map { $0.split(separator: " ").joined(separator: " ") }.filter { !$0.isEmpty }
    }

    private func expectHeader(_ names: [String], _ scanner: inout CSVScanner) throws(FileFault) {
        let header = try scanner.row()
        let found = (header ?? []).map { $0.text.lowercased() }
        guard found.starts(with: names) else {
            throw scanner.fault("The first line must begin with \(names.joined(separator: ",")).", at: 0)
        }
    }

    private func locate(_ fault: MarketFault, _ applicants: [UInt8], _ firms: [UInt8]) -> FileFault {
        let path = fault.pointer.split(separator: "/")
        let isFirm = path.first == "firms"
        let cells = isFirm ? firmCells : applicantCells
        let row = path.count > 1 ? Int(path[1]) ?? 0 : 0
        let column =
            switch path.dropFirst(2).first {
            case "capacity", "minimum": 1
            case "ranking": isFirm ? 2 : 1 + (path.count > 3 ? Int(path[3]) ?? 0 : 0)
            default: 0
            }
        let offset = row < cells.count && column < cells[row].count ? cells[row][column] : 0
        return FileFault(fault.message, at: offset, in: isFirm ? firms : applicants)
            .in(isFirm ? Self.firmsFile : Self.applicantsFile)
    }
}

extension FileFault {
    func `in`(_ file: String) -> FileFault {
        var fault = self
        fault.file = file
        return fault
    }
}
