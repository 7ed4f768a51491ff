/// Where to look after the play.
struct DemoLinks: Sendable {
    struct Place: Sendable {
        let name: String
        let url: String
    }

    let places: [Place]

    func text(_ console: Console) -> String {
        let width = places.map(\.name.terminalWidth).max() ?? 0
        return places.map { place in
            let space = String(repeating: " ", count: width - place.name.terminalWidth)
            return "  \(console.styled(place.name, .bold))\(space)  \(place.url)"
        }.joined(separator: "\n")
    }
}
