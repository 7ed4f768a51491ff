import Domain
import Postgres

/// What becomes of a message whose handler threw.
enum Failure: Sendable, Equatable {
    case retry(after: Duration, error: String)
    case dead(error: String)

    init(of error: any Error, attempt: Int, policy: RetryPolicy) {
        let text = Self.text(of: error)
        switch error {
        case is UnreadableMessage, is UnknownVersion, is WorkerEnded:
            self = .dead(error: text)
        case MessageDisposition.discard(let reason):
            self = .dead(error: "discarded: \(reason)")
        case MessageDisposition.retry(let after) where attempt < policy.maximumAttempts:
            self = .retry(after: after, error: "asked to be tried again")
        default:
            self =
                attempt < policy.maximumAttempts
                ? .retry(after: policy.backoff(after: attempt), error: text) : .dead(error: text)
        }
    }

    /// The error's type, and what it says of itself. Only errors that describe themselves are quoted: the fields that
    /// Swift would otherwise print may hold a person's data.
    static func text(of error: any Error) -> String {
        let type = String(describing: Swift.type(of: error))
        let words =
            switch error {
            case let error as DecodingError: error.summary
            case let error as any CustomStringConvertible: error.description
            default:
                Mirror(reflecting: error).displayStyle == .enum && Mirror(reflecting: error).children.isEmpty
                    ? "\(error)" : ""
            }
        return String((words.isEmpty ? type : "\(type): \(words)").prefix(500))
    }
}

/// The body does not have the form that its type promises.
struct UnreadableMessage: Error, CustomStringConvertible {
    let cause: any Error
    var description: String { Failure.text(of: cause) }
}

/// A version of a known type that this subscription has no handler for.
struct UnknownVersion: Error, CustomStringConvertible {
    let type: String
    var description: String { "no handler for \(type), though for another version of it" }
}

/// Workers ended again and again while they handled the message.
struct WorkerEnded: Error, CustomStringConvertible {
    let attempts: Int
    var description: String { "the worker ended \(attempts) times while handling it" }
}

/// Another worker has gone on from where this one stood: what it did in the meantime must be rolled back.
struct LaneLost: Error {
    init() {}

    /// Recognises the ledger's fence in the server's answer.
    init?(_ error: any Error) {
        guard let error = error as? PostgresError else { return nil }
        guard error.sqlState == "TWQ01" || (error.sqlState == "23505" && error.constraint == "ledger_pkey") else {
            return nil
        }
    }
}

/// A connection was not to be had, or the lane could not be read: it stands as it did, and is still this worker's.
struct LaneNotReached: Error {
    let lane: LaneCursor
    let cause: any Error
}

extension DecodingError {
    /// Where and what, without the values.
    fileprivate var summary: String {
        let (kind, context) =
            switch self {
            case .typeMismatch(let type, let context): ("not a \(type)", context)
            case .valueNotFound(let type, let context): ("no \(type)", context)
            case .keyNotFound(let key, let context): ("no key \(key.stringValue)", context)
            case .dataCorrupted(let context): ("malformed", context)
            @unknown default: ("malformed", Context(codingPath: [], debugDescription: ""))
            }
        return "\(kind) at /\(context.codingPath.map(\.stringValue).joined(separator: "/"))"
    }
}
