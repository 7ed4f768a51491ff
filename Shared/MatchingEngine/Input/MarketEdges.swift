/// The pairs that both sides listed, as rows of the applicants, each row best first.
struct MarketEdges {
    var start: [Int32] = [0]
    var applicant: [Int32] = []
    var position: [Int32] = []
    var choice: [Int32] = []
    var rank: [Int32] = []
    var oneSided = 0

    /// `listed` has one entry for each applicant: positions with the applicant's rank. `ranks` has one entry for each
    /// firm: applicants with the firm's rank. Neither names anything twice.
    init(listed: [[Entry]], ranks: [[Entry]], firmOfPosition: [Int32]) {
        let firmCount = ranks.count
        var rows = listed.map { $0.sorted { ($0.rank, $0.index) < ($1.rank, $1.index) } }
        // Bucket the entries by firm, so that one scratch array holds the ranks of one firm at a time.
        var buckets = [[(applicant: Int32, slot: Int32)]](repeating: [], count: firmCount)
        for (applicant, row) in rows.enumerated() {
            for (slot, entry) in row.enumerated() {
                buckets[Int(firmOfPosition[Int(entry.index)])].append((Int32(applicant), Int32(slot)))
            }
        }
        var firmRank = rows.map { [Int32](repeating: 0, count: $0.count) }
        var scratch = [Int32](repeating: 0, count: rows.count)
        for firm in 0..<firmCount {
            for entry in ranks[firm] { scratch[Int(entry.index)] = entry.rank }
            for (applicant, slot) in buckets[firm] {
                firmRank[Int(applicant)][Int(slot)] = scratch[Int(applicant)]
                if scratch[Int(applicant)] == 0 { oneSided += 1 }
            }
            var returned = Set<Int32>()
            for (applicant, _) in buckets[firm] { returned.insert(applicant) }
            for entry in ranks[firm] {
                if !returned.contains(entry.index) { oneSided += 1 }
                scratch[Int(entry.index)] = 0
            }
        }
        for applicant in rows.indices {
            for (slot, entry) in rows[applicant].enumerated() where firmRank[applicant][slot] > 0 {
                self.applicant.append(Int32(applicant))
                position.append(entry.index)
                choice.append(entry.rank)
                rank.append(firmRank[applicant][slot])
            }
            rows[applicant] = []
            start.append(Int32(position.count))
        }
    }

    /// Something ranked: 1 + how many are strictly before it.
    struct Entry {
        let index: Int32
        let rank: Int32
    }

    static func entries(_ ranking: [[String]], _ index: [String: Int32]) -> [Entry] {
        var entries: [Entry] = []
        for group in ranking {
            let rank = Int32(entries.count + 1)
            for id in group {
                if let number = index[id] { entries.append(Entry(index: number, rank: rank)) }
            }
        }
        return entries
    }
}
