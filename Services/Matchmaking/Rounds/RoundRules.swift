import Domain
import Foundation
import MatchingEngine

/// Puts a cohort's rules on a market: who takes part, and the limits of firms.
struct RoundRules: Sendable {
    /// Somebody who holds a place already, in a supplementary round.
    struct Holder: Sendable {
        let firm: FirmID
        let applicant: RuledApplicant
    }

    let rules: CohortRules
    /// By the id that the engine knows a firm by.
    let firms: [String: (id: FirmID, code: Slug)]
    var holders: [Holder] = []

    /// What a group's members are marked with in a market.
    static func category(_ group: CohortRules.Group) -> String {
        [group.university.map { "university:\($0)" }, group.economy.map { "economy:\($0)" }].compactMap(\.self)
            .joined(separator: "+")
    }

    /// The group that `category(_:)` stands for.
    static func group(_ category: String) -> CohortRules.Group {
        var group = CohortRules.Group()
        for part in category.split(separator: "+") {
            let pieces = part.split(separator: ":", maxSplits: 1).map(String.init)
            guard pieces.count == 2 else { continue }
            if pieces[0] == "university" { group.university = try? Slug(pieces[1]) }
            if pieces[0] == "economy" { group.economy = try? EconomyCode(pieces[1]) }
        }
        return group
    }

    /// Everything that an applicant counts as.
    func categories(of applicant: RuledApplicant) -> [String] {
        let own = ["university:\(applicant.university)", "economy:\(applicant.economy)"]
        let groups = Set(rules.caps.map(\.group) + rules.reserves.map(\.group)).filter {
            $0.university != nil && $0.economy != nil && applicant.isOf($0)
        }
        return own + groups.map(Self.category).sorted()
    }

    /// Who takes no part and why, by the engine's id.
    ///
    /// - Parameter uncertified: Whose rankings do not count. A team's one ranking stands for those of its members, unless
    ///   one of them is out: then each is on their own.
    func exclusions(
        of people: [RuledApplicant],
        in groups: [ApplicantGroup],
        uncertified: Set<UUID>
    ) -> [String: Exclusion] {
        var excluded: [ApplicantID: Exclusion] = [:]
        for person in people { excluded[person.id] = exclusion(of: person) }
        let present = Set(people.map(\.id)).subtracting(excluded.keys)
        let teams = groups.filter { $0.kind == .team && $0.applicants.allSatisfy(present.contains) }
        let owners = Dictionary(
            uniqueKeysWithValues: teams.flatMap { team in team.applicants.map { ($0, team.id.uuid) } }
        )
        for id in present where uncertified.contains(owners[id] ?? id.uuid) { excluded[id] = .notCertified }
        return Dictionary(uniqueKeysWithValues: excluded.map { ($0.key.description, $0.value) })
    }

    /// Why an applicant takes no part; `nil` for one who does.
    private func exclusion(of applicant: RuledApplicant) -> Exclusion? {
        if !rules.eligibility.admits(economy: applicant.economy, university: applicant.university) {
            return .notEligible
        }
        return rules.enrolment == .required && !applicant.isEnrolled ? .notEnrolled : nil
    }

    /// The limits of each firm, less what those who hold places use up. Precondition: the firms' capacities are what is
    /// left of them.
    func limit(_ input: inout MarketInput) {
        for index in input.firms.indices {
            guard let (id, code) = firms[input.firms[index].id] else { continue }
            let here = holders.filter { $0.firm == id }.map(\.applicant)
            var left = input.firms[index].capacity
            input.firms[index].caps = rules.caps.filter { $0.firms.isEmpty || $0.firms.contains(code) }.map { cap in
                let used = here.count { $0.isOf(cap.group) }
                return .init(category: Self.category(cap.group), maximum: max(0, cap.maximum - used))
            }
            // A firm can keep no more places than it has.
            input.firms[index].reserves = rules.reserves.filter { $0.firms.isEmpty || $0.firms.contains(code) }
                .compactMap { reserve in
                    let used = here.count { $0.isOf(reserve.group) }
                    let seats = min(left, max(0, reserve.seats - used))
                    left -= seats
                    return seats > 0 ? .init(category: Self.category(reserve.group), seats: seats) : nil
                }
            if let minimum = rules.minimums.first(where: { $0.firm == code }) {
                input.firms[index].minimum = min(input.firms[index].capacity, max(0, minimum.seats - here.count))
            }
        }
        input.regions = rules.regions.map { region in
            let members = input.firms.map(\.id).filter { firms[$0].map { region.firms.contains($0.code) } ?? false }
            let ids = Set(members.compactMap { firms[$0]?.id })
            let used = holders.count { ids.contains($0.firm) }
            return .init(id: region.code.description, firms: members, maximum: max(0, region.maximum - used))
        }
    }

    /// What the engine is asked for.
    func matching(seed: String, number: Int) -> MatchingRules {
        MatchingRules(
            proposing: rules.goal == .firmsOptimal ? .firms : .applicants,
            goal: rules.goal == .mostPlaced ? .mostPlaced : .stable,
            seed: seed,
            round: draw(number: number)
        )
    }

    /// The part of the lottery by which rounds differ.
    func draw(number: Int) -> String { rules.lottery == .once ? "1" : "\(number)" }
}

/// What rules ask of an applicant.
struct RuledApplicant: Sendable {
    let id: ApplicantID
    let university: Slug
    let economy: EconomyCode
    let isEnrolled: Bool

    func isOf(_ group: CohortRules.Group) -> Bool { group.contains(economy: economy, university: university) }
}

/// Why the rules kept somebody out of a round.
enum Exclusion: String, Codable, Sendable, CaseIterable {
    case notEligible = "not-eligible"
    case notEnrolled = "not-enrolled"
    case notCertified = "not-certified"
}
