import Foundation
import ServiceKit

/// Until when a cohort can be ranked.
enum Deadline {
    /// What keeps `date` from being a deadline for rankings.
    static func fault(_ date: Date, at now: Date, pointer: String) -> Problem.FieldError? {
        let latest = now.addingTimeInterval(30 * 366 * 86_400)
        guard date <= now || date > latest else { return nil }
        return .init(pointer, "must be in the future, at most thirty years from now")
    }
}
