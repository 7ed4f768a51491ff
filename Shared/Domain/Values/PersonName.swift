/// What a person is called, in whatever script, as they wrote it. White space at the ends is dropped and runs of it
/// are folded to one space.
public struct PersonName: ParsedValue {
    public let description: String

    public init(_ text: String) throws(InvalidValue) {
        let folded = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard folded.unicodeScalars.contains(where: \.isVisible) else { throw InvalidValue("must not be blank") }
        guard folded.count <= 200, folded.utf8.count <= 1000 else {
            throw InvalidValue("must have at most 200 characters")
        }
        // Joiners are part of how some scripts are written.
        let allowed = folded.unicodeScalars.allSatisfy { scalar in
            scalar == " " || scalar == "\u{200C}" || scalar == "\u{200D}" || scalar.isVisible
        }
        guard allowed else { throw InvalidValue("must not have control characters") }
        description = folded
    }
}
