import Domain
import Foundation
import HTTPTypes
import ServiceKit

struct NewGroups: Decodable, Sendable {
    struct Entry: Decodable, Sendable {
        let kind: ApplicantGroup.Kind
        let name: PersonName
        let platform: Slug?
        let apart: Bool?
        let members: [ApplicantID]
        /// Whether all members have agreed already. Otherwise each of them is asked on their personal page.
        let agreed: Bool?

        func group(at now: Date) -> ApplicantGroup {
            ApplicantGroup(
                id: GroupID(),
                kind: kind,
                name: name,
                platform: platform,
                apart: apart ?? false,
                members: members.map { .init(applicant: $0, agreedAt: agreed == true ? now : nil) }
            )
        }
    }

    let groups: [Entry]

    static func faults(
        _ entries: [Entry],
        known: Set<ApplicantID>,
        taken: Set<ApplicantID>
    ) -> [Problem.FieldError] {
        var seen: Set<ApplicantID> = []
        return entries.enumerated().flatMap { index, entry -> [Problem.FieldError] in
            let size = entry.kind.size
            var faults: [Problem.FieldError] = []
            if !size.contains(entry.members.count) {
                let words = size.count == 1 ? "\(size.lowerBound)" : "\(size.lowerBound) to \(size.upperBound)"
                faults.append(.init("/groups/\(index)/members", "must have \(words) entries"))
            }
            for (place, member) in entry.members.enumerated() {
                let pointer = "/groups/\(index)/members/\(place)"
                if !known.contains(member) {
                    faults.append(.init(pointer, "is not of this cohort"))
                } else if taken.contains(member) || !seen.insert(member).inserted {
                    faults.append(.init(pointer, "is in a group already"))
                }
            }
            return faults
        }
    }
}

struct NewAgreement: Decodable, Sendable {
    let applicant: ApplicantID
}

struct GroupBody: Encodable, Sendable {
    struct Member: Encodable, Sendable {
        let applicant: ApplicantID
        let agreedAt: Date?
    }

    let id: GroupID
    let cohort: CohortID
    let kind: ApplicantGroup.Kind
    let name: PersonName
    let platform: Slug?
    let apart: Bool
    let state: ApplicantGroup.State
    let members: [Member]
    let version: Int

    init(_ group: ApplicantGroup, _ cohort: CohortID) {
        id = group.id
        self.cohort = cohort
        kind = group.kind
        name = group.name
        platform = group.platform
        apart = group.apart
        state = group.state
        members = group.members.map { Member(applicant: $0.applicant, agreedAt: $0.agreedAt) }
        version = group.version
    }
}

/// The joint list of a couple: groups of pairs, `null` for without a place.
struct JointRankingBody: Encodable, Sendable {
    let pairs: [[[PositionID?]]]

    init(_ ranking: JointRanking) {
        pairs = ranking.groups.map { $0.map { [$0.first, $0.second] } }
    }
}

extension Problem {
    init(_ refusal: GroupRefusal) {
        self.init(.conflict, type: refusal.rawValue, title: refusal.reason)
    }
}
