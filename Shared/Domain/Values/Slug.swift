/// A name in an address: 1 to 64 lower-case letters, digits and hyphens, with no hyphen at the ends.
public struct Slug: ParsedValue {
    public let description: String

    // Inlined into an asynchronous function, it crashes the optimizer of Swift 6.3.1.
    @inline(never)
    public init(_ text: String) throws(InvalidValue) {
        let allowed = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        }
        guard allowed, (1...64).contains(text.utf8.count), !text.hasPrefix("-"), !text.hasSuffix("-") else {
            throw InvalidValue("must be 1 to 64 of a–z, 0–9 and -, with no - at the ends")
        }
        description = text
    }
}
