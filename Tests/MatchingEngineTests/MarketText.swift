import MarketFile
import MatchingEngine

extension MarketInput {
    /// The market as a file. Of a ranking, a group of one is an id or, now and then, an array of one.
    var json: [UInt8] {
        let people = applicants.map { person in
            let categories = person.categories.map(Self.quoted).joined(separator: ", ")
            return "{\"id\": \(Self.quoted(person.id)), \"ranking\": \(Self.text(person.ranking)), "
                + "\"categories\": [\(categories)]}"
        }
        let offers = firms.map { firm in
            "{\"capacity\": \(firm.capacity), \"ranking\": \(Self.text(firm.ranking)), \"id\": \(Self.quoted(firm.id))}"
        }
        return Array(
            """
            {"format": "tradewind-market/1",
             "applicants": [\(people.joined(separator: ",\n"))],
             "firms": [\(offers.joined(separator: ",\n"))]}
            """.utf8
        )
    }

    /// As two tables: of applicants, and of firms.
    var csv: (applicants: [UInt8], firms: [UInt8]) {
        let people = applicants.map { person in
            ([person.id] + person.ranking.map { $0.joined(separator: " = ") }).joined(separator: ",")
        }
        let offers = firms.map { firm in
            "\(firm.id),\(firm.capacity),\(firm.ranking.map { $0.joined(separator: "=") }.joined(separator: " "))"
        }
        return (
            Array((["id,choices"] + people).joined(separator: "\n").utf8),
            Array((["id,capacity,ranking"] + offers).joined(separator: "\r\n").utf8)
        )
    }

    private static func text(_ ranking: [[String]]) -> String {
        let groups = ranking.map { group in
            group.count == 1 ? quoted(group[0]) : "[\(group.map(quoted).joined(separator: ", "))]"
        }
        return "[\(groups.joined(separator: ", "))]"
    }

    private static func quoted(_ text: String) -> String {
        "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }
}
