extension MailCatcher {
    public struct Options: Sendable {
        public var host = "127.0.0.1"
        /// 0 for a free one.
        public var port = 0
        public var security = Security.plain
        /// Whoever sends mail has to sign in with these.
        public var credentials: Credentials?
        /// The largest message that is taken, in bytes.
        public var maximumMessageSize = 10 << 20
        /// How many messages are kept, and how many bytes of them; the oldest go first.
        public var capacity = 10_000
        public var capacityBytes = 256 << 20

        public init() {}
    }

    public enum Security: Sendable, Equatable {
        case plain
        /// STARTTLS is offered, and mail refused without it if `isRequired`.
        case startTLS(isRequired: Bool)
        /// TLS from the first byte (`smtps://`).
        case implicitTLS
    }

    public struct Credentials: Sendable, Equatable {
        public let user: String
        public let password: String
        public init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }
}
