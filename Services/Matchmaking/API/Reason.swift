import ServiceKit

/// Why somebody decided something: one line that says something.
enum Reason {
    static func parse(_ text: String) throws -> String {
        let isLine = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        let isBlank = text.allSatisfy(\.isWhitespace)
        guard isLine, !isBlank, text.unicodeScalars.count <= 1000 else {
            throw Problem.invalid(.init("/reason", "must be one line of 1 to 1000 characters"))
        }
        return text
    }
}
