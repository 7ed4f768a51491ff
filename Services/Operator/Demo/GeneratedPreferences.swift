/// Whom students and firms of the talent programme want, by their places in the lists of students and firms.
///
/// There is structure in it, as in life: some firms draw nearly everybody, each firm leans to one of the two
/// disciplines, and firms agree in part on who is good. Equal marks are ties.
struct GeneratedPreferences: Sendable {
    /// For each student: groups of firms, the most wanted first.
    let students: [[[Int]]]
    /// For each firm: groups of the students who listed it, the most wanted first. Marks below the bar are not ranked.
    let firms: [[[Int]]]

    init(students studentCount: Int, firms firmCount: Int, maximumChoices: Int, random: inout SplitMix64) {
        let pull = (0..<firmCount).map { 60 - 5 * $0 }
        let leaning = (0..<firmCount).map { _ in random.below(41) - 20 }
        let discipline = (0..<studentCount).map { _ in random.below(3) == 0 ? -1 : 1 }
        let ability = (0..<studentCount).map { _ in random.bell(12) }

        let lists = (0..<studentCount).map { student in
            let marks = (0..<firmCount).map { firm in
                // A student's marks are rough, in steps of six: what falls into one step is a tie.
                (pull[firm] + leaning[firm] * discipline[student] + random.bell(15)) / 6
            }
            let length = 4 + random.below(maximumChoices - 3)
            return Self.groups(Array(0..<firmCount), marks: marks, limit: length)
        }
        firms = (0..<firmCount).map { firm in
            let interested = (0..<studentCount).filter { student in lists[student].joined().contains(firm) }
            let marks = (0..<studentCount).map { student in
                50 + ability[student] + leaning[firm] * discipline[student] / 2 + random.bell(6)
            }
            return Self.groups(interested.filter { marks[$0] >= 25 }, marks: marks, limit: interested.count)
        }
        students = lists
    }

    /// `items` by falling marks, those of equal marks in one group; no more than `limit` items.
    private static func groups(_ items: [Int], marks: [Int], limit: Int) -> [[Int]] {
        var groups: [[Int]] = []
        for item in items.sorted(by: { (-marks[$0], $0) < (-marks[$1], $1) }).prefix(limit) {
            if let last = groups.last?.first, marks[last] == marks[item] {
                groups[groups.count - 1].append(item)
            } else {
                groups.append([item])
            }
        }
        return groups
    }
}
