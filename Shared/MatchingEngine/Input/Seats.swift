/// By applicant, how many seats it takes.
struct Seats: Sendable {
    private let stored: [Int32]

    init(_ seats: [Int32]) {
        stored = seats
    }

    /// Everybody takes one.
    init() {
        stored = []
    }

    var areAllOne: Bool { stored.allSatisfy { $0 == 1 } }

    subscript(applicant: Int) -> Int32 { stored.isEmpty ? 1 : stored[applicant] }
}
