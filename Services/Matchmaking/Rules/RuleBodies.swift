import Domain
import Foundation
import ServiceKit

struct NewRules: ClosedBody {
    enum CodingKeys: String, CodingKey, CaseIterable { case rules, effectiveFrom, reason }

    let rules: CohortRules
    let effectiveFrom: Date?
    let reason: String?
}

struct RulesBody: Encodable, Sendable {
    let version: Int
    let createdAt: Date
    let effectiveFrom: Date
    let author: String
    let reason: String?
    let isInForce: Bool
    let rules: CohortRules

    init(_ record: RulesRecord, isInForce: Bool) {
        version = record.version
        createdAt = record.createdAt
        effectiveFrom = record.effectiveFrom
        author = record.author
        reason = record.reason
        self.isInForce = isInForce
        rules = record.rules
    }
}

extension CohortRules {
    /// Throws where the rules can't be those of a cohort with these universities and firms.
    func check(universities: Set<Slug>, firms: Set<Slug>, at pointer: String) throws {
        let faults = faults(universities: universities, firms: firms)
        try Problem.check(faults.map { .init(pointer + $0.pointer, $0.reason) })
    }
}
