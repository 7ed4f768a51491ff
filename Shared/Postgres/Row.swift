/// One row of a result, in binary form.
public struct Row: Sendable {
    let table: ResultTable
    let index: Int

    /// Decodes all columns from left to right: `let (id, name) = try row.decode(UUID.self, String?.self)`.
    /// Throws `PostgresError` with the column's name if the count, a type or a NULL does not fit.
    public func decode<each Value: PostgresDecodable>(_ types: repeat (each Value).Type) throws -> (repeat each Value) {
        var count = 0
        for _ in repeat each types { count += 1 }
        guard count == table.columns.count else {
            throw PostgresError(.decoding, message: "\(table.columns.count) columns where \(count) were expected")
        }
        var column = -1
        func next<Next: PostgresDecodable>(_ type: Next.Type) throws -> Next {
            column += 1
            return try table.decode(type, row: index, column: column)
        }
        return (repeat try next(each types))
    }

    /// Decodes one column by its name.
    public func decode<Value: PostgresDecodable>(_ type: Value.Type, column: String) throws -> Value {
        guard let position = table.columns.firstIndex(where: { $0.name == column }) else {
            throw PostgresError(.decoding, message: "no column \(column)")
        }
        return try table.decode(type, row: index, column: position)
    }
}

/// The rows of a statement: all values one after the other, and where each ends.
final class ResultTable: Sendable {
    struct Column: Sendable, Hashable {
        let name: String
        let type: PostgresType
    }

    /// Where a value lies in `bytes`; a negative length is NULL.
    struct Cell: Sendable {
        let offset: Int
        let length: Int
    }

    let columns: [Column]
    private let cells: [Cell]
    private let bytes: [UInt8]

    init(columns: [Column], cells: [Cell], bytes: [UInt8]) {
        self.columns = columns
        self.cells = cells
        self.bytes = bytes
    }

    func decode<Value: PostgresDecodable>(_ type: Value.Type, row: Int, column: Int) throws -> Value {
        let cell = cells[row * columns.count + column]
        do {
            if cell.length < 0 { return try Value.decodeNull() }
            return try bytes.withUnsafeBytes { bytes in
                let value = UnsafeRawBufferPointer(rebasing: bytes[cell.offset..<cell.offset + cell.length])
                return try Value(postgres: value, type: columns[column].type)
            }
        } catch var error as PostgresError {
            error.message = "column \(columns[column].name): \(error.message)"
            throw error
        }
    }
}
