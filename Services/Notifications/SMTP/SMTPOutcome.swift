/// The server has taken a mail.
struct SMTPAcceptance: Sendable, Equatable {
    let code: Int
    let reply: String
}

/// A mail was not taken, as far as is known.
struct SMTPFailure: Error, Sendable, Equatable, CustomStringConvertible {
    enum Kind: String, Sendable {
        /// The server could not be spoken with at all, or takes mail from nobody now: nothing is known of this mail.
        case unreachable
        /// It may work later.
        case transient
        /// It will never work.
        case permanent
        /// This process is stopping.
        case cancelled
    }

    let kind: Kind
    /// The server's last reply, such as 451 or 550.
    let code: Int?
    /// For staff; may hold the address. Not for logs.
    let reason: String

    /// Shows no data of people.
    var description: String { "SMTP \(kind.rawValue)" + (code.map { " \($0)" } ?? "") }
}
