import Domain
import Foundation
import Testing

@Suite struct PlacesTests {
    @Test func placesAreGivenUntilNoneIsFreeThenPeopleWaitInOrder() throws {
        var places = Places(capacity: try Capacity(2))
        #expect(places.register() == .confirmed)
        #expect(places.register() == .confirmed)
        #expect(places.register() == .waiting(position: 1))
        #expect(places.register() == .waiting(position: 2))
        #expect(places.confirmed == 2 && places.waiting == 2 && places.free == 0 && places.registered == 4)
    }

    @Test func aCancelledPlaceGoesToTheFirstWhoWaits() throws {
        var places = Places(capacity: try Capacity(1))
        for _ in 0..<3 { _ = places.register() }
        #expect(try places.cancel(.confirmed) == 1)
        #expect(places.confirmed == 1 && places.waiting == 1 && places.cancelled == 1 && places.promoted == 1)
        #expect(try places.cancel(.waiting) == 0)
        #expect(try places.cancel(.confirmed) == 0)
        #expect(places.confirmed == 0 && places.waiting == 0 && places.cancelled == 3 && places.promoted == 1)
    }

    @Test func whatIsCancelledCantBeCancelled() throws {
        var places = Places(capacity: try Capacity(1))
        #expect(throws: CancellationRefusal.alreadyCancelled) { try places.cancel(.cancelled) }
        #expect(places == Places(capacity: try Capacity(1)))
    }

    @Test func aHigherCapacityMovesUpAsManyAsItHasPlacesFor() throws {
        var places = Places(capacity: try Capacity(1))
        for _ in 0..<5 { _ = places.register() }
        #expect(places.change(capacity: try Capacity(3)) == 2)
        #expect(places.confirmed == 3 && places.waiting == 2 && places.promoted == 2 && places.ceiling == 3)
        #expect(places.change(capacity: try Capacity(100)) == 2)
        #expect(places.free == 95 && places.ceiling == 100)
    }

    @Test func aLowerCapacityTakesNoPlaceAway() throws {
        var places = Places(capacity: try Capacity(3))
        for _ in 0..<4 { _ = places.register() }
        #expect(places.change(capacity: try Capacity(1)) == 0)
        #expect(places.confirmed == 3 && places.waiting == 1 && places.free == 0 && places.ceiling == 3)
        #expect(try places.cancel(.confirmed) == 0)
        #expect(places.confirmed == 2 && places.ceiling == 2)
        #expect(try places.cancel(.confirmed) == 0)
        #expect(places.confirmed == 1 && places.waiting == 1 && places.ceiling == 1)
        #expect(try places.cancel(.confirmed) == 1)
        #expect(places.confirmed == 1 && places.waiting == 0 && places.ceiling == 1)
    }

    /// Any order of changes keeps what must hold; a plain list of states is the independent model.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func countsAgreeWithAListOfStates(seed: UInt64) throws {
        var random = Linear(state: seed)
        var places = Places(capacity: try Capacity(3))
        var states: [RegistrationState] = []
        for _ in 0..<300 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                states.append(places.register().state)
            case 2:
                guard let index = states.indices.randomElement(using: &random) else { continue }
                guard let count = try? places.cancel(states[index]) else { continue }
                states[index] = .cancelled
                promote(count, in: &states)
            default:
                let count = places.change(capacity: try Capacity(Int.random(in: 1...20, using: &random)))
                promote(count, in: &states)
            }
            #expect(states.count { $0 == .confirmed } == places.confirmed)
            #expect(states.count { $0 == .waiting } == places.waiting)
            #expect(states.count { $0 == .cancelled } == places.cancelled)
            #expect(places.waiting == 0 || places.free == 0)
            #expect(places.confirmed <= places.ceiling && places.ceiling >= places.capacity.count)
        }
    }

    private func promote(_ count: Int, in states: inout [RegistrationState]) {
        for _ in 0..<count {
            guard let first = states.firstIndex(of: .waiting) else { return }
            states[first] = .confirmed
        }
    }

    private struct Linear: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state ^ state >> 33) &* 0xff51_afd7_ed55_8ccd
        }
    }

    @Test func capacityIsFromOneToAMillion() throws {
        #expect(throws: InvalidValue.self) { try Capacity(0) }
        #expect(throws: InvalidValue.self) { try Capacity(1_000_001) }
        #expect(try Capacity(1_000_000).count == 1_000_000)
    }

    @Test func theWindowOpensAtItsStartAndIsClosedAtItsEnd() throws {
        let opens = Date(timeIntervalSince1970: 1000)
        let closes = Date(timeIntervalSince1970: 2000)
        let window = RegistrationWindow(opens: opens, closes: closes)
        #expect(throws: RegistrationRefusal.notOpenYet) { try window.check(at: opens - 1) }
        try window.check(at: opens)
        try window.check(at: closes - 1)
        #expect(throws: RegistrationRefusal.closed) { try window.check(at: closes) }
        try RegistrationWindow().check(at: .distantPast)
        try RegistrationWindow().check(at: .distantFuture)
    }

    @Test(arguments: [
        ("An@Example.org", "an@example.org"), ("ａｎ@example.org", "an@example.org"),
        ("Ren\u{65}\u{301}@example.org", "ren\u{e9}@example.org"),
    ])
    func addressesThatDifferInFormOnlyAreOneMailbox(left: String, right: String) throws {
        #expect(try Array(EmailAddress(left).mailboxKey.utf8) == Array(EmailAddress(right).mailboxKey.utf8))
    }

    @Test func otherLettersThatLookAlikeAreAnotherMailbox() throws {
        #expect(try EmailAddress("аn@example.org").mailboxKey != EmailAddress("an@example.org").mailboxKey)
    }
}
