/// An ISO 4217 code such as `TWD`. Whether it is assigned is not checked.
public struct CurrencyCode: ParsedValue {
    public let description: String

    public init(_ text: String) throws(InvalidValue) {
        guard text.utf8.count == 3, text.allSatisfy({ $0.isASCII && $0.isUppercase }) else {
            throw InvalidValue("must be a three-letter currency code such as TWD")
        }
        description = text
    }

    /// How many decimal digits the smallest unit is away from the whole one.
    public var digits: Int {
        switch description {
        case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF",
            "XPF":
            0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
        default: 2
        }
    }
}
