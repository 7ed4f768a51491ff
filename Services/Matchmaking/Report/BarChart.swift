import Foundation

/// Horizontal bars as they are drawn: an SVG with a title and a description, for eyes and for screen readers alike.
/// The numbers also stand in a table beside it.
struct BarChart: Sendable {
    struct Bar: Sendable {
        /// Of the row, from the top.
        let y: Int
        let textY: Int
        let label: String
        let value: String
        let width: Int
        /// The part of the row that is left, such as places nobody has.
        let restX: Int
        let restWidth: Int
        let hasRest: Bool
        let valueX: Int
    }

    struct Row: Sendable {
        let label: String
        let value: String
        let amount: Int
        var rest = 0
    }

    /// Rows beyond this are left to the table.
    static let maximumRows = 60
    private static let (labelWidth, barWidth, rowHeight) = (200, 340, 26)

    let id: String
    let title: String
    /// Every row in words.
    let description: String
    let height: Int
    let bars: [Bar]

    init(id: String, title: String, rows: [Row]) {
        self.id = id
        self.title = title
        let rows = rows.prefix(Self.maximumRows)
        description = rows.map { "\($0.label): \($0.value)" }.joined(separator: "; ")
        height = max(1, rows.count) * Self.rowHeight + 8
        let longest = max(1, rows.map { $0.amount + $0.rest }.max() ?? 1)
        bars = rows.enumerated().map { index, row in
            let width = row.amount * Self.barWidth / longest
            let whole = (row.amount + row.rest) * Self.barWidth / longest
            return Bar(
                y: index * Self.rowHeight + 6,
                textY: index * Self.rowHeight + 20,
                label: Self.shortened(row.label),
                value: row.value,
                width: width,
                restX: Self.labelWidth + width,
                restWidth: whole - width,
                hasRest: row.rest > 0,
                valueX: Self.labelWidth + whole + 8
            )
        }
    }

    /// What fits beside the bars; wide characters count twice.
    static func shortened(_ label: String) -> String {
        var (text, width) = ("", 0)
        for character in label {
            width += character.unicodeScalars.contains { $0.value >= 0x1100 } ? 2 : 1
            guard width <= 24 else { return text + "…" }
            text.append(character)
        }
        return text
    }
}
