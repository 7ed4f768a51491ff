import Domain
import ServiceKit

/// How many entries one request may hold.
enum BulkLimits {
    static let members = 1...5000
    static let applicantRankings = 0...20_000
    static let firmRankings = 0...5000

    static func check(_ count: Int, _ range: ClosedRange<Int>, at pointer: String) throws {
        guard range.contains(count) else {
            throw Problem.invalid(.init(pointer, "must have \(range.lowerBound) to \(range.upperBound) entries"))
        }
    }
}

extension LocalizedText {
    /// What keeps this from being one line of at most 200 characters in each language.
    func lineFault(at pointer: String) -> Problem.FieldError? {
        for (language, text) in texts {
            let isLine = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
            if !isLine || text.unicodeScalars.count > 200 {
                return .init("\(pointer)/\(language)", "must be one line of at most 200 characters")
            }
        }
        return nil
    }
}
