/// The market as the checker reads it: straight from the input, by its own reading of the rules.
struct CheckedMarket {
    struct Place {
        let id: String
        let firm: Int
        let capacity: Int
    }

    struct Listing {
        let place: Int
        /// The lower the better; equal for tied ones.
        let choice: Int
        let rank: Int
    }

    let applicants: [String]
    let seats: [Int]
    let places: [Place]
    let firmCapacity: [Int]
    let firmIDs: [String]
    let applicantNumber: [String: Int]
    let placeNumber: [String: Int]
    let firmNumber: [String: Int]
    let couplesMembers: Set<Int>
    /// By applicant: what both sides listed.
    var listings: [[Listing]]

    init(_ input: MarketInput) {
        var people: [(id: String, ranking: [[String]], seats: Int)] = input.applicants.map { ($0.id, $0.ranking, 1) }
        people += input.teams.map { ($0.id, $0.ranking, $0.seats) }
        for couple in input.couples {
            let pairs = couple.ranking.flatMap { $0 }
            people.append((couple.first, [Array(Set(pairs.compactMap(\.first)))], 1))
            people.append((couple.second, [Array(Set(pairs.compactMap(\.second)))], 1))
        }
        people.sort { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        applicants = people.map(\.id)
        seats = people.map(\.seats)
        applicantNumber = Dictionary(uniqueKeysWithValues: people.enumerated().map { ($1.id, $0) })
        var members = Set<Int>()
        for couple in input.couples {
            for id in [couple.first, couple.second] { if let number = applicantNumber[id] { members.insert(number) } }
        }
        couplesMembers = members

        let firms = input.firms.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        firmIDs = firms.map(\.id)
        firmCapacity = firms.map(\.capacity)
        firmNumber = Dictionary(uniqueKeysWithValues: firms.enumerated().map { ($1.id, $0) })
        var places: [Place] = []
        for (number, firm) in firms.enumerated() {
            if firm.positions.isEmpty {
                places.append(Place(id: firm.id, firm: number, capacity: firm.capacity))
            }
            for position in firm.positions {
                places.append(Place(id: position.id, firm: number, capacity: position.capacity))
            }
        }
        places.sort { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        self.places = places
        placeNumber = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1.id, $0) })

        // One pass for each firm: its ranks in a table, then everybody who asks for one of its places.
        var asking = [[(person: Int, place: Int, choice: Int)]](repeating: [], count: firms.count)
        for (number, person) in people.enumerated() {
            for (choice, group) in person.ranking.enumerated() {
                for id in group {
                    guard let place = placeNumber[id] else { continue }
                    asking[places[place].firm].append((number, place, choice))
                }
            }
        }
        var listings = [[Listing]](repeating: [], count: people.count)
        var rankOf = [Int](repeating: 0, count: people.count)
        for (number, firm) in firms.enumerated() {
            var better = 1
            for group in firm.ranking {
                for id in group { if let person = applicantNumber[id] { rankOf[person] = better } }
                better += group.count
            }
            for (person, place, choice) in asking[number] where rankOf[person] > 0 {
                listings[person].append(Listing(place: place, choice: choice, rank: rankOf[person]))
            }
            for id in firm.ranking.joined() { if let person = applicantNumber[id] { rankOf[person] = 0 } }
        }
        self.listings = listings
    }
}
