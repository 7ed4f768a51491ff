import MatchingEngine

/// Tries every matching of a small market with positions, teams or quotas; each notion from its definition.
struct PlacesBruteForce {
    let input: MarketInput

    struct Person {
        let id: String
        let ranking: [[String]]
        let seats: Int
    }

    var people: [Person] {
        input.applicants.map { Person(id: $0.id, ranking: $0.ranking, seats: 1) }
            + input.teams.map { Person(id: $0.id, ranking: $0.ranking, seats: $0.seats) }
    }

    func firm(of place: String) -> MarketInput.Firm? {
        input.firms.first { $0.id == place || $0.positions.contains { $0.id == place } }
    }

    func capacity(_ place: String) -> Int {
        guard let firm = firm(of: place) else { return 0 }
        return firm.positions.first { $0.id == place }?.capacity ?? firm.capacity
    }

    func rank(_ person: String, _ firm: MarketInput.Firm) -> Int? { firm.ranking.firstIndex { $0.contains(person) } }

    func seats(_ person: String) -> Int { input.teams.first { $0.id == person }?.seats ?? 1 }

    func staff(at place: String, _ matching: Matching) -> [String] { matching.filter { $0.value == place }.map(\.key) }

    func staff(of firm: MarketInput.Firm, _ matching: Matching) -> [String] {
        matching.filter { $0.value.flatMap { self.firm(of: $0) }?.id == firm.id }.map(\.key)
    }

    func taken(_ staff: [String]) -> Int { staff.reduce(0) { $0 + seats($1) } }

    /// Every matching within capacities.
    func feasible() -> [Matching] {
        var found: [Matching] = [[:]]
        for person in people {
            found = found.flatMap { matching in
                ([nil] + person.ranking.joined().map(Optional.some)).compactMap { place in
                    var next = matching
                    next[person.id] = .some(place)
                    guard let place else { return next }
                    guard let firm = firm(of: place), rank(person.id, firm) != nil,
                        taken(staff(at: place, next)) <= capacity(place), taken(staff(of: firm, next)) <= firm.capacity
                    else { return nil }
                    return next
                }
            }
        }
        return found
    }

    func meetsMinima(_ matching: Matching) -> Bool {
        input.firms.allSatisfy { firm in
            staff(of: firm, matching).count >= firm.minimum
                && firm.positions.allSatisfy { staff(at: $0.id, matching).count >= $0.minimum }
        }
    }

    /// What each person would rather have, by person and place.
    func wishes(_ matching: Matching) -> [(person: Person, place: String)] {
        people.flatMap { person in
            let place = matching[person.id] ?? nil
            let now =
                place.flatMap { place in person.ranking.firstIndex { $0.contains(place) } } ?? person.ranking.count
            return person.ranking.prefix(now).joined().map { (person, $0) }
        }
    }

    /// Abraham, Irving and Manlove's blocking pairs of students and projects.
    func blocking(_ matching: Matching) -> Int {
        wishes(matching).count { person, place in
            guard let firm = firm(of: place), let own = rank(person.id, firm) else { return false }
            func worse(_ staff: [String]) -> Bool { staff.contains { (rank($0, firm) ?? 0) > own } }
            let here = staff(at: place, matching)
            let all = staff(of: firm, matching)
            if capacity(place) == 0 || firm.capacity == 0 { return false }
            if here.count >= capacity(place) { return worse(here) }
            return all.count < firm.capacity || all.contains(person.id) || worse(all)
        }
    }

    /// A team blocks with a firm that could take it beside those ranked as good or better.
    func blockingTeams(_ matching: Matching) -> Int {
        wishes(matching).count { person, place in
            guard let firm = firm(of: place), let own = rank(person.id, firm) else { return false }
            let staying = staff(at: place, matching).filter { (rank($0, firm) ?? 0) <= own }
            return taken(staying) + person.seats <= firm.capacity
        }
    }

    /// Pairs in which somebody envies one who is ranked worse.
    func envy(_ matching: Matching) -> Int {
        wishes(matching).count { person, place in
            guard let firm = firm(of: place), let own = rank(person.id, firm) else { return false }
            return staff(at: place, matching).contains { (rank($0, firm) ?? 0) > own }
        }
    }

    func tier(_ person: Person, _ matching: Matching) -> Int {
        (matching[person.id] ?? nil).flatMap { place in person.ranking.firstIndex { $0.contains(place) } } ?? .max
    }
}
