/// Whom somebody prefers to whom: groups of ids, the most wanted first. The ids of one group are tied. Empty means that
/// nobody is wanted.
public struct Ranking<Subject>: Hashable, Sendable {
    /// No group is empty and no id occurs twice.
    public let groups: [[ID<Subject>]]

    /// Parses a ranking of at most `maximum` of the ids in `known`, and where it is not empty of at least `minimum`.
    /// Throws every fault that it has.
    public init(
        _ groups: [[ID<Subject>]],
        among known: Set<ID<Subject>>,
        atLeast minimum: Int = 0,
        atMost maximum: Int
    ) throws(InvalidRanking) {
        var faults: [InvalidRanking.Fault] = []
        var seen: Set<ID<Subject>> = []
        var count = 0
        for (group, ids) in groups.enumerated() {
            if ids.isEmpty { faults.append(.init(group: group, "must not be empty")) }
            for (index, id) in ids.enumerated() {
                count += 1
                if !known.contains(id) {
                    faults.append(.init(group: group, index: index, "is not one that can be ranked here"))
                } else if !seen.insert(id).inserted {
                    faults.append(.init(group: group, index: index, "is ranked twice"))
                }
            }
        }
        if count > 0, count < minimum { faults.append(.init("must rank at least \(minimum)")) }
        if count > maximum { faults.append(.init("must rank at most \(maximum)")) }
        guard faults.isEmpty else { throw InvalidRanking(faults: faults) }
        self.groups = groups
    }

    /// A ranking as it was stored: `tiers` holds the number of each id's group. Precondition: same length, tiers rise.
    public init(ids: [ID<Subject>], tiers: [Int]) {
        var groups: [[ID<Subject>]] = []
        var last: Int?
        for (id, tier) in zip(ids, tiers) {
            if tier == last { groups[groups.count - 1].append(id) } else { groups.append([id]) }
            last = tier
        }
        self.groups = groups
    }

    /// The ids in order, those of one group beside each other.
    public var ids: [ID<Subject>] { groups.flatMap { $0 } }

    /// For each of `ids` the number of its group, from 1.
    public var tiers: [Int] { groups.enumerated().flatMap { Array(repeating: $0.offset + 1, count: $0.element.count) } }
}

/// Why a ranking was refused.
public struct InvalidRanking: Error, Hashable, Sendable {
    /// Never empty; in the order of the ranking, what concerns the whole last.
    public let faults: [Fault]

    public struct Fault: Hashable, Sendable {
        /// A JSON pointer into the ranking, such as `/2/0`; empty for the ranking as a whole.
        public let pointer: String
        /// A whole sentence without its subject.
        public let reason: String

        init(_ reason: String) {
            pointer = ""
            self.reason = reason
        }

        init(group: Int, index: Int? = nil, _ reason: String) {
            pointer = "/\(group)" + (index.map { "/\($0)" } ?? "")
            self.reason = reason
        }
    }
}
