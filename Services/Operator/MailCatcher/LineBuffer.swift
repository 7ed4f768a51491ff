import Foundation

/// Bytes that came, taken out line by line.
struct LineBuffer {
    private var bytes: [UInt8] = []
    private var start = 0
    private var searched = 0

    var count: Int { bytes.count - start }

    mutating func append(_ new: some Sequence<UInt8>) { bytes.append(contentsOf: new) }

    mutating func removeAll() { self = LineBuffer() }

    /// The next line without its ending. Within a message only CRLF ends one: a bare LF is part of it, so that no
    /// mail can be smuggled in behind another.
    mutating func next(endsWithCRLFOnly: Bool) -> ArraySlice<UInt8>? {
        while let feed = indexOfLineFeed(from: max(start, searched)) {
            searched = feed + 1
            let hasReturn = feed > start && bytes[feed - 1] == 13
            guard hasReturn || !endsWithCRLFOnly else { continue }
            defer { start = feed + 1 }
            return bytes[start..<(hasReturn ? feed - 1 : feed)]
        }
        searched = bytes.count
        if start > 0 {
            bytes.removeFirst(start)
            searched -= start
            start = 0
        }
        return nil
    }

    private func indexOfLineFeed(from index: Int) -> Int? {
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, index < buffer.count,
                let found = memchr(base + index, 10, buffer.count - index)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}
