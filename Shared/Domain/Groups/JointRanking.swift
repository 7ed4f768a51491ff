/// What a couple wants together, as it follows from what each of the two wants.
public struct JointRanking: Hashable, Sendable {
    /// Where the two would go; `nil` for without a place.
    public struct Pair: Hashable, Sendable {
        public let first: PositionID?
        public let second: PositionID?

        public init(_ first: PositionID?, _ second: PositionID?) {
            self.first = first
            self.second = second
        }
    }

    /// The most wanted first; the pairs of one group are tied.
    public let groups: [[Pair]]

    /// First the pairs of positions that are near each other, by the sum of their places on the two lists; of the same
    /// sum, the pair whose worse place is better. Where the couple accepts to be `apart`, then all other pairs in the
    /// same order, and at last a place for one of them alone.
    public init(
        _ first: Ranking<PositionSubject>,
        _ second: Ranking<PositionSubject>,
        positions: [PositionID: Position],
        apart: Bool
    ) {
        let lists = [first, second].map { Array(zip($0.ids, $0.tiers)).filter { positions[$0.0] != nil } }
        var entries: [(key: Key, pair: Pair)] = []
        for (one, place) in lists[0] {
            for (other, otherPlace) in lists[1] {
                guard let left = positions[one], let right = positions[other] else { continue }
                let isNear = left.isNear(right)
                guard isNear || apart else { continue }
                let key = Key(step: isNear ? 0 : 1, sum: place + otherPlace, worse: max(place, otherPlace))
                entries.append((key, Pair(one, other)))
            }
        }
        if apart {
            for (one, place) in lists[0] { entries.append((Key(step: 2, sum: place, worse: place), Pair(one, nil))) }
            for (one, place) in lists[1] { entries.append((Key(step: 2, sum: place, worse: place), Pair(nil, one))) }
        }
        groups = Dictionary(grouping: entries, by: \.key).sorted { $0.key < $1.key }.map { $0.value.map(\.pair) }
    }

    private struct Key: Hashable, Comparable {
        let step: Int
        let sum: Int
        let worse: Int

        static func < (left: Self, right: Self) -> Bool {
            (left.step, left.sum, left.worse) < (right.step, right.sum, right.worse)
        }
    }
}
