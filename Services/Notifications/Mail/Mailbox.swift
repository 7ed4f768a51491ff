import Domain

/// An address with the name of whoever reads there.
struct Mailbox: Hashable, Sendable {
    let name: String?
    let address: EmailAddress

    init(name: String? = nil, address: EmailAddress) {
        self.name = name
        self.address = address
    }

    /// Parses `a@b.example` or `Name <a@b.example>`.
    init(parsing text: String) throws(InvalidValue) {
        let trimmed = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard let open = trimmed.lastIndex(of: "<"), trimmed.hasSuffix(">") else {
            self.init(address: try EmailAddress(trimmed))
            return
        }
        var name = trimmed[..<open].trimming(while: \.isWhitespace)
        if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") { name = name.dropFirst().dropLast() }
        let address = try EmailAddress(String(trimmed[trimmed.index(after: open)...].dropLast()))
        self.init(name: name.isEmpty ? nil : String(name), address: address)
    }

    /// What stands after the @.
    var domain: String { String(address.description.split(separator: "@").last ?? "") }
}

extension Substring {
    fileprivate func trimming(while isTrimmed: (Character) -> Bool) -> Substring {
        var result = drop(while: isTrimmed)
        while let last = result.last, isTrimmed(last) { result.removeLast() }
        return result
    }
}
