/// An address that mail can be sent to: RFC 5321's `local@domain` with RFC 6531's international characters, without
/// comments, quoted local parts or address literals.
public struct EmailAddress: ParsedValue {
    public let description: String

    public init(_ text: String) throws(InvalidValue) {
        guard text.utf8.count <= 254 else { throw InvalidValue("must have at most 254 bytes") }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw InvalidValue("must have one @ with text on both sides")
        }
        guard parts[0].utf8.count <= 64 else { throw InvalidValue("must have at most 64 bytes before the @") }
        try Self.checkLocal(parts[0])
        try Self.checkDomain(parts[1])
        description = parts[0] + "@" + parts[1].lowercased()
    }

    private static func checkLocal(_ local: Substring) throws(InvalidValue) {
        guard !local.hasPrefix("."), !local.hasSuffix("."), !local.contains("..") else {
            throw InvalidValue("must not have a dot at the start, at the end or twice in a row before the @")
        }
        let symbols = ".!#$%&'*+-/=?^_`{|}~"
        let allowed = local.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                ? scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || symbols.unicodeScalars.contains(scalar)
                : scalar.isVisible
        }
        guard allowed else { throw InvalidValue("must not have spaces, quotes, brackets or control characters") }
    }

    private static func checkDomain(_ domain: Substring) throws(InvalidValue) {
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2 else { throw InvalidValue("must have a dot after the @") }
        for label in labels {
            let allowed = label.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    ? scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-"
                    : scalar.isVisible
            }
            guard allowed, (1...63).contains(label.utf8.count), !label.hasPrefix("-"), !label.hasSuffix("-") else {
                throw InvalidValue("must have a domain name after the @")
            }
        }
        guard labels.last?.allSatisfy(\.isNumber) == false else {
            throw InvalidValue("must have a domain name after the @, not an IP address")
        }
    }
}

extension Unicode.Scalar {
    /// Whether the character is a letter, mark, number or symbol: no control, format, private or white-space character.
    var isVisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: true
        }
    }
}
