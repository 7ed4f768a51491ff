import Foundation
import HTTPTypes

/// What `JSONDecoder` calls invalid JSON without saying where: text that is none, and numbers that don't fit.
enum MalformedJSON {
    /// Nothing where the text is JSON whose numbers may all fit: then the decoder's own error says more.
    static func problem(with data: Data, _ error: DecodingError) -> Problem? {
        guard case .dataCorrupted(let context) = error, context.codingPath.isEmpty else { return nil }
        let value: Any
        do {
            value = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
        } catch {
            let text = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String
            return Problem(
                .badRequest,
                type: "malformed",
                title: "The body is not JSON",
                detail: text.map { place(said: $0, in: data) }
            )
        }
        let pointers = pointersOfBrokenNumbers(in: value, at: "")
        guard let pointer = pointers.first else { return nil }
        return .invalid(.init(pointers.count == 1 ? pointer : "", "must be a number of the range that is asked for"))
    }

    /// "Invalid value around character 13." with its line and column.
    private static func place(said text: String, in data: Data) -> String {
        guard let match = text.firstMatch(of: /around character ([0-9]+)/), let offset = Int(match.1) else {
            return text
        }
        let before = data.prefix(offset)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column = before.reversed().prefix { $0 != UInt8(ascii: "\n") }.count + 1
        return text.replacing(match.0, with: "at line \(line), column \(column)")
    }

    private static func pointersOfBrokenNumbers(in value: Any, at pointer: String) -> [String] {
        switch value {
        case let object as [String: Any]:
            object.sorted { $0.key < $1.key }.flatMap { key, value in
                pointersOfBrokenNumbers(in: value, at: pointer + "/" + JSONPointer.escaped(key))
            }
        case let list as [Any]:
            list.enumerated().flatMap { pointersOfBrokenNumbers(in: $1, at: "\(pointer)/\($0)") }
        case let number as NSNumber:
            Int(exactly: number) == nil ? [pointer] : []
        default: []
        }
    }
}
