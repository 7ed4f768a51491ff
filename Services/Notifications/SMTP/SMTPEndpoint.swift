import Domain
import Foundation

/// Where mail is handed in, and how.
struct SMTPEndpoint: Sendable {
    enum TLS: String, Sendable, CaseIterable {
        /// STARTTLS where it is offered; the certificate is not checked.
        case opportunistic
        /// No mail without it, and the certificate has to be valid.
        case required
        case off
    }

    let host: String
    let port: Int
    let isImplicitTLS: Bool
    let user: String?
    var password: String?
    var tls: TLS
    /// PEM file of the authorities to trust instead of the system's.
    var authorities: String?
    var connectTimeout: Duration = .seconds(10)
    /// For the whole conversation about one mail.
    var timeout: Duration = .seconds(60)
    /// What the client calls itself in EHLO.
    var clientName = "localhost"

    /// Parses `smtp://user@host:587` or `smtps://user@host`. With a user, TLS is required unless the host is this machine.
    init(url: String) throws(InvalidValue) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            ["smtp", "smtps"].contains(scheme), let host = parts.host, !host.isEmpty,
            parts.path.isEmpty || parts.path == "/"
        else { throw InvalidValue("must look like smtp://user@host:587 or smtps://host") }
        guard parts.password == nil else { throw InvalidValue("must not hold the password: it goes to smtp.password") }
        self.host = host
        isImplicitTLS = scheme == "smtps"
        port = parts.port ?? (isImplicitTLS ? 465 : 25)
        user = parts.user
        let bare = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        let isLocal = bare == "localhost" || bare == "::1" || bare.hasPrefix("127.")
        tls = isImplicitTLS || (user != nil && !isLocal) ? .required : .opportunistic
    }

    /// The URL for libcurl, which takes the path for the name in EHLO.
    var url: String { "\(isImplicitTLS ? "smtps" : "smtp")://\(host):\(port)/\(clientName)" }
}
