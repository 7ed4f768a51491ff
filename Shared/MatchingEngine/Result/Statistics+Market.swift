extension Market {
    func statistics(_ edges: [Int32]) -> MatchingStatistics {
        var profile: [Int] = []
        var filled = [Int](repeating: 0, count: positionCount)
        for (applicant, edge) in edges.enumerated() where edge >= 0 {
            let choice = choiceNumber(edge)
            if profile.count < choice { profile += Array(repeating: 0, count: choice - profile.count) }
            profile[choice - 1] += 1
            filled[position(of: edge)] += Int(seats[applicant])
        }
        var shares: [String: MatchingStatistics.Share] = [:]
        for applicant in input.applicants {
            let placed = applicantIndex[applicant.id].map { edges[Int($0)] >= 0 } ?? false
            for category in Set(applicant.categories) {
                shares[category, default: .init(applicants: 0, placed: 0)].applicants += 1
                if placed { shares[category]?.placed += 1 }
            }
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
            categories: shares,
            unfilled: unfilled
        )
    }

    /// 1 for an edge of the first group of the applicant's list as it was written.
    func choiceNumber(_ edge: Int32) -> Int { Int(edgeChoice[Int(edge)]) }
}
