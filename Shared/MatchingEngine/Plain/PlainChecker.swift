/// Checks matchings of markets with nothing but applicants and firms with a capacity, from the lists as they were
/// written. It shares no code with the solver, and takes a million applicants in a moment.
struct PlainChecker {
    private let tables: MarketTables
    /// By applicant: the firm, or `nowhere`.
    private var places: [Int32]
    private var filled: [Int32]
    /// By firm: the rank of the last admitted, 0 while nobody is.
    private var worst: [Int32]
    private(set) var breaches: [String] = []

    static let nowhere: Int32 = -1

    /// `places` has a firm of the market, or `nowhere`, for each applicant.
    init(_ tables: MarketTables, places: [Int32]) {
        self.tables = tables
        self.places = places
        filled = Array(repeating: 0, count: tables.firms.count)
        worst = filled
        seat()
        for firm in filled.indices where filled[firm] > tables.capacity[firm] {
            breaches.append("\(tables.firms[firm]) has \(tables.capacity[firm]) seats, and \(filled[firm]) are taken.")
        }
    }

    var inputHash: String { tables.canonicalHash }

    /// Finds who is listed by both sides, and how far each firm went down its list.
    private mutating func seat() {
        var claims = [Int32](repeating: 0, count: filled.count)
        for applicant in places.indices where places[applicant] >= 0 {
            let place = places[applicant]
            if tables.choices.row(applicant).contains(where: { tables.choices.entries[$0] & .max == place }) {
                claims[Int(place)] += 1
            } else {
                refuse(applicant)
            }
        }
        var isReturned = [Bool](repeating: false, count: places.count)
        let entries = tables.rankings.entries
        for firm in 0..<tables.rankings.count where claims[firm] > 0 {
            var rank: Int32 = 0
            let list = tables.rankings.row(firm)
            for index in list {
                let entry = entries[index]
                if entry >= 0 { rank = Int32(index - list.lowerBound) + 1 }
                let applicant = Int(entry & .max)
                guard places[applicant] == firm else { continue }
                isReturned[applicant] = true
                filled[firm] += 1
                worst[firm] = rank
                if filled[firm] == claims[firm] { break }
            }
        }
        for applicant in places.indices where places[applicant] >= 0 && !isReturned[applicant] { refuse(applicant) }
    }

    private mutating func refuse(_ applicant: Int) {
        let (person, place) = (tables.applicants[applicant], tables.firms[Int(places[applicant])])
        breaches.append("\(person) is placed at \(place), which is not listed by both sides.")
        places[applicant] = Self.nowhere
    }

    /// Every pair of which both would rather have each other.
    func blocking() -> [BlockingPair] {
        let (start, wishing) = wishes()
        var found: [(applicant: Int32, firm: Int)] = []
        let entries = tables.rankings.entries
        // By applicant, whether they would rather be at the firm at hand.
        var isWishing = [Bool](repeating: false, count: places.count)
        for firm in 0..<tables.rankings.count where tables.capacity[firm] > 0 && start[firm] < start[firm + 1] {
            let those = Int(start[firm])..<Int(start[firm + 1])
            for index in those { isWishing[Int(wishing[index])] = true }
            let limit = filled[firm] < tables.capacity[firm] ? .max : worst[firm]
            var rank: Int32 = 0
            let list = tables.rankings.row(firm)
            for index in list {
                let entry = entries[index]
                if entry >= 0 { rank = Int32(index - list.lowerBound) + 1 }
                if rank >= limit { break }
                if isWishing[Int(entry & .max)] { found.append((entry & .max, firm)) }
            }
            for index in those { isWishing[Int(wishing[index])] = false }
        }
        return found.sorted { ($0.applicant, $0.firm) < ($1.applicant, $1.firm) }.map {
            BlockingPair(applicant: tables.applicants[Int($0.applicant)], position: tables.firms[$0.firm])
        }
    }

    /// By firm, who would rather be there, in compressed rows.
    private func wishes() -> (start: [Int32], applicants: [Int32]) {
        let entries = tables.choices.entries
        // Where the choices end that are strictly better than the place.
        let ends = places.indices.map { applicant -> Int32 in
            let row = tables.choices.row(applicant)
            var better = row.lowerBound
            for index in row {
                let entry = entries[index]
                if entry >= 0 { better = index }
                if entry & .max == places[applicant] { return Int32(better) }
            }
            return Int32(row.upperBound)
        }
        var start = [Int32](repeating: 0, count: tables.firms.count + 1)
        for applicant in places.indices {
            for index in tables.choices.row(applicant).lowerBound..<Int(ends[applicant]) {
                start[Int(entries[index] & .max) + 1] += 1
            }
        }
        for firm in tables.firms.indices { start[firm + 1] += start[firm] }
        var fill = start
        var applicants = [Int32](repeating: 0, count: Int(start[tables.firms.count]))
        for applicant in places.indices {
            for index in tables.choices.row(applicant).lowerBound..<Int(ends[applicant]) {
                let firm = Int(entries[index] & .max)
                applicants[Int(fill[firm])] = Int32(applicant)
                fill[firm] += 1
            }
        }
        return (start, applicants)
    }

    func cutoffs(_ lottery: Lottery) -> [Cutoff] {
        tables.firms.indices.map { firm in
            Cutoff(
                position: tables.firms[firm],
                capacity: Int(tables.capacity[firm]),
                filled: Int(filled[firm]),
                lastRank: worst[firm] > 0 ? Int(worst[firm]) : nil,
                lastLottery: last(admittedBy: firm).map { lottery.number(of: tables.applicants[$0]) }.max()
            )
        }
    }

    /// Who was admitted with the worst rank.
    private func last(admittedBy firm: Int) -> [Int] {
        guard worst[firm] > 0 else { return [] }
        let list = tables.rankings.row(firm)
        var index = list.lowerBound + Int(worst[firm]) - 1
        var last: [Int] = []
        repeat {
            let applicant = Int(tables.rankings.entries[index] & .max)
            if places[applicant] == firm { last.append(applicant) }
            index += 1
        } while index < list.upperBound && tables.rankings.entries[index] < 0
        return last
    }
}
