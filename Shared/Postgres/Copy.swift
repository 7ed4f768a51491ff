extension Transaction {
    /// Copies rows in: the connection leaves pipeline mode for it. Tells how many rows there were.
    ///
    /// The values go in binary form, which the server does not convert: each bind's type must be its column's.
    public nonisolated(nonsending) borrowing func copy(
        into table: String,
        schema: String,
        columns: [String],
        rows: some Sequence<[SQL.Bind]>
    ) async throws -> Int {
        let names = columns.map(quoted(identifier:)).joined(separator: ", ")
        let target = "\(quoted(identifier: schema)).\(quoted(identifier: table))"
        return try await session.copy("COPY \(target) (\(names)) FROM STDIN (FORMAT binary)", rows: rows)
    }
}

extension Session {
    fileprivate nonisolated(nonsending) func copy(_ text: String, rows: some Sequence<[SQL.Bind]>) async throws -> Int {
        try await flush(with: nil)
        try settle(await connection.beginCopy(text, timeout: deadline))
        var encoder = CopyEncoder()
        for row in rows {
            encoder.append(row)
            guard encoder.isChunkFull else { continue }
            if Task.isCancelled { break }
            guard await connection.putCopy(encoder.takeChunk()) else { break }
        }
        encoder.finish()
        let isCancelled = Task.isCancelled
        if !isCancelled { _ = await connection.putCopy(encoder.takeChunk()) }
        let reply = await connection.endCopy(failure: isCancelled ? "cancelled" : nil)
        do {
            try settle(reply)
        } catch  where isCancelled {
            throw CancellationError()
        }
        return reply.outputs.last?.affected ?? 0
    }
}

/// PostgreSQL's binary COPY format.
private struct CopyEncoder {
    private var chunk: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + Array(repeating: 0, count: 8)

    var isChunkFull: Bool { chunk.count >= 1 << 16 }

    mutating func append(_ row: [SQL.Bind]) {
        chunk.append(bigEndian: Int16(clamping: row.count))
        for bind in row {
            chunk.append(bigEndian: Int32(bind.bytes?.count ?? -1))
            chunk.append(contentsOf: bind.bytes ?? [])
        }
    }

    mutating func finish() {
        chunk.append(bigEndian: Int16(-1))
    }

    mutating func takeChunk() -> [UInt8] {
        defer { chunk.removeAll(keepingCapacity: true) }
        return chunk
    }
}
