import CPostgres
import Glibc

/// What a statement came to: its rows, how many it touched and its command tag. Nothing is copied out of libpq's result
/// before it is asked for.
@usableFromInline
final class StatementResult: Sendable {
    /// libpq never changes a result that it has handed out, and lets any thread read it; it is freed with this object.
    private nonisolated(unsafe) let result: OpaquePointer

    init(_ result: OpaquePointer) {
        self.result = result
    }

    deinit {
        PQclear(result)
    }

    var rowCount: Int { Int(PQntuples(result)) }
    @usableFromInline var columnCount: Int { Int(PQnfields(result)) }
    var rows: [Row] { (0..<rowCount).map { Row(result: self, index: $0) } }
    var affected: Int { PQcmdTuples(result).map { atol($0) } ?? 0 }
    var tag: String { PQcmdStatus(result).map { String(cString: $0) } ?? "" }

    func name(of column: Int) -> String {
        PQfname(result, Int32(column)).map { String(cString: $0) } ?? ""
    }

    func position(of column: String) -> Int? {
        column.withCString { name in
            (0..<columnCount).first { PQfname(result, Int32($0)).map { strcmp($0, name) == 0 } ?? false }
        }
    }

    @inlinable
    func decode<Value: PostgresDecodable>(_ type: Value.Type, row: Int, column: Int) throws -> Value {
        do {
            let (bytes, type) = field(row: row, column: column)
            guard let bytes else { return try Value.decodeNull() }
            return try Value(postgres: bytes, type: type)
        } catch {
            throw failure(error, in: column)
        }
    }

    /// The bytes of a field, `nil` for NULL, and its type. They live as long as the result.
    @usableFromInline
    func field(row: Int, column: Int) -> (UnsafeRawBufferPointer?, PostgresType) {
        let (line, field) = (Int32(row), Int32(column))
        let type = PostgresType(rawValue: PQftype(result, field))
        let length = PQgetlength(result, line, field)
        if length == 0, PQgetisnull(result, line, field) == 1 { return (nil, type) }
        return (UnsafeRawBufferPointer(start: PQgetvalue(result, line, field), count: Int(length)), type)
    }

    @usableFromInline
    func failure(_ error: any Error, in column: Int) -> any Error {
        guard var error = error as? PostgresError else { return error }
        error.message = "column \(name(of: column)): \(error.message)"
        return error
    }
}
