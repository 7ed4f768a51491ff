import Domain

/// `names.json`: lists of names and the patterns that join them, and who of which economy is called from which pool.
struct NamePools: Decodable, Sendable {
    struct Economy: Decodable, Sendable {
        let pool: String
        let language: LanguageTag
    }
    struct Teams: Decodable, Sendable {
        let first: [String]
        let second: [String]
    }
    let pools: [String: [String: [String]]]
    let economies: [String: Economy]
    let teams: Teams
}

/// A person who does not exist.
struct GeneratedPerson: Hashable, Sendable {
    let name: String
    let email: String
    let language: LanguageTag
    let economy: String
    var teamName: String?

    func recipient() throws -> Recipient {
        Recipient(name: try PersonName(name), email: try EmailAddress(email), language: language)
    }
}

/// Makes the same people for the same seed.
struct PeopleGenerator {
    let names: NamePools
    var random: SplitMix64

    /// `count` people, their economies drawn by `shares`; the address is `<economy><number>@<domain>`.
    mutating func people(_ count: Int, shares: [String: Int], domain: String) throws -> [GeneratedPerson] {
        let urn = shares.sorted { $0.key < $1.key }.flatMap { Array(repeating: $0.key, count: $0.value) }
        return try (1...count).map { number in
            try person(economy: random.pick(urn), number: number, domain: domain)
        }
    }

    mutating func person(economy: String, number: Int, domain: String) throws -> GeneratedPerson {
        guard let about = names.economies[economy], let pool = names.pools[about.pool] else {
            throw CommandFailure("The demo's names have no pool for \(economy).")
        }
        return GeneratedPerson(
            name: name(from: pool),
            email: "\(economy.lowercased())\(String(number).leftPadded(to: 4))@\(domain)",
            language: about.language,
            economy: economy
        )
    }

    /// `count` different names of teams.
    mutating func teamNames(_ count: Int) -> [String] {
        let all = names.teams.first.flatMap { first in names.teams.second.map { "\(first) \($0)" } }
        return random.sample(count, of: all)
    }

    /// Fills one of the pool's patterns.
    private mutating func name(from pool: [String: [String]]) -> String {
        var rest = Substring(random.pick(pool["patterns"] ?? ["{given}"]))
        var name = ""
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            name += rest[..<open]
            let list = pool[String(rest[rest.index(after: open)..<close])] ?? []
            name += list.isEmpty ? "" : random.pick(list)
            rest = rest[rest.index(after: close)...]
        }
        return name + rest
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: "0", count: max(0, width - count)) + self
    }
}
