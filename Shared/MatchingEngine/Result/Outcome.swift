/// A matching with its proof and its figures.
public struct Outcome: Sendable {
    public let market: Market
    public let rules: MatchingRules
    public let certificate: Certificate
    public let statistics: MatchingStatistics
    /// For each applicant of the market the index of its edge, -1 without a place.
    let edges: [Int32]

    public var runID: String { certificate.runID }

    /// Where each applicant, team and couple's member goes; `nil` for without a place.
    public var matching: [String: String?] { market.matching(edges) }

    /// The place of one applicant; `nil` without one or for an unknown id.
    public func place(of applicant: String) -> String? {
        guard let index = market.applicantIndex[applicant], edges[Int(index)] >= 0 else { return nil }
        return market.positionIDs[market.position(of: edges[Int(index)])]
    }
}

extension Outcome {
    /// The number of the place of an applicant given by number; `nil` without one.
    package func placeNumber(of applicant: Int) -> Int? {
        edges[applicant] < 0 ? nil : market.position(of: edges[applicant])
    }

    /// By applicant the number of its place, -1 without one.
    package var placeNumbers: [Int32] { edges.map { $0 < 0 ? -1 : market.edgePosition[Int($0)] } }

    /// Which choice an applicant given by number got, 1 for the first; `nil` without a place.
    package func choiceNumber(of applicant: Int) -> Int? {
        edges[applicant] < 0 ? nil : market.choiceNumber(edges[applicant])
    }

    /// Which choice an applicant got, 1 for the first; `nil` without a place.
    public func choice(of applicant: String) -> Int? {
        guard let index = market.applicantIndex[applicant], edges[Int(index)] >= 0 else { return nil }
        return market.choiceNumber(edges[Int(index)])
    }
}
