extension CSVScanner.Cell {
    /// The parts between separators, without the spaces around them. Inside, many spaces count as one.
    func parts(separator: UInt8, in bytes: FileBytes) -> [FileText] {
        if let plain { return bytes.parts(of: plain, separator: separator) }
        return FileText.parts(of: text(in: bytes), separator: separator, place: place)
    }

    /// All of it, if it is plain.
    func whole(in bytes: FileBytes) -> FileText? { plain.flatMap { bytes.trimmed($0) } }
}

extension FileText {
    func parts(separator: UInt8, in bytes: FileBytes) -> [FileText] {
        if decoded == nil { return bytes.parts(of: offset..<offset + count, separator: separator) }
        return Self.parts(of: text(in: bytes), separator: separator, place: place)
    }

    fileprivate static func parts(of text: String, separator: UInt8, place: Int) -> [FileText] {
        text.split(separator: Character(Unicode.Scalar(separator)))
            .map { $0.split(separator: " ").joined(separator: " ") }
            .filter { !$0.isEmpty }.map { FileText($0, place: place) }
    }
}

extension FileBytes {
    fileprivate func parts(of range: Range<Int>, separator: UInt8) -> [FileText] {
        var parts: [FileText] = []
        var begin = range.lowerBound
        while begin < range.upperBound {
            var end = begin
            while end < range.upperBound, self[end] != separator { end += 1 }
            if let part = trimmed(begin..<end) { parts.append(part) }
            begin = end + 1
        }
        return parts
    }

    /// Without the spaces around; `nil` if nothing is left.
    fileprivate func trimmed(_ range: Range<Int>) -> FileText? {
        let space = UInt8(ascii: " ")
        var (begin, end) = (range.lowerBound, range.upperBound)
        while begin < end, self[begin] == space { begin += 1 }
        while begin < end, self[end - 1] == space { end -= 1 }
        guard begin < end else { return nil }
        for index in begin..<end where self[index] == space && self[index + 1] == space {
            let words = String(decoding: self[begin..<end], as: UTF8.self).split(separator: " ")
            return FileText(words.joined(separator: " "), place: begin)
        }
        return FileText(place: begin, offset: begin, count: end - begin, key: Interner.key(self[begin..<end]))
    }
}
