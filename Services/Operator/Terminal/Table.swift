/// Rows of text in columns that line up; numbers go to the right.
struct Table: Sendable {
    var header: [String]
    var rows: [[String]] = []

    init(_ header: String...) {
        self.header = header
    }

    mutating func add(_ cells: String...) {
        rows.append(cells)
    }

    var text: String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].terminalWidth }.max() ?? 0 }
        let right = header.indices.map { column in
            !rows.isEmpty && rows.allSatisfy { $0[column].first?.isNumber ?? false }
        }
        return all.map { row in
            let cells = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.terminalWidth)
                return right[column] ? space + cell : cell + space
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }
}

extension String {
    /// How many columns a terminal takes for it: two for each wide character of East Asia.
    var terminalWidth: Int {
        reduce(0) { width, character in
            let wide = character.unicodeScalars.first.map {
                (0x1100...0x115f).contains($0.value) || (0x2e80...0xa4cf).contains($0.value)
                    || (0xac00...0xd7a3).contains($0.value) || (0xf900...0xfaff).contains($0.value)
                    || (0xfe30...0xfe6f).contains($0.value) || (0xff00...0xff60).contains($0.value)
                    || (0x20000...0x3fffd).contains($0.value)
            }
            return width + (wide == true ? 2 : 1)
        }
    }
}
