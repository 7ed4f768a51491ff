extension CSVScanner.Cell {
    /// The parts between separators, without the spaces around them. Inside, many spaces count as one.
    func parts(separator: UInt8, in texts: inout FileTexts) -> [FileText] {
        if let plain { return texts.parts(of: plain, separator: separator) }
        return texts.parts(of: text(in: texts.bytes), separator: separator, place: place)
    }
}

extension FileTexts {
    mutating func parts(of text: FileText, separator: UInt8) -> [FileText] {
        if text.isDecoded { return parts(of: self.text(text), separator: separator, place: text.place) }
        return parts(of: text.offset..<text.offset + text.count, separator: separator)
    }

    fileprivate mutating func parts(of text: String, separator: UInt8, place: Int) -> [FileText] {
        var parts: [FileText] = []
        for part in text.split(separator: Character(Unicode.Scalar(separator))) {
            let part = part.split(separator: " ").joined(separator: " ")
            if !part.isEmpty { parts.append(keep(part, place: place)) }
        }
        return parts
    }

    fileprivate mutating func parts(of range: Range<Int>, separator: UInt8) -> [FileText] {
        var parts: [FileText] = []
        var begin = range.lowerBound
        while begin < range.upperBound {
            var end = begin
            while end < range.upperBound, bytes[end] != separator { end += 1 }
            if let part = trimmed(begin..<end) { parts.append(part) }
            begin = end + 1
        }
        return parts
    }

    /// Without the spaces around; `nil` if nothing is left.
    mutating func trimmed(_ range: Range<Int>) -> FileText? {
        let space = UInt8(ascii: " ")
        var (begin, end) = (range.lowerBound, range.upperBound)
        while begin < end, bytes[begin] == space { begin += 1 }
        while begin < end, bytes[end - 1] == space { end -= 1 }
        guard begin < end else { return nil }
        for index in begin..<end where bytes[index] == space && bytes[index + 1] == space {
            let words = String(decoding: bytes[begin..<end], as: UTF8.self).split(separator: " ")
            return keep(words.joined(separator: " "), place: begin)
        }
        return FileText(place: begin, offset: begin, count: end - begin, key: Interner.key(bytes[begin..<end]))
    }
}
