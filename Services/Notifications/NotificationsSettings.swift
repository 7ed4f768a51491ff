import Configuration
import Domain
import Foundation
import ServiceKit

/// What the service reads from its configuration.
struct NotificationsSettings: Sendable {
    static let keys = [
        ConfigurationKey(
            "smtp.url",
            "where mail is handed in: smtp://user@host:587 or smtps://host; without it mails wait"
        ),
        ConfigurationKey("smtp.password", "the user's password", isSecret: true),
        ConfigurationKey("smtp.password.file", "a file that holds the password instead"),
        ConfigurationKey(
            "smtp.tls",
            "required, opportunistic or off",
            default: "required with a user, unless the host is this machine; else opportunistic"
        ),
        ConfigurationKey("smtp.ca.file", "PEM file of the authorities to trust", default: "the system's"),
        ConfigurationKey("smtp.timeout.seconds", "how long the conversation about one mail may last", default: "60"),
        ConfigurationKey("mail.from", "the sender: address, or Name <address>", default: "no-reply@tradewind.example"),
        ConfigurationKey("mail.reply.to", "where answers go: address, or Name <address>"),
        ConfigurationKey("mail.lanes", "how many mails are sent at a time", default: "4"),
    ]

    let endpoint: SMTPEndpoint?
    let sender: Mailbox
    let replyTo: Mailbox?
    let lanes: Int

    init(_ configuration: ConfigReader) throws {
        let from = configuration.string(forKey: "mail.from", default: "no-reply@tradewind.example")
        sender = try Self.parse("mail.from", from, as: Mailbox.init(parsing:))
        replyTo = try configuration.string(forKey: "mail.reply.to").map { text in
            try Self.parse("mail.reply.to", text, as: Mailbox.init(parsing:))
        }
        lanes = configuration.int(forKey: "mail.lanes", default: 4)
        guard let url = configuration.string(forKey: "smtp.url"), !url.isEmpty else {
            endpoint = nil
            return
        }
        var endpoint = try Self.parse("smtp.url", url, as: SMTPEndpoint.init(url:))
        endpoint.password = try Self.password(configuration)
        endpoint.clientName = sender.domain
        endpoint.authorities = configuration.string(forKey: "smtp.ca.file")
        endpoint.timeout = .seconds(configuration.int(forKey: "smtp.timeout.seconds", default: 60))
        if let text = configuration.string(forKey: "smtp.tls") {
            guard let tls = SMTPEndpoint.TLS(rawValue: text) else {
                throw InvalidSetting(key: "smtp.tls", reason: "must be required, opportunistic or off")
            }
            endpoint.tls = tls
        }
        self.endpoint = endpoint
    }

    private static func password(_ configuration: ConfigReader) throws -> String? {
        if let password = configuration.string(forKey: "smtp.password", isSecret: true) { return password }
        guard let path = configuration.string(forKey: "smtp.password.file") else { return nil }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw InvalidSetting(key: "smtp.password.file", reason: "must name a file that can be read")
        }
        return text.trimmingCharacters(in: .newlines)
    }

    private static func parse<Value>(
        _ key: String,
        _ text: String,
        as value: (String) throws(InvalidValue) -> Value
    ) throws -> Value {
        do throws(InvalidValue) {
            return try value(text)
        } catch {
            throw InvalidSetting(key: key, reason: error.reason)
        }
    }
}

/// A setting can't be used. Never shows its value.
struct InvalidSetting: Error, CustomStringConvertible {
    let key: String
    let reason: String
    var description: String { "\(key) \(reason)" }
}
