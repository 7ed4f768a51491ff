import CPostgres
import Glibc

/// What a statement came to: its rows, how many it touched and its command tag. Nothing is copied out of libpq's result
/// before it is asked for.
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
    var columnCount: Int { Int(PQnfields(result)) }
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

    func decode<Value: PostgresDecodable>(_ type: Value.Type, row: Int, column: Int) throws -> Value {
        let (line, field) = (Int32(row), Int32(column))
        let length = PQgetlength(result, line, field)
        do {
            if length == 0, PQgetisnull(result, line, field) == 1 { return try Value.decodeNull() }
            let value = UnsafeRawBufferPointer(start: PQgetvalue(result, line, field), count: Int(length))
            return try Value(postgres: value, type: PostgresType(rawValue: PQftype(result, field)))
        } catch var error as PostgresError {
            error.message = "column \(name(of: column)): \(error.message)"
            throw error
        }
    }
}
