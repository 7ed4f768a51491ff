import Foundation

/// Where an exchange of AUTH stands.
enum Authentication: Equatable {
    case plain
    case loginUser
    case loginPassword(user: String)
}

extension SMTPSession {
    mutating func authenticate(_ mechanism: String, _ initial: String?) -> [Action] {
        guard hasGreeted, user == nil, envelope == nil else { return [.reply("503 5.5.1 Not now")] }
        guard !offersTLS else { return [.reply("538 5.7.11 Encryption required")] }
        guard options.credentials != nil else { return [.reply("503 5.5.1 No need to sign in")] }
        let start: Authentication
        let prompt: String
        switch mechanism {
        case "PLAIN": (start, prompt) = (.plain, "334 ")
        case "LOGIN": (start, prompt) = (.loginUser, "334 " + Data("Username:".utf8).base64EncodedString())
        default: return [.reply("504 5.5.4 Unknown mechanism")]
        }
        guard let initial else {
            phase = .authenticating(start)
            return [.reply(prompt)]
        }
        return resume(start, with: Array((initial == "=" ? "" : initial).utf8)[...])
    }

    mutating func resume(_ authentication: Authentication, with line: ArraySlice<UInt8>) -> [Action] {
        phase = .command
        guard !line.elementsEqual([UInt8(ascii: "*")]) else { return [.reply("501 5.7.0 Given up")] }
        guard let data = Data(base64Encoded: Data(line)), let text = String(validating: data, as: UTF8.self) else {
            return [.reply("501 5.5.2 Not base64")]
        }
        switch authentication {
        case .plain:
            let parts = text.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3 else { return [.reply("501 5.5.2 Not a PLAIN response")] }
            return check(user: parts[1], password: parts[2])
        case .loginUser:
            phase = .authenticating(.loginPassword(user: text))
            return [.reply("334 " + Data("Password:".utf8).base64EncodedString())]
        case .loginPassword(let user):
            return check(user: user, password: text)
        }
    }

    private mutating func check(user: String, password: String) -> [Action] {
        guard options.credentials == .init(user: user, password: password) else {
            return [.reply("535 5.7.8 Wrong user or password")]
        }
        return answer(.authentication, "235 2.7.0 Signed in") { $0.user = user }
    }
}
