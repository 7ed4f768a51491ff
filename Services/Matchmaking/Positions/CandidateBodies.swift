import Domain
import Foundation
import ServiceKit

struct NewScores: Decodable, Sendable {
    struct Entry: Decodable, Sendable {
        let applicant: ApplicantID
        let criterion: Slug
        let value: Int
    }

    let scores: [Entry]

    func faults(_ criteria: [Criterion], known: Set<ApplicantID>) -> [Problem.FieldError] {
        let scored = Dictionary(uniqueKeysWithValues: criteria.filter { $0.fact == nil }.map { ($0.code, $0) })
        var seen: Set<String> = []
        return scores.enumerated().flatMap { index, entry -> [Problem.FieldError] in
            let pointer = "/scores/\(index)"
            var faults: [Problem.FieldError] = []
            if !known.contains(entry.applicant) {
                faults.append(.init("\(pointer)/applicant", "is not one that can be ranked here"))
            }
            if !seen.insert("\(entry.applicant) \(entry.criterion)").inserted {
                faults.append(.init("\(pointer)/criterion", "is scored twice"))
            }
            guard let criterion = scored[entry.criterion] else {
                return faults + [.init("\(pointer)/criterion", "is no criterion that the firm scores")]
            }
            if !(0...criterion.maximum).contains(entry.value) {
                faults.append(.init("\(pointer)/value", "must be from 0 to \(criterion.maximum)"))
            }
            return faults
        }
    }
}

struct RecordedReason: Decodable, Sendable {
    let reason: String
}

/// A position's candidates with explained scores, and the ranking that these propose. Points are in hundredths.
struct CandidatesBody: Encodable, Sendable {
    struct Entry: Encodable, Sendable {
        let applicant: ApplicantID
        let name: PersonName
        let isTeam: Bool
        let rank: Int?
        let unacceptable: String?
        let hundredths: Int
        let parts: [Part]
    }

    struct Part: Encodable, Sendable {
        let criterion: Slug
        let value: Int?
        let hundredths: Int
        let most: Int
    }

    let candidates: [Entry]
    let proposal: [[ApplicantID]]
    let ranking: [[ApplicantID]]
    let version: Int
    let certifiedAt: Date?

    init(_ list: CandidateList) {
        candidates = list.candidates.map { candidate in
            Entry(
                applicant: candidate.id,
                name: candidate.name,
                isTeam: candidate.isTeam,
                rank: candidate.tier,
                unacceptable: candidate.unacceptable,
                hundredths: candidate.score.hundredths,
                parts: candidate.score.parts.map {
                    Part(criterion: $0.criterion, value: $0.value, hundredths: $0.hundredths, most: $0.most)
                }
            )
        }
        proposal = list.proposal
        ranking = list.ranking.ranking.groups
        version = list.ranking.version
        certifiedAt = list.certifiedAt
    }
}
