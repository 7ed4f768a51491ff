import Foundation

/// A message or a part of one, parsed as far as it takes to show it.
struct MIMEPart {
    /// In their order, unfolded, encoded words not yet decoded.
    let headers: [(name: String, value: String)]
    let body: ArraySlice<UInt8>
    let parts: [MIMEPart]

    init(_ bytes: ArraySlice<UInt8>, depth: Int = 0) {
        let (head, body) = bytes.splitAtBlankLine()
        headers = Self.parseHeaders(head)
        self.body = body
        let type = ContentType(headers.first("Content-Type") ?? "text/plain")
        if type.name.hasPrefix("multipart/"), depth < 8, let boundary = type.parameters["boundary"] {
            parts = body.split(boundary: boundary).map { MIMEPart($0, depth: depth + 1) }
        } else {
            parts = []
        }
    }

    var type: ContentType { ContentType(headers.first("Content-Type") ?? "text/plain") }

    /// The first header of this name, decoded.
    func header(_ name: String) -> String { headers.first(name).map(EncodedWords.decode) ?? "" }

    /// The first part of this type, this one included.
    func first(_ name: String) -> MIMEPart? {
        if type.name == name { return self }
        return parts.lazy.compactMap { $0.first(name) }.first
    }

    /// The body as text.
    var text: String {
        let data: Data
        switch headers.first("Content-Transfer-Encoding")?.lowercased() {
        case "base64": data = Data(base64Encoded: Data(body), options: .ignoreUnknownCharacters) ?? Data()
        case "quoted-printable": data = Data(QuotedPrintable.decode(body))
        default: data = Data(body)
        }
        return EncodedWords.string(data, charset: type.parameters["charset"] ?? "utf-8")
    }

    private static func parseHeaders(_ head: ArraySlice<UInt8>) -> [(name: String, value: String)] {
        let unfolded = String(decoding: head, as: UTF8.self)
            .replacingOccurrences(of: "\r\n", with: "\n")
            .replacingOccurrences(of: "\n ", with: " ")
            .replacingOccurrences(of: "\n\t", with: " ")
        return unfolded.split(separator: "\n").compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            return (String(line[..<colon]), value)
        }
    }
}

/// The value of `Content-Type`.
struct ContentType {
    let name: String
    let parameters: [String: String]

    init(_ value: String) {
        let parts = value.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        name = parts.first?.lowercased() ?? "text/plain"
        var parameters: [String: String] = [:]
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            if pair.count == 2 {
                parameters[pair[0].lowercased()] = pair[1].trimmingCharacters(in: CharacterSet(charactersIn: "\""))
            }
        }
        self.parameters = parameters
    }
}

extension [(name: String, value: String)] {
    fileprivate func first(_ name: String) -> String? {
        first { $0.name.caseInsensitiveCompare(name) == .orderedSame }?.value
    }
}

extension ArraySlice<UInt8> {
    fileprivate func splitAtBlankLine() -> (head: ArraySlice, body: ArraySlice) {
        if starts(with: [13, 10]) { return (self[startIndex..<startIndex], dropFirst(2)) }
        guard let range = firstRange(of: [13, 10, 13, 10]) else { return (self, self[endIndex...]) }
        return (self[..<range.lowerBound], self[range.upperBound...])
    }

    /// What stands between the boundary's delimiters.
    fileprivate func split(boundary: String) -> [ArraySlice] {
        let delimiter = Array("--\(boundary)".utf8)
        var parts: [ArraySlice] = []
        var rest = self
        var start: Int?
        while let range = rest.firstRange(of: delimiter) {
            if let start { parts.append(self[start..<Swift.max(start, range.lowerBound - 2)]) }
            rest = rest[range.upperBound...]
            if rest.starts(with: Array("--".utf8)) { return parts }
            guard let feed = rest.firstIndex(of: 10) else { return parts }
            start = feed + 1
        }
        return parts
    }
}
