/// What is wrong with a file, and where.
public struct FileFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// 1 for the first line.
    public let line: Int
    /// 1 for the first character of the line.
    public let column: Int
    public let message: String
    /// The name of the file, once it is known.
    public var file: String?

    public init(line: Int, column: Int, message: String, file: String? = nil) {
        self.line = line
        self.column = column
        self.message = message
        self.file = file
    }

    /// At the byte `offset` of `bytes`.
    init(_ message: String, at offset: Int, in bytes: [UInt8]) {
        var line = 1
        var column = 1
        for byte in bytes[..<min(offset, bytes.count)] {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(line: line, column: column, message: message)
    }

    public var description: String { "\(file.map { $0 + ":" } ?? "")\(line):\(column): \(message)" }
}

/// Every fault that was found in a file.
public struct InvalidFile: Error, Hashable, Sendable, CustomStringConvertible {
    /// Never empty.
    public let faults: [FileFault]

    init(_ faults: [FileFault]) {
        self.faults = faults
    }

    public var description: String { faults.map(\.description).joined(separator: "\n") }
}
