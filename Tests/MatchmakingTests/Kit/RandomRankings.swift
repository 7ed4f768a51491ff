/// SplitMix64: the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// What both sides of a cohort might rank: incomplete, some of it tied, some of it not returned by the other side.
struct RandomRankings {
    var applicants: [String: [[String]]] = [:]
    var firms: [String: [[String]]] = [:]

    init(applicants ids: [String], firms firmIDs: [String], choices: Int, seed: UInt64) {
        var random = SeededGenerator(seed)
        for id in ids {
            let wanted = firmIDs.shuffled(using: &random).prefix(Int.random(in: 0...choices, using: &random))
            applicants[id] = Self.groups(Array(wanted), &random)
        }
        for firm in firmIDs {
            let known = ids.shuffled(using: &random).filter { _ in Int.random(in: 0..<10, using: &random) > 0 }
            firms[firm] = Self.groups(known, &random)
        }
    }

    private static func groups(_ ids: [String], _ random: inout SeededGenerator) -> [[String]] {
        var groups: [[String]] = []
        for id in ids {
            if !groups.isEmpty, Int.random(in: 0..<4, using: &random) == 0 {
                groups[groups.count - 1].append(id)
            } else {
                groups.append([id])
            }
        }
        return groups
    }
}
