import CPostgres

/// The libpq handle of one connection. Only this folder calls libpq, and only on the event loop's thread, except for
/// the start of a connection and a cancel request, which block.
final class Wire {
    enum Progress { case done, blocked, failed }
    enum TransactionStatus: Sendable { case idle, active, inTransaction, inError, unknown }

    let handle: OpaquePointer
    /// A COMMIT was answered with the warning that it may not have reached the standby.
    var isCommitInDoubt = false
    private var parameters = ParameterScratch()

    init(handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        PQfinish(handle)
    }

    var socket: Int32 { PQsocket(handle) }
    var isBad: Bool { PQstatus(handle) == CONNECTION_BAD }
    var isBusy: Bool { PQisBusy(handle) != 0 }
    var message: String { String(cString: PQerrorMessage(handle)) }

    var transactionStatus: TransactionStatus {
        switch PQtransactionStatus(handle) {
        case PQTRANS_IDLE: .idle
        case PQTRANS_ACTIVE: .active
        case PQTRANS_INTRANS: .inTransaction
        case PQTRANS_INERROR: .inError
        default: .unknown
        }
    }

    // MARK: Pipeline mode

    func enterPipeline() -> Bool { PQenterPipelineMode(handle) == 1 }
    func leavePipeline() -> Bool { PQexitPipelineMode(handle) == 1 }
    func sync() -> Bool { PQpipelineSync(handle) == 1 }

    func prepare(name: String, _ sql: SQL) -> Bool {
        let types = sql.binds.map(\.type.rawValue)
        return PQsendPrepare(handle, name, sql.text, Int32(types.count), types) == 1
    }

    func runPrepared(name: String, _ binds: [SQL.Bind]) -> Bool {
        parameters.fill(binds) { count, values, lengths, formats in
            PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1) == 1
        }
    }

    func runUnnamed(_ sql: SQL) -> Bool {
        let types = sql.binds.map(\.type.rawValue)
        return parameters.fill(sql.binds) { count, values, lengths, formats in
            PQsendQueryParams(handle, sql.text, count, types, values, lengths, formats, 1) == 1
        }
    }

    // MARK: Outside pipeline mode

    func runScript(_ text: String) -> Bool { PQsendQuery(handle, text) == 1 }

    func putCopy(_ bytes: [UInt8]) -> Progress {
        bytes.withUnsafeBytes { bytes in
            progress(PQputCopyData(handle, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count)))
        }
    }

    /// Ends a COPY; with a reason, the server makes it fail.
    func endCopy(failure: String?) -> Progress { progress(PQputCopyEnd(handle, failure)) }

    private func progress(_ result: Int32) -> Progress {
        switch result {
        case 1: .done
        case 0: .blocked
        default: .failed
        }
    }

    // MARK: Reading and writing

    func flush() -> Progress {
        switch PQflush(handle) {
        case 0: .done
        case 1: .blocked
        default: .failed
        }
    }

    /// Reads what has arrived.
    func consume() -> Bool { PQconsumeInput(handle) == 1 }

    func nextNotification() -> Notification? {
        guard let raw = PQnotifies(handle) else { return nil }
        defer { PQfreemem(raw) }
        return Notification(channel: String(cString: raw.pointee.relname), payload: String(cString: raw.pointee.extra))
    }
}

/// Binds as the arrays that libpq takes; kept from one statement to the next.
private struct ParameterScratch {
    private var bytes: [UInt8] = []
    private var values: [UnsafePointer<CChar>?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    mutating func fill<Result>(
        _ binds: [SQL.Bind],
        _ send: (Int32, UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Result
    ) -> Result {
        bytes.removeAll(keepingCapacity: bytes.capacity < 1 << 20)
        values.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        for bind in binds {
            if let value = bind.bytes { bytes.append(contentsOf: value) }
            lengths.append(Int32(bind.bytes?.count ?? 0))
            formats.append(1)
        }
        // An empty value needs an address too: a null pointer would be NULL.
        bytes.append(0)
        return bytes.withUnsafeBytes { bytes in
            var next = bytes.bindMemory(to: CChar.self).baseAddress
            for (bind, length) in zip(binds, lengths) {
                values.append(bind.bytes == nil ? nil : next)
                next = next?.advanced(by: Int(length))
            }
            return send(Int32(binds.count), values, lengths, formats)
        }
    }
}
