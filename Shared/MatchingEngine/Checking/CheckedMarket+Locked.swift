extension CheckedMarket {
    /// Who is locked has one place only, before everybody who is not.
    mutating func lock(_ locked: [String: String]) {
        for (id, place) in locked {
            guard let person = applicantNumber[id], let number = placeNumber[place] else { continue }
            listings[person] = [Listing(place: number, choice: 0, rank: 0)]
        }
    }
}
