import Domain
import Foundation
import Testing

@Suite("What may happen to a cohort, and when")
struct CohortRulesTests {
    static let deadline = Date(timeIntervalSince1970: 1_000_000)
    static let after = deadline.addingTimeInterval(1)

    static func cohort(_ state: CohortState = .ranking) throws -> Cohort {
        Cohort(
            id: CohortID(),
            slug: try Slug("autumn"),
            title: try LocalizedText([.english: "Autumn"]),
            rankingDeadline: deadline,
            rules: CohortRules(maximumChoices: 3),
            state: state,
            version: 5,
            marketVersion: 2
        )
    }

    @Test func rankingsMayChangeUpToTheDeadlineItself() throws {
        let cohort = try Self.cohort()
        try cohort.checkRanking(at: Self.deadline)
        #expect(cohort.isRanking(at: Self.deadline))
        #expect(!cohort.isRanking(at: Self.after))
        #expect(throws: CohortRefusal.rankingClosed) { try cohort.checkRanking(at: Self.after) }
    }

    @Test(arguments: [CohortState.locked, .run, .published])
    func nothingJoinsAndNobodyRanksOnceLocked(_ state: CohortState) throws {
        var cohort = try Self.cohort(state)
        #expect(!cohort.isRanking(at: Self.deadline))
        #expect(throws: CohortRefusal.locked) { try cohort.checkRanking(at: Self.deadline) }
        #expect(throws: CohortRefusal.locked) { try cohort.extend() }
        #expect(throws: CohortRefusal.locked) { try cohort.nominate(at: Self.deadline) }
        #expect(cohort.version == 5)
    }

    @Test func joiningRaisesTheVersion() throws {
        var cohort = try Self.cohort()
        try cohort.extend()
        #expect(cohort.version == 6)
        try cohort.nominate(at: Self.deadline)
        #expect(cohort.version == 7)
        #expect(cohort.state == .ranking)
        // Firms may still be added when applicants can't rank any more; applicants may not.
        try cohort.extend()
        #expect(throws: CohortRefusal.rankingClosed) { try cohort.nominate(at: Self.after) }
    }

    @Test func aRoundLocksAfterTheDeadlineOrOnExplicitWish() throws {
        var cohort = try Self.cohort()
        #expect(throws: CohortRefusal.rankingOpen) {
            try cohort.lock(at: Self.deadline, closesEarly: false, applicants: 1, firms: 1)
        }
        #expect(cohort.state == .ranking)
        var early = cohort
        try early.lock(at: Self.deadline, closesEarly: true, applicants: 1, firms: 1)
        #expect(early.state == .locked)
        #expect(early.version == 6)
        try cohort.lock(at: Self.after, closesEarly: false, applicants: 1, firms: 1)
        #expect(cohort.state == .locked)
    }

    @Test func anEmptyCohortIsNotLocked() throws {
        var cohort = try Self.cohort()
        #expect(throws: CohortRefusal.nothingToMatch) {
            try cohort.lock(at: Self.after, closesEarly: false, applicants: 0, firms: 1)
        }
        #expect(throws: CohortRefusal.nothingToMatch) {
            try cohort.lock(at: Self.after, closesEarly: false, applicants: 1, firms: 0)
        }
        #expect(cohort.state == .ranking)
    }

    @Test func lockingAgainChangesNothing() throws {
        for state in [CohortState.locked, .run] {
            var cohort = try Self.cohort(state)
            try cohort.lock(at: Self.deadline, closesEarly: false, applicants: 0, firms: 0)
            #expect(cohort.state == state)
            #expect(cohort.version == 5)
        }
        var published = try Self.cohort(.published)
        #expect(throws: CohortRefusal.alreadyPublished) {
            try published.lock(at: Self.after, closesEarly: true, applicants: 1, firms: 1)
        }
    }

    @Test func aRoundIsStoredOnlyIfNothingChangedSince() throws {
        var cohort = try Self.cohort(.locked)
        #expect(throws: CohortRefusal.changedMeanwhile) { try cohort.store(computedAt: 4) }
        try cohort.store(computedAt: 5)
        #expect(cohort.state == .run)
        #expect(cohort.version == 6)
        #expect(throws: CohortRefusal.changedMeanwhile) { try cohort.store(computedAt: 5) }
        try cohort.store(computedAt: 6)
        #expect(cohort.state == .run)

        var open = try Self.cohort()
        #expect(throws: CohortRefusal.changedMeanwhile) { try open.store(computedAt: 5) }
        var published = try Self.cohort(.published)
        #expect(throws: CohortRefusal.alreadyPublished) { try published.store(computedAt: 5) }
    }

    @Test func aRoundIsPublishedOnce() throws {
        let round = RoundID()
        var cohort = try Self.cohort(.run)
        #expect(try cohort.publish(round, computedAt: 2, published: nil))
        #expect(cohort.state == .published)
        #expect(cohort.version == 6)
        #expect(try !cohort.publish(round, computedAt: 2, published: round))
        #expect(cohort.version == 6)
        #expect(throws: CohortRefusal.alreadyPublished) {
            try cohort.publish(RoundID(), computedAt: 2, published: round)
        }
        for state in [CohortState.draft, .open, .ranking, .locked] {
            var early = try Self.cohort(state)
            #expect(throws: CohortRefusal.notRun) { try early.publish(round, computedAt: 2, published: nil) }
        }
    }

    @Test func everyRefusalHasAReasonOfItsOwn() {
        #expect(Set(CohortRefusal.allCases.map(\.reason)).count == CohortRefusal.allCases.count)
    }
}
