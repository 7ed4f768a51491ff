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
