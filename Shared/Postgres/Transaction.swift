/// A transaction in progress. It can't be copied or kept beyond the closure that it is lent to.
public struct Transaction: ~Copyable, Sendable {
    /// The settings that the transaction was begun with.
    public let settings: [String: String]
    let session: Session

    @discardableResult
    public nonisolated(nonsending) borrowing func query(_ sql: SQL) async throws -> [Row] {
        try await session.run(sql).rows
    }

    @discardableResult
    public nonisolated(nonsending) borrowing func execute(_ sql: SQL) async throws -> Int {
        try await session.run(sql).affected
    }

    /// Sends a statement without waiting for its result. Its failure is thrown by the next `query` or `execute`, or by
    /// the commit.
    public borrowing func enqueue(_ sql: SQL) {
        session.enqueue(sql)
    }

    /// Sets a setting for the rest of the transaction, with the next statement. What it has just set it does not send
    /// again, so the setting must not be changed in another way.
    public borrowing func setLocal(_ name: String, to value: String) {
        session.setLocal(name, to: value)
    }

    /// Runs `body` under a savepoint: if it throws, what it did is undone and the transaction lives on.
    public nonisolated(nonsending) borrowing func savepoint<Result: Sendable>(
        _ body: (borrowing Transaction) async throws -> Result
    ) async throws -> Result {
        let mark = session.beginSavepoint()
        do {
            let result = try await body(self)
            try await session.release(mark)
            return result
        } catch {
            await session.rollBack(to: mark)
            throw error
        }
    }

    /// After the commit, and only then, sends NOTIFY on `channel`. Rings of one channel that fall together are one
    /// NOTIFY, outside the transaction; the last ring is never dropped while the database runs as a service.
    public borrowing func notifyAfterCommit(_ channel: String) {
        session.notifyAfterCommit(channel)
    }
}
