import Foundation

/// The server's side of one conversation. It does no I/O: bytes go in, actions come out.
struct SMTPSession {
    enum Action: Equatable {
        /// One or more lines, without the last CRLF.
        case reply(String)
        case delay(Duration)
        case keep(MailEnvelope, [UInt8])
        /// What was received so far is forgotten, and TLS begins.
        case startTLS
        case close
    }

    enum Phase: Equatable {
        case command
        case authenticating(Authentication)
        case content
        case closed
    }

    let options: MailCatcher.Options
    let faults: Faults
    var isSecure: Bool
    var user: String?
    var hasGreeted = false
    var envelope: MailEnvelope?
    var phase = Phase.command
    private var input = LineBuffer()
    private var content: [UInt8] = []
    private var isTooLarge = false

    init(options: MailCatcher.Options, faults: Faults, isSecure: Bool) {
        self.options = options
        self.faults = faults
        self.isSecure = isSecure
    }

    /// What is said to a client that has just connected.
    mutating func greet() -> [Action] {
        answer(.connection, "220 \(options.host) ESMTP Tradewind mail catcher")
    }

    mutating func receive(_ bytes: some Sequence<UInt8>) { input.append(bytes) }

    /// Takes one step, if enough has come for one.
    mutating func step() -> [Action]? {
        guard phase != .closed else { return nil }
        guard let line = input.next(endsWithCRLFOnly: phase == .content) else {
            let limit = phase == .content ? options.maximumMessageSize + 4096 : 4096
            return input.count > limit ? end("500 5.5.2 Line too long") : nil
        }
        switch phase {
        case .command: return obey(SMTPCommand(line))
        case .authenticating(let authentication): return resume(authentication, with: line)
        case .content: return add(line)
        case .closed: return nil
        }
    }

    /// Replies, unless a fault is to happen at this stage; `proceed` runs only if all is well.
    mutating func answer(
        _ stage: Fault.Stage,
        _ reply: String,
        recipients: [String] = [],
        proceed: (inout Self) -> Void = { _ in }
    ) -> [Action] {
        var actions: [Action] = []
        switch faults.effect(at: stage, recipients: recipients) {
        case .drop:
            phase = .closed
            return [.close]
        case .reply(let code, let text):
            if code == 421 { return end("421 \(text)") }
            return [.reply("\(code) \(text)")]
        case .delay(let time): actions.append(.delay(time))
        case nil: break
        }
        proceed(&self)
        return actions + [.reply(reply)]
    }

    mutating func end(_ reply: String) -> [Action] {
        phase = .closed
        return [.reply(reply), .close]
    }

    mutating func beginTLS() -> [Action] {
        // What a client sent ahead in clear text must not be read as if it had come over TLS.
        input.removeAll()
        isSecure = true
        hasGreeted = false
        envelope = nil
        return [.reply("220 2.0.0 Ready to start TLS"), .startTLS]
    }

    mutating func beginContent() {
        phase = .content
        content = []
        isTooLarge = false
    }

    private mutating func add(_ line: ArraySlice<UInt8>) -> [Action] {
        if line.elementsEqual([UInt8(ascii: ".")]) { return finishContent() }
        var actions: [Action] = []
        if content.isEmpty {
            switch faults.effect(at: .content, recipients: envelope?.recipients ?? []) {
            case .delay(let time): actions.append(.delay(time))
            case .drop, .reply:
                phase = .closed
                return [.close]
            case nil: break
            }
        }
        if content.count + line.count + 2 > options.maximumMessageSize { isTooLarge = true }
        if !isTooLarge {
            content += line.first == UInt8(ascii: ".") ? line.dropFirst() : line
            content += [13, 10]
        }
        return actions
    }

    private mutating func finishContent() -> [Action] {
        let envelope = envelope ?? MailEnvelope()
        let content = content
        self.envelope = nil
        self.content = []
        phase = .command
        guard !isTooLarge else { return [.reply("552 5.3.4 Message too large")] }
        var isKept = false
        let answer = answer(.acknowledgement, "250 2.0.0 Kept", recipients: envelope.recipients) { _ in isKept = true }
        return isKept || answer == [.close] ? [.keep(envelope, content)] + answer : answer
    }
}
