/// Somebody's matching of a market, by number, and what of it the market does not know.
package struct WrittenMatching: Sendable {
    /// By applicant of the market.
    package var places: [Place]
    /// Ids that are no applicants, with what was said of their place.
    package var strangers: [String: String?] = [:]
    /// Places that do not exist, by applicant.
    package var unknownPlaces: [Int: String] = [:]

    package enum Place: Hashable, Sendable {
        case missing, nowhere
        case position(Int32)
        /// One of `unknownPlaces`.
        case unknown
    }

    package init(_ market: Market) {
        places = Array(repeating: .missing, count: market.applicantIDs.count)
    }

    init(_ matching: [String: String?], of market: Market) {
        self.init(market)
        for (id, answer) in matching {
            guard let applicant = market.applicantIDs[id] else {
                strangers[id] = .some(answer)
                continue
            }
            guard let answer else {
                places[Int(applicant)] = .nowhere
                continue
            }
            if let position = market.positionIDs[answer] {
                places[Int(applicant)] = .position(position)
            } else {
                places[Int(applicant)] = .unknown
                unknownPlaces[Int(applicant)] = answer
            }
        }
    }

    /// As ids.
    func matching(of market: Market) -> [String: String?] {
        var matching = strangers
        for (applicant, place) in places.enumerated() {
            let id = market.applicantIDs[applicant]
            switch place {
            case .missing: break
            case .nowhere: matching[id] = .some(nil)
            case .position(let position): matching[id] = .some(market.positionIDs[Int(position)])
            case .unknown: matching[id] = .some(unknownPlaces[applicant])
            }
        }
        return matching
    }
}
