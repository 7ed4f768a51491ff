/// Deferred acceptance in which applicants propose, one after the other, and whatever was done can be taken back.
///
/// A position's offers stand in one row, the best first, and it holds the best of those that were made: where its hold
/// ends is one number, and taking back a proposal means to restore it.
struct RewindableProposals {
    /// Something that an applicant can propose: where it stands in the rows below.
    private struct Offer {
        let position: Int32
        let slot: Int32
    }

    private enum Step {
        case proposal(Int32, lastHeld: Int32, fillsSeat: Bool)
        case seat(Int, lastHeld: Int32, wasTaken: Bool)
    }

    /// By applicant, in strict order: `offers[start[a]..<start[a + 1]]`.
    private let start: [Int32]
    private let offers: [Offer]
    /// By position, in strict order: the slots `row[p]..<row[p + 1]`, with the edge and the applicant of each.
    private let row: [Int32]
    private let edges: [Int32]
    private let applicants: [Int32]

    private var isMade: [Bool]
    /// By position: the slot of the worst it holds, one before its row if it holds nobody.
    private var lastHeld: [Int32]
    private var held: [Int32]
    private var room: [Int32]
    private var next: [Int32]
    private var end: [Int32]
    /// What is to be taken back once the present trial is over.
    private var steps: [Step] = []
    private var isTrying = false

    /// Nobody has proposed yet.
    init(_ market: Market, _ strict: StrictPreferences) {
        var lists = [[Int32]](repeating: [], count: market.positionCount)
        for (place, edge) in strict.order.enumerated() { lists[market.position(of: edge)].append(Int32(place)) }
        var owners = [Int32](repeating: 0, count: strict.order.count)
        for applicant in 0..<market.applicantCount {
            for place in market.edges(of: applicant) { owners[place] = Int32(applicant) }
        }
        var offers = [Offer](repeating: Offer(position: 0, slot: 0), count: strict.order.count)
        var row: [Int32] = [0]
        var edges: [Int32] = []
        var applicants: [Int32] = []
        for (position, list) in lists.enumerated() {
            func key(_ place: Int32) -> Int64 { strict.key[Int(strict.order[Int(place)])] }
            for place in list.sorted(by: { key($0) < key($1) }) {
                offers[Int(place)] = Offer(position: Int32(position), slot: Int32(edges.count))
                edges.append(strict.order[Int(place)])
                applicants.append(owners[Int(place)])
            }
            row.append(Int32(edges.count))
        }
        start = market.edgeStart
        self.offers = offers
        self.row = row
        self.edges = edges
        self.applicants = applicants
        isMade = Array(repeating: false, count: edges.count)
        lastHeld = row.dropLast().map { $0 - 1 }
        held = Array(repeating: 0, count: market.positionCount)
        room = market.positionCapacity
        next = start
        end = Array(start.dropFirst())
    }

    /// Lets an applicant propose, and everybody who has to move on because of it. The order of admissions makes no
    /// difference to the places.
    mutating func admit(_ applicant: Int) {
        var proposer = Int32(applicant)
        while proposer >= 0 { proposer = propose(Int(proposer)) }
    }

    /// Whether an applicant who proposes this alone, by its number in the strict order, gets it; nothing comes of
    /// it. Precondition: the applicant is never admitted otherwise.
    mutating func wouldGet(_ place: Int, _ applicant: Int) -> Bool {
        next[applicant] = Int32(place)
        end[applicant] = Int32(place) + 1
        let offer = offers[place]
        return trying { state in
            state.admit(applicant)
            return offer.slot <= state.lastHeld[Int(offer.position)]
        }
    }

    /// The best that a position would refuse if it had one seat less; `nil` if nobody. Precondition: it
    /// has a seat.
    mutating func bestRefused(withoutSeatAt position: Int) -> Int32? {
        trying { state in
            state.takeSeat(at: position)
            guard state.held[position] == state.room[position] else { return nil }
            let worse = state.lastHeld[position] + 1..<state.row[position + 1]
            return worse.first { state.isMade[Int($0)] }.map { state.edges[Int($0)] }
        }
    }

    /// Takes back whatever `body` does.
    mutating func trying<Result>(_ body: (inout Self) -> Result) -> Result {
        let count = steps.count
        let wasTrying = isTrying
        isTrying = true
        defer {
            while steps.count > count { takeBack() }
            isTrying = wasTrying
        }
        return body(&self)
    }

    private mutating func takeSeat(at position: Int) {
        let isTaken = held[position] == room[position]
        steps.append(.seat(position, lastHeld: lastHeld[position], wasTaken: isTaken))
        room[position] -= 1
        guard isTaken else { return }
        held[position] -= 1
        let loser = applicants[Int(lastHeld[position])]
        lastHeld[position] = slotHeld(before: lastHeld[position], at: position)
        admit(Int(loser))
    }

    /// Takes the applicant down its list until somebody else has to move on. Returns who, or -1.
    private mutating func propose(_ applicant: Int) -> Int32 {
        while next[applicant] < end[applicant] {
            let place = next[applicant]
            let offer = offers[Int(place)]
            let position = Int(offer.position)
            let worst = lastHeld[position]
            let fillsSeat = held[position] < room[position]
            next[applicant] += 1
            isMade[Int(offer.slot)] = true
            if isTrying { steps.append(.proposal(place, lastHeld: worst, fillsSeat: fillsSeat)) }
            if fillsSeat {
                held[position] += 1
                lastHeld[position] = max(worst, offer.slot)
                return -1
            }
            if offer.slot < worst {
                lastHeld[position] = slotHeld(before: worst, at: position)
                return applicants[Int(worst)]
            }
        }
        return -1
    }

    private func slotHeld(before slot: Int32, at position: Int) -> Int32 {
        var slot = slot - 1
        while slot >= row[position], !isMade[Int(slot)] { slot -= 1 }
        return slot
    }

    private mutating func takeBack() {
        switch steps.removeLast() {
        case .proposal(let place, let worst, let fillsSeat):
            let offer = offers[Int(place)]
            next[Int(applicants[Int(offer.slot)])] -= 1
            isMade[Int(offer.slot)] = false
            lastHeld[Int(offer.position)] = worst
            if fillsSeat { held[Int(offer.position)] -= 1 }
        case .seat(let position, let worst, let wasTaken):
            room[position] += 1
            lastHeld[position] = worst
            if wasTaken { held[position] += 1 }
        }
    }
}
