/// What went wrong, as the server or the connection said it. `description` holds no data of rows; the detail is in
/// `String(reflecting:)`.
public struct PostgresError: Error, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    public enum Code: Sendable, Hashable {
        /// The server refused a statement: its SQLSTATE, such as `23505`.
        case server(sqlState: String)
        /// `connectionLost`: whether the statement in flight had an effect is not known.
        case connectionFailed, connectionLost, poolTimeout, deadlineExceeded, decoding, shutDown
        /// A COMMIT whose outcome is unknown.
        case commitUnknown
    }
    public let code: Code
    /// The constraint that was violated, if that is what happened.
    public var constraint: String?
    public var message: String
    public var detail: String?
    /// The text of the statement, without its binds.
    public internal(set) var statement: String?
    /// The server ends the connection with it.
    var isFatal = false
    /// The server no longer knows the prepared statement, or its result has other columns now. It did not run.
    var isStaleStatement = false

    public init(_ code: Code, message: String, constraint: String? = nil, detail: String? = nil) {
        self.code = code
        self.message = message
        self.constraint = constraint
        self.detail = detail
    }

    public var sqlState: String? {
        if case .server(let state) = code { state } else { nil }
    }

    public var description: String {
        switch code {
        case .server(let state): "PostgreSQL: SQLSTATE \(state)" + (constraint.map { " on \($0)" } ?? "")
        // What the server says may quote values; what is said here never does.
        case .connectionFailed, .poolTimeout, .decoding: "PostgreSQL: \(code): \(message)"
        case .connectionLost, .deadlineExceeded, .shutDown, .commitUnknown: "PostgreSQL: \(code)"
        }
    }

    public var debugDescription: String {
        [description, message, detail, statement].compactMap(\.self).joined(separator: "\n")
    }
}
