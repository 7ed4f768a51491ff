/// An ISO 3166-1 alpha-2 code of an economy, such as `TW` or `VN`. Whether the code is assigned is not checked.
public struct EconomyCode: ParsedValue {
    public let description: String

    public init(_ text: String) throws(InvalidValue) {
        guard text.utf8.count == 2, text.allSatisfy({ $0.isASCII && $0.isLetter }) else {
            throw InvalidValue("must be a two-letter economy code such as TW or VN")
        }
        description = text.uppercased()
    }
}
