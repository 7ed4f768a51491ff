import CPostgres

/// What a statement came to: its rows, how many it touched and its command tag.
struct StatementResult: Sendable {
    let table: ResultTable
    let rowCount: Int
    let affected: Int
    let tag: String

    var rows: [Row] { (0..<rowCount).map { Row(table: table, index: $0) } }
}

/// One result of libpq.
enum WireEvent {
    case pipeline(PipelineStateMachine<StatementResult>.Event)
    case copyIn
    /// COPY where it can't be, which leaves the connection useless.
    case unsupported
}

extension Wire {
    /// The next result. To be called only while libpq is not busy and something is expected.
    func nextEvent() -> WireEvent {
        guard let result = PQgetResult(handle) else { return .pipeline(.end) }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: return .pipeline(.completed(Self.statement(result)))
        case PGRES_PIPELINE_SYNC: return .pipeline(.sync)
        case PGRES_PIPELINE_ABORTED: return .pipeline(.aborted)
        case PGRES_COPY_IN: return .copyIn
        case PGRES_COPY_OUT, PGRES_COPY_BOTH: return .unsupported
        default: return .pipeline(.failed(Self.failure(result, connectionMessage: message)))
        }
    }

    /// Notes the warning that makes a COMMIT doubtful; other notices are of no concern here.
    func observeNotices() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = PQsetNoticeReceiver(
            handle,
            { context, result in
                guard let context, let result, Wire.doubtsReplication(result) else { return }
                Unmanaged<Wire>.fromOpaque(context).takeUnretainedValue().isCommitInDoubt = true
            },
            context
        )
    }

    private static func doubtsReplication(_ result: OpaquePointer) -> Bool {
        guard field("V", of: result) == "WARNING" else { return false }
        if field("R", of: result)?.hasPrefix("SyncRep") == true { return true }
        return [field("M", of: result), field("D", of: result)].contains { $0?.contains("replicat") == true }
    }

    private static func statement(_ result: OpaquePointer) -> StatementResult {
        let rowCount = Int(PQntuples(result))
        let affected = PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
        let tag = PQcmdStatus(result).map { String(cString: $0) } ?? ""
        return StatementResult(table: table(result), rowCount: rowCount, affected: affected, tag: tag)
    }

    private static func table(_ result: OpaquePointer) -> ResultTable {
        let columns = (0..<PQnfields(result)).map { column in
            ResultTable.Column(
                name: PQfname(result, column).map { String(cString: $0) } ?? "",
                type: PostgresType(rawValue: PQftype(result, column))
            )
        }
        let rowCount = PQntuples(result)
        var cells: [ResultTable.Cell] = []
        cells.reserveCapacity(Int(rowCount) * columns.count)
        var bytes: [UInt8] = []
        for row in 0..<rowCount {
            for column in 0..<Int32(columns.count) {
                let length = Int(PQgetlength(result, row, column))
                let isNull = length == 0 && PQgetisnull(result, row, column) == 1
                cells.append(ResultTable.Cell(offset: bytes.count, length: isNull ? -1 : length))
                if length > 0, let value = PQgetvalue(result, row, column) {
                    bytes.append(contentsOf: UnsafeRawBufferPointer(start: value, count: length))
                }
            }
        }
        return ResultTable(columns: columns, cells: cells, bytes: bytes)
    }

    private static func failure(_ result: OpaquePointer, connectionMessage: String) -> PostgresError {
        guard let state = field("C", of: result) else {
            return PostgresError(.connectionLost, message: connectionMessage)
        }
        var error = PostgresError(
            .server(sqlState: state),
            message: field("M", of: result) ?? "",
            constraint: field("n", of: result),
            detail: field("D", of: result) ?? field("H", of: result)
        )
        error.isFatal = field("V", of: result) != "ERROR"
        error.isStaleStatement =
            state == "26000" || state == "0A000" && field("R", of: result) == "RevalidateCachedQuery"
        return error
    }

    /// A field of an error or notice by its letter in the protocol.
    private static func field(_ letter: Unicode.Scalar, of result: OpaquePointer) -> String? {
        PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
    }
}
