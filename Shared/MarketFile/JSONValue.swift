/// JSON to be written. Objects keep the order of their members, so that the same value is the same bytes.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Int)
    case string(String)
    case array([JSONValue])
    case object([Member])

    public struct Member: Hashable, Sendable {
        public let key: String
        public let value: JSONValue
    }

    static func members(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { Member(key: $0.key, value: $0.value) })
    }

    /// Indented by two spaces, with a line feed at the end. Objects and arrays of plain values stay on one line.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes, indent: 0)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private var isPlain: Bool {
        switch self {
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        default: true
        }
    }

    func write(to bytes: inout [UInt8], indent: Int) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .number(let value): bytes += String(value).utf8
        case .string(let text): Self.write(text.utf8, to: &bytes)
        case .array(let elements):
            Self.write("[]", elements, inLine: elements.allSatisfy(\.isPlain), to: &bytes, indent) { element, bytes in
                element.write(to: &bytes, indent: indent + 2)
            }
        case .object(let members):
            let inLine = members.count <= 6 && members.allSatisfy(\.value.isPlain)
            Self.write("{}", members, inLine: inLine, to: &bytes, indent) { member, bytes in
                Self.write(member.key.utf8, to: &bytes)
                bytes += ": ".utf8
                member.value.write(to: &bytes, indent: indent + 2)
            }
        }
    }

    private static func write<Element>(
        _ marks: StaticString,
        _ elements: [Element],
        inLine: Bool,
        to bytes: inout [UInt8],
        _ indent: Int,
        element: (Element, inout [UInt8]) -> Void
    ) {
        let marks = Array("\(marks)".utf8)
        bytes.append(marks[0])
        for (index, value) in elements.enumerated() {
            if index > 0 { bytes += (inLine ? ", " : ",").utf8 }
            if !inLine { newLine(indent + 2, &bytes) }
            element(value, &bytes)
        }
        if !inLine, !elements.isEmpty { newLine(indent, &bytes) }
        bytes.append(marks[1])
    }

    private static func newLine(_ indent: Int, _ bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\n"))
        bytes += repeatElement(UInt8(ascii: " "), count: indent)
    }

    /// Text in quotes, with what must be escaped escaped.
    static func write(_ text: some Collection<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if !text.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") || $0 == 0x7F }) {
            bytes.append(contentsOf: text)
            bytes.append(UInt8(ascii: "\""))
            return
        }
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            case 0..<0x20, 0x7F: bytes += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
