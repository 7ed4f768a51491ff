import Foundation

/// The parts of a form with a file in it, RFC 7578: their contents by the names of their fields. None of the packages in
/// use reads such forms.
///
/// Read leniently where browsers differ and strictly where it matters: `nil` for what has no end.
struct MultipartForm {
    private(set) var fields: [String: [UInt8]] = [:]

    /// - Parameter contentType: The request's, with the boundary.
    init?(_ bytes: [UInt8], contentType: String) {
        guard let boundary = Self.parameter("boundary", of: contentType), (1...70).contains(boundary.utf8.count) else {
            return nil
        }
        let delimiter = Array("\r\n--\(boundary)".utf8)
        // The first one need not follow a line.
        let body = Array("\r\n".utf8) + bytes
        guard var start = Self.index(of: delimiter, in: body, from: 0) else { return nil }
        while true {
            start += delimiter.count
            if body[start...].starts(with: Array("--".utf8)) { return }
            guard let line = Self.index(of: Array("\r\n".utf8), in: body, from: start),
                let end = Self.index(of: delimiter, in: body, from: line)
            else { return nil }
            add(part: Array(body[line..<end]))
            start = end
        }
    }

    /// A part from the line end before its header on.
    private mutating func add(part: [UInt8]) {
        guard let headEnd = Self.index(of: Array("\r\n\r\n".utf8), in: part, from: 0) else { return }
        let head = String(decoding: part[..<headEnd], as: UTF8.self)
        for line in head.split(whereSeparator: \.isNewline)
        where line.lowercased().hasPrefix("content-disposition:") {
            guard let name = Self.parameter("name", of: String(line)) else { continue }
            fields[name] = Array(part[(headEnd + 4)...])
        }
    }

    private static func parameter(_ name: String, of header: String) -> String? {
        for part in header.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard pair.count == 2, pair[0].lowercased() == name else { continue }
            return pair[1].trimmingCharacters(in: CharacterSet(charactersIn: "\""))
        }
        return nil
    }

    private static func index(of pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first else { return nil }
        var index = start
        while index + pattern.count <= bytes.count {
            guard let found = bytes[index...(bytes.count - pattern.count)].firstIndex(of: first) else { return nil }
            if bytes[found...].starts(with: pattern) { return found }
            index = found + 1
        }
        return nil
    }
}
