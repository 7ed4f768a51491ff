import Foundation

/// A command line, parsed.
enum SMTPCommand: Equatable {
    case hello(String, isExtended: Bool)
    case mail(String, parameters: [String: String])
    case recipient(String, parameters: [String: String])
    case data, reset, noop, quit, startTLS, help
    case authenticate(mechanism: String, initial: String?)
    /// A command that has a fault in its arguments.
    case malformed
    case unknown

    init(_ line: some Collection<UInt8>) {
        guard let text = String(validating: line, as: UTF8.self) else {
            self = .malformed
            return
        }
        let parts = text.split(separator: " ", maxSplits: 1)
        let arguments = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        switch parts.first?.uppercased() {
        case "EHLO": self = arguments.isEmpty ? .malformed : .hello(arguments, isExtended: true)
        case "HELO": self = arguments.isEmpty ? .malformed : .hello(arguments, isExtended: false)
        case "MAIL": self = Self.path(arguments, "FROM:").map { .mail($0, parameters: $1) } ?? .malformed
        case "RCPT": self = Self.path(arguments, "TO:").map { .recipient($0, parameters: $1) } ?? .malformed
        case "DATA": self = arguments.isEmpty ? .data : .malformed
        case "RSET": self = .reset
        case "NOOP": self = .noop
        case "QUIT": self = .quit
        case "HELP": self = .help
        case "STARTTLS": self = arguments.isEmpty ? .startTLS : .malformed
        case "AUTH":
            let words = arguments.split(separator: " ").map(String.init)
            self =
                (1...2).contains(words.count)
                ? .authenticate(mechanism: words[0].uppercased(), initial: words.count > 1 ? words[1] : nil)
                : .malformed
        default: self = .unknown
        }
    }

    /// `FROM:<a@b> SIZE=3` → the address and the parameters.
    private static func path(_ text: String, _ prefix: String) -> (String, [String: String])? {
        guard text.uppercased().hasPrefix(prefix) else { return nil }
        let rest = text.dropFirst(prefix.count).drop { $0 == " " }
        guard rest.first == "<", let end = rest.firstIndex(of: ">") else { return nil }
        let address = rest[rest.index(after: rest.startIndex)..<end]
        guard address.unicodeScalars.allSatisfy({ $0.value > 32 && $0.value != 127 }) else { return nil }
        guard address.isEmpty || address.split(separator: "@", omittingEmptySubsequences: false).count == 2 else {
            return nil
        }
        var parameters: [String: String] = [:]
        for word in rest[rest.index(after: end)...].split(separator: " ") {
            let pair = word.split(separator: "=", maxSplits: 1).map(String.init)
            parameters[pair[0].uppercased()] = pair.count > 1 ? pair[1] : ""
        }
        return (String(address), parameters)
    }
}
