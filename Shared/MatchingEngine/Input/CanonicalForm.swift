/// The market as bytes that do not depend on the order in which it was written. What two inputs have in common here,
/// they have in common for the engine.
struct CanonicalForm {
    private(set) var bytes: [UInt8] = Array("tradewind-market/1".utf8)

    init(_ input: MarketInput) {
        list(input.applicants.sorted { $0.id.canonicallyPrecedes($1.id) }) { form, applicant in
            form.text(applicant.id)
            form.ranking(applicant.ranking)
            form.texts(Set(applicant.categories).sorted())
        }
        list(input.teams.sorted { $0.id.canonicallyPrecedes($1.id) }) { form, team in
            form.text(team.id)
            form.texts(team.members.canonicallySorted)
            form.ranking(team.ranking)
            form.number(team.seats)
        }
        list(input.couples.sorted { $0.id.canonicallyPrecedes($1.id) }) { form, couple in
            form.texts([couple.id, couple.first, couple.second])
            form.list(couple.ranking) { form, group in
                form.texts(group.map(Self.pair).canonicallySorted)
            }
        }
        list(input.firms.sorted { $0.id.canonicallyPrecedes($1.id) }) { form, firm in form.firm(firm) }
        list(input.regions.sorted { $0.id.canonicallyPrecedes($1.id) }) { form, region in
            form.text(region.id)
            form.texts(region.firms.canonicallySorted)
            form.number(region.maximum)
            form.texts(region.targets.map { "\($0.value) \($0.key)" }.canonicallySorted)
            form.texts(region.order)
        }
    }

    private mutating func firm(_ firm: MarketInput.Firm) {
        text(firm.id)
        number(firm.capacity)
        number(firm.minimum)
        ranking(firm.ranking)
        texts(firm.caps.map { "\($0.maximum) \($0.category)" }.canonicallySorted)
        texts(firm.reserves.map { "\($0.seats) \($0.category)" }.canonicallySorted)
        list(firm.positions.sorted { $0.id.canonicallyPrecedes($1.id) }) { form, position in
            form.text(position.id)
            form.number(position.capacity)
            form.number(position.minimum)
        }
    }

    private static func pair(_ pair: MarketInput.Pair) -> String {
        [pair.first, pair.second].map { $0.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined()
    }

    private mutating func ranking(_ ranking: [[String]]) {
        // An empty group says nothing.
        list(ranking.filter { !$0.isEmpty }) { form, group in form.texts(group.canonicallySorted) }
    }

    private mutating func list<Element>(_ elements: [Element], _ write: (inout CanonicalForm, Element) -> Void) {
        number(elements.count)
        for element in elements { write(&self, element) }
    }

    private mutating func texts(_ texts: [String]) { list(texts) { $0.text($1) } }

    private mutating func number(_ number: Int) { bytes += Array("\(number) ".utf8) }

    private mutating func text(_ text: String) {
        number(text.utf8.count)
        bytes += Array(text.utf8)
    }
}

extension MarketInput {
    /// SHA-256 of the canonical form.
    public var canonicalHash: String {
        Features(self).isPlain && teams.isEmpty
            ? MarketTables(self).canonicalHash : sha256(CanonicalForm(self).bytes)
    }
}

extension MatchingRules {
    /// Everything that the result depends on besides the market, in one fixed form.
    var canonical: String {
        func list(_ places: [String: String]) -> String {
            places.map { "\($0.key.utf8.count):\($0.key)=\($0.value)" }.canonicallySorted.joined(separator: ",")
        }
        let lines = [
            "1", proposing.rawValue, goal.rawValue, seed.canonicalLength, round.canonicalLength, list(locked),
        ]
        return (lines + (previous.isEmpty ? [] : [list(previous)])).joined(separator: "\n")
    }
}

extension String {
    fileprivate var canonicalLength: String { "\(utf8.count):\(self)" }
}
