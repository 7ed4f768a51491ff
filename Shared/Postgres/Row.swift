/// One row of a result, in binary form.
public struct Row: Sendable {
    @usableFromInline let result: StatementResult
    @usableFromInline let index: Int

    /// Decodes all columns from left to right: `let (id, name) = try row.decode(UUID.self, String?.self)`.
    /// Throws `PostgresError` with the column's name if the count, a type or a NULL does not fit.
    public func decode<each Value: PostgresDecodable>(_ types: repeat (each Value).Type) throws -> (repeat each Value) {
        var count = 0
        for _ in repeat each types { count += 1 }
        guard count == result.columnCount else {
            throw PostgresError(.decoding, message: "\(result.columnCount) columns where \(count) were expected")
        }
        var column = -1
        func next<Next: PostgresDecodable>(_ type: Next.Type) throws -> Next {
            column += 1
            return try result.decode(type, row: index, column: column)
        }
        return (repeat try next(each types))
    }

    /// Decodes one column by its place, from 0: the cheapest way.
    @inlinable
    public func decode<Value: PostgresDecodable>(_ type: Value.Type, at column: Int) throws -> Value {
        guard column < result.columnCount else {
            throw PostgresError(.decoding, message: "no column \(column)")
        }
        return try result.decode(type, row: index, column: column)
    }

    /// Whether a column, by its place, is NULL.
    public func isNull(at column: Int) -> Bool {
        column < result.columnCount && result.field(row: index, column: column).0 == nil
    }

    /// Decodes one column by its name.
    public func decode<Value: PostgresDecodable>(_ type: Value.Type, column: String) throws -> Value {
        guard let position = result.position(of: column) else {
            throw PostgresError(.decoding, message: "no column \(column)")
        }
        return try result.decode(type, row: index, column: position)
    }
}
