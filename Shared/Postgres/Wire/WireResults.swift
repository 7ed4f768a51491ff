import CPostgres

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
        let status = PQresultStatus(result)
        if status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY {
            return .pipeline(.completed(StatementResult(result)))
        }
        defer { PQclear(result) }
        switch status {
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
