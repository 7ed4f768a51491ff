import Domain
import Foundation

/// A header of a mail, encoded and folded (RFC 5322, 2047). Whatever its value holds, it is one header.
struct MailHeader: Sendable, Hashable {
    /// `Name: value`, folded with CRLF and a space, without the last CRLF.
    let line: String

    /// Text that people read, such as a subject.
    init(_ name: StaticString, text: String) {
        let text = text.withoutControls
        let name = "\(name)"
        let isPlain = text.utf8.allSatisfy { $0 < 127 } && !text.contains("=?")
        let longest = text.split(separator: " ").map(\.count).max() ?? 0
        line =
            isPlain && longest < 76 - name.count
            ? Self.fold("\(name): ", text)
            : "\(name): " + EncodedWords.encode(text, used: name.count + 2).joined(separator: "\r\n ")
    }

    /// Addresses of people, or a list's id behind its name.
    init(_ name: StaticString, mailbox: Mailbox) {
        self.init(name, phrase: mailbox.name, inAngles: mailbox.address.description)
    }

    init(_ name: StaticString, phrase: String?, inAngles value: String) {
        let name = "\(name)"
        let value = "<\(value.withoutControls)>"
        guard let phrase = phrase?.withoutControls, !phrase.isEmpty else {
            line = "\(name): \(value)"
            return
        }
        let words =
            phrase.utf8.allSatisfy { $0 < 127 } && phrase.count <= 60 && !phrase.contains("=?")
            ? [phrase.quoted] : EncodedWords.encode(phrase, used: name.count + 2)
        let isShort = words.count == 1 && name.count + 3 + (words.first?.count ?? 0) + value.count <= 76
        line = "\(name): " + words.joined(separator: "\r\n ") + (isShort ? " " : "\r\n ") + value
    }

    /// A value that programs read and that needs no encoding, such as a date.
    init(_ name: StaticString, token: String) {
        line = "\(name): \(token.withoutControls)"
    }

    private static func fold(_ name: String, _ text: String) -> String {
        var lines: [String] = []
        var line = name
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if line.count + word.count > 76, line != name {
                lines.append(line.trimmingCharacters(in: .whitespaces))
                line = ""
            }
            line += word + " "
        }
        lines.append(line.trimmingCharacters(in: .whitespaces))
        return lines.filter { !$0.isEmpty }.joined(separator: "\r\n ")
    }
}

extension String {
    /// As RFC 5322's quoted-string, or as it is where it needs no quotes.
    fileprivate var quoted: String {
        let isAtoms = allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == " " || $0 == "-") }
        if isAtoms { return self }
        return "\"" + replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
