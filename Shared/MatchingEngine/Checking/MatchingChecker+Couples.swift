extension MatchingChecker {
    func isInCouple(_ person: Int) -> Bool { market.couplesMembers.contains(person) }

    /// A couple's places must be a pair of its list.
    func coupleBreaches(_ laid: CheckedMatching) -> [String] {
        input.couples.compactMap { couple in
            let pair = pair(couple, laid)
            if pair == MarketInput.Pair(nil, nil) || position(of: pair, in: couple) != nil { return nil }
            return "\(couple.id) did not list its pair of places."
        }.sorted()
    }

    /// Couples who rank a pair better than what they have, and whose members both firms would choose from those they
    /// have and the newcomers.
    func blockingCouples(_ laid: CheckedMatching) -> [BlockingPair] {
        var found: [BlockingPair] = []
        for couple in input.couples {
            let present = pair(couple, laid)
            let refused = couple.ranking.firstIndex { $0.contains(MarketInput.Pair(nil, nil)) } ?? couple.ranking.count
            let now = min(position(of: present, in: couple) ?? refused, refused)
            for better in couple.ranking[..<now].joined() where wouldBeChosen(couple, better, laid) {
                let places = "\(better.first ?? "-"),\(better.second ?? "-")"
                found.append(BlockingPair(applicant: couple.id, position: places))
            }
        }
        return found.sorted { ($0.applicant, $0.position) < ($1.applicant, $1.position) }
    }

    private func pair(_ couple: MarketInput.Couple, _ laid: CheckedMatching) -> MarketInput.Pair {
        let places = [couple.first, couple.second].map { id in
            market.applicantNumber[id].flatMap { laid.assigned[$0] }.map { market.places[$0.place].id }
        }
        return MarketInput.Pair(places[0], places[1])
    }

    private func position(of pair: MarketInput.Pair, in couple: MarketInput.Couple) -> Int? {
        couple.ranking.firstIndex { $0.contains(pair) }
    }

    private func wouldBeChosen(_ couple: MarketInput.Couple, _ pair: MarketInput.Pair, _ laid: CheckedMatching) -> Bool
    {
        var wanted: [(person: Int, place: Int, rank: Int)] = []
        for (id, place) in [(couple.first, pair.first), (couple.second, pair.second)] {
            guard let place else { continue }
            guard let person = market.applicantNumber[id], let number = market.placeNumber[place],
                let listing = market.listings[person].first(where: { $0.place == number })
            else { return false }
            wanted.append((person, number, listing.rank))
        }
        return wanted.allSatisfy { want in
            let together = wanted.filter { $0.place == want.place }
            let others = laid.members[want.place].filter { member in !together.contains { $0.person == member.person } }
            // Best first; of equals those who are not of this couple go first.
            let line = others.map { ($0.rank, 0, $0.person) } + together.map { ($0.rank, 1, $0.person) }
            let ahead = line.sorted { $0 < $1 }.prefix { $0.2 != want.person }
            let taken = ahead.reduce(0) { $0 + market.seats[$1.2] }
            // Who has the seat already and is not crowded out by the partner keeps it.
            let hasSeat = together.count == 1 && laid.assigned[want.person]?.place == want.place
            return hasSeat || taken < market.places[want.place].capacity
        }
    }
}
