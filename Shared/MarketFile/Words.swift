public import MatchingEngine

extension Explanation.Step {
    /// The reason in words that a student understands.
    public var text: String {
        switch reason {
        case .placed: "\(position): this is your place."
        case .notRankedByFirm: "\(position) did not rank you."
        case .ranked(let rank, let last):
            "\(position): you were \(ordinal(rank)); the last place went to the \(ordinal(last))."
        case .lottery(let rank, let own, let last):
            "\(position): you were \(ordinal(rank)), tied with the last admitted; your lottery number \(own) was behind \(last)."
        case .noSeats: "\(position) had no places."
        case .categoryFull(let category): "\(position) took as many of \(category) as it may."
        case .reserved(let category): "\(position): the last places were kept for \(category)."
        case .regionFull(let region): "\(position): the region \(region) took as many as it may."
        case .equallyGood: "\(position) was as good to you as your place."
        case .locked: "\(position): your place was settled beforehand."
        case .noRoomTogether: "\(position) had no room for all of you."
        case .blocking: "\(position) and you would rather have each other: no matching suits everybody."
        case .other: "\(position): the rules of this market led to another place."
        }
    }
}

extension Explanation.SmallestChange {
    public var text: String {
        switch self {
        case .ranked(let position, let rank):
            "Ranked \(ordinal(rank)) or better at \(position), you would have a place there."
        case .listing(let position): "Had you listed \(position) as well, you would have a place there."
        }
    }
}

func ordinal(_ number: Int) -> String {
    let suffix =
        switch (number % 100, number % 10) {
        case (11...13, _): "th"
        case (_, 1): "st"
        case (_, 2): "nd"
        case (_, 3): "rd"
        default: "th"
        }
    return "\(number)\(suffix)"
}
