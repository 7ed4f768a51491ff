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

extension FileBytes {
    /// Entries are numbered with 31 bits and bytes of ids with 32; a smaller file can't have too many of either.
    func checkSize(_ file: String? = nil) throws(InvalidFile) {
        guard count < 1 << 32 else {
            throw InvalidFile([FileFault(line: 1, column: 1, message: "The file has 4 GiB or more.", file: file)])
        }
    }
}
