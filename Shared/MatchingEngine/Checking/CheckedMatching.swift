/// A matching laid over the market: who sits where, and what is wrong with that by itself.
struct CheckedMatching {
    /// By applicant: the listing that it has.
    private(set) var assigned: [CheckedMarket.Listing?]
    private(set) var filledPlace: [Int]
    private(set) var filledFirm: [Int]
    /// The worst rank admitted, 0 while nobody is.
    private(set) var worstAtPlace: [Int]
    private(set) var worstAtFirm: [Int]
    /// By place: who sits there.
    private(set) var members: [[(person: Int, rank: Int)]]
    private(set) var breaches: [String] = []

    init(_ market: CheckedMarket, _ matching: [String: String?]) {
        assigned = Array(repeating: nil, count: market.applicants.count)
        filledPlace = Array(repeating: 0, count: market.places.count)
        filledFirm = Array(repeating: 0, count: market.firmIDs.count)
        members = Array(repeating: [], count: market.places.count)
        worstAtPlace = filledPlace
        worstAtFirm = filledFirm
        for (person, id) in market.applicants.enumerated() {
            guard let answer = matching[id] else {
                breaches.append("\(id) is missing from the matching.")
                continue
            }
            if let place = answer { seat(person, at: place, market) }
        }
        for id in matching.keys.sorted() where market.applicantNumber[id] == nil {
            breaches.append("\(id) is no applicant of the market.")
        }
        for (place, value) in market.places.enumerated() where filledPlace[place] > value.capacity {
            breaches.append("\(value.id) has \(value.capacity) seats, and \(filledPlace[place]) are taken.")
        }
        for (firm, id) in market.firmIDs.enumerated() where filledFirm[firm] > market.firmCapacity[firm] {
            guard market.placeNumber[id] == nil else { continue }
            breaches.append("\(id) has \(market.firmCapacity[firm]) seats, and \(filledFirm[firm]) are taken.")
        }
    }

    private mutating func seat(_ person: Int, at id: String, _ market: CheckedMarket) {
        guard let place = market.placeNumber[id] else {
            breaches.append("\(market.applicants[person]) is placed at \(id), which does not exist.")
            return
        }
        guard let listing = market.listings[person].first(where: { $0.place == place }) else {
            breaches.append("\(market.applicants[person]) is placed at \(id), which is not listed by both sides.")
            return
        }
        let firm = market.places[place].firm
        assigned[person] = listing
        members[place].append((person, listing.rank))
        filledPlace[place] += market.seats[person]
        filledFirm[firm] += market.seats[person]
        worstAtPlace[place] = max(worstAtPlace[place], listing.rank)
        worstAtFirm[firm] = max(worstAtFirm[firm], listing.rank)
    }
}
