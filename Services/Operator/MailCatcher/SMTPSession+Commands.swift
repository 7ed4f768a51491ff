import Foundation

extension SMTPSession {
    mutating func obey(_ command: SMTPCommand) -> [Action] {
        switch command {
        case .hello(_, let isExtended): hello(isExtended: isExtended)
        case .mail(let sender, let parameters): mail(from: sender, parameters)
        case .recipient(let address, _): recipient(address)
        case .data: data()
        case .reset: reset()
        case .noop: [.reply("250 2.0.0 OK")]
        case .help: [.reply("214 2.0.0 This server keeps every mail and delivers none")]
        case .quit: end("221 2.0.0 Bye")
        case .startTLS: startTLS()
        case .authenticate(let mechanism, let initial): authenticate(mechanism, initial)
        case .malformed: [.reply("501 5.5.4 Syntax error in the arguments")]
        case .unknown: [.reply("500 5.5.1 Unknown command")]
        }
    }

    private mutating func reset() -> [Action] {
        envelope = nil
        return [.reply("250 2.0.0 Reset")]
    }

    private mutating func hello(isExtended: Bool) -> [Action] {
        var lines = ["\(options.host) at your service"]
        if isExtended {
            lines += [
                "PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "SIZE \(options.maximumMessageSize)",
            ]
            if offersTLS { lines.append("STARTTLS") }
            if offersAuthentication { lines.append("AUTH PLAIN LOGIN") }
        }
        let reply = lines.enumerated()
            .map { index, line in (index < lines.count - 1 ? "250-" : "250 ") + line }
            .joined(separator: "\r\n")
        return answer(.hello, reply) { session in
            session.hasGreeted = true
            session.envelope = nil
        }
    }

    var offersTLS: Bool {
        if case .startTLS = options.security { !isSecure } else { false }
    }

    /// Passwords are not to cross the wire in clear text where TLS is to be had.
    var offersAuthentication: Bool { options.credentials != nil && user == nil && !offersTLS }

    private mutating func startTLS() -> [Action] {
        guard offersTLS else { return [.reply("503 5.5.1 TLS is not to be had here")] }
        return beginTLS()
    }

    private mutating func mail(from sender: String, _ parameters: [String: String]) -> [Action] {
        guard hasGreeted else { return [.reply("503 5.5.1 Say EHLO first")] }
        if options.security == .startTLS(isRequired: true), !isSecure {
            return [.reply("530 5.7.0 Issue STARTTLS first")]
        }
        if options.credentials != nil, user == nil { return [.reply("530 5.7.0 Authentication required")] }
        guard envelope == nil else { return [.reply("503 5.5.1 There is a sender already")] }
        if let size = parameters["SIZE"].flatMap({ Int($0) }), size > options.maximumMessageSize {
            return [.reply("552 5.3.4 Message too large")]
        }
        var envelope = MailEnvelope()
        envelope.sender = sender
        envelope.isSMTPUTF8 = parameters["SMTPUTF8"] != nil
        envelope.is8BitMIME = parameters["BODY"]?.uppercased() == "8BITMIME"
        guard envelope.accepts(sender) else { return [.reply("553 5.6.7 The address needs SMTPUTF8")] }
        return answer(.mail, "250 2.1.0 Sender OK") { $0.envelope = envelope }
    }

    private mutating func recipient(_ address: String) -> [Action] {
        guard let envelope else { return [.reply("503 5.5.1 Say MAIL first")] }
        guard !address.isEmpty else { return [.reply("501 5.1.3 A recipient is needed")] }
        guard envelope.accepts(address) else { return [.reply("553 5.6.7 The address needs SMTPUTF8")] }
        guard envelope.recipients.count < 100 else { return [.reply("452 4.5.3 Too many recipients")] }
        return answer(.recipient, "250 2.1.5 Recipient OK", recipients: [address]) {
            $0.envelope?.recipients.append(address)
        }
    }

    private mutating func data() -> [Action] {
        guard let envelope, !envelope.recipients.isEmpty else { return [.reply("503 5.5.1 Say RCPT first")] }
        return answer(.data, "354 End with <CRLF>.<CRLF>", recipients: envelope.recipients) { $0.beginContent() }
    }
}

extension MailEnvelope {
    fileprivate func accepts(_ address: String) -> Bool { isSMTPUTF8 || address.utf8.allSatisfy { $0 < 128 } }
}
