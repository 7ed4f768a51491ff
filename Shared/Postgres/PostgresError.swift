/// What went wrong, as the server or the connection said it. `description` holds no data of rows; the detail is in
/// `String(reflecting:)`.
public struct PostgresError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable, Hashable {
        /// The server refused a statement: its SQLSTATE, such as `23505`.
        case server(sqlState: String)
        case connectionFailed, connectionLost, poolTimeout, deadlineExceeded, decoding, shutDown
        /// A COMMIT whose outcome is unknown.
        case commitUnknown
    }
    public let code: Code
    /// The constraint that was violated, if that is what happened.
    public var constraint: String?
    public var message: String
    public var detail: String?

    public init(_ code: Code, message: String, constraint: String? = nil, detail: String? = nil) {
        self.code = code
        self.message = message
        self.constraint = constraint
        self.detail = detail
    }

    public var sqlState: String? {
        if case .server(let state) = code { state } else { nil }
    }

    public var description: String { "PostgreSQL: \(code)" }
}
