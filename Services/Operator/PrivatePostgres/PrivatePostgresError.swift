/// A failure that the operator can act on: what happened, and what to do about it.
public struct PrivatePostgresError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        case notInstalled, versionMismatch, noServerAccount, permission, diskFull, inUse, startFailed
    }

    public let kind: Kind
    public let message: String
    /// What mends it, as an instruction.
    public let hint: String?

    init(_ kind: Kind, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    public var description: String { hint.map { "\(message)\n\($0)" } ?? message }
}
