extension Market {
    func statistics(_ edges: [Int32]) -> MatchingStatistics {
        var profile: [Int] = []
        var filled = [Int](repeating: 0, count: positionCount)
        for (applicant, edge) in edges.enumerated() where edge >= 0 {
            let choice = Int(edgeChoice.number(of: Int(edge), applicant: applicant))
            if profile.count < choice { profile += Array(repeating: 0, count: choice - profile.count) }
            profile[choice - 1] += 1
            filled[position(of: edge)] += Int(seats[applicant])
        }
        var unfilled: [String: Int] = [:]
        for position in 0..<positionCount where filled[position] < Int(positionCapacity[position]) {
            unfilled[positionIDs[position]] = Int(positionCapacity[position]) - filled[position]
        }
        return MatchingStatistics(
            applicants: applicantCount,
            placed: edges.count { $0 >= 0 },
            seats: firmCapacity.reduce(0) { $0 + Int($1) },
            filledSeats: filled.reduce(0, +),
            rankProfile: profile,
            categories: shares(edges),
            unfilled: unfilled
        )
    }

    /// By category: how many there are, and how many of them are placed.
    private func shares(_ edges: [Int32]) -> [String: MatchingStatistics.Share] {
        var shares: [String: MatchingStatistics.Share] = [:]
        func count(_ categories: [String], isPlaced: Bool) {
            for category in Set(categories) {
                shares[category, default: .init(applicants: 0, placed: 0)].applicants += 1
                if isPlaced { shares[category]?.placed += 1 }
            }
        }
        if let tables {
            for (index, categories) in tables.categories.enumerated() { count(categories, isPlaced: edges[index] >= 0) }
        } else {
            for applicant in input.applicants {
                let index = applicantIndex[applicant.id]
                count(applicant.categories, isPlaced: index.map { edges[Int($0)] >= 0 } ?? false)
            }
        }
        return shares
    }

    /// 1 for an edge of the first group of the applicant's list as it was written.
    func choiceNumber(_ edge: Int32) -> Int { Int(edgeChoice[Int(edge)]) }
}
