import HTTPTypes

extension Problem {
    /// What a decoder found, as the pointer of the field and a sentence about it.
    init(decoding error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self = .invalid(.init(JSONPointer.text(context.codingPath + [key]), "is missing"))
        case .valueNotFound(_, let context):
            self = .invalid(.init(JSONPointer.text(context.codingPath), "must not be null"))
        case .typeMismatch(let type, let context):
            self = .invalid(.init(JSONPointer.text(context.codingPath), "must be \(Self.noun(for: type))"))
        case .dataCorrupted(let context):
            self = .invalid(.init(JSONPointer.text(context.codingPath), context.debugDescription))
        @unknown default:
            self = .invalid(.init("", "can't be read"))
        }
    }

    private static func noun(for type: any Any.Type) -> String {
        switch type {
        case is String.Type: "text"
        case is Bool.Type: "true or false"
        case is any FixedWidthInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        case is [Any].Type: "a list"
        case is [String: Any].Type: "an object"
        default: "of another kind"
        }
    }
}

/// RFC 6901.
enum JSONPointer {
    static func text(_ path: [any CodingKey]) -> String {
        path.map { key in
            "/" + escaped(key.intValue.map(String.init) ?? key.stringValue)
        }.joined()
    }

    static func escaped(_ token: String) -> String {
        token.replacing("~", with: "~0").replacing("/", with: "~1")
    }
}
