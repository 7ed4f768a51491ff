import Domain
import Foundation
import Testing

@Suite("The steps of a cohort")
struct CohortStepsTests {
    typealias Rules = CohortRulesTests

    @Test func eachStepBeginsWhereTheOneBeforeEnds() throws {
        for state in CohortState.allCases {
            var opening = try Rules.cohort(state)
            if state == .draft {
                try opening.open()
                #expect(opening.state == .open && opening.version == 6)
            } else {
                #expect(throws: state == .closed ? CohortRefusal.closed : .wrongStep) { try opening.open() }
                #expect(opening.state == state && opening.version == 5)
            }
            var ranking = try Rules.cohort(state)
            if state == .open {
                try ranking.openRanking(at: Rules.deadline)
                #expect(ranking.state == .ranking && ranking.version == 6)
            } else {
                #expect(throws: state == .closed ? CohortRefusal.closed : .wrongStep) {
                    try ranking.openRanking(at: Rules.deadline)
                }
            }
        }
        var late = try Rules.cohort(.open)
        #expect(throws: CohortRefusal.rankingClosed) { try late.openRanking(at: Rules.after) }
    }

    @Test func whoRanksWhenIsTold() throws {
        let refusals: [CohortState: CohortRefusal?] = [
            .draft: .rankingNotOpen, .open: .rankingNotOpen, .ranking: nil, .locked: .locked, .run: .locked,
            .published: .locked, .closed: .closed,
        ]
        for (state, refusal) in refusals {
            let cohort = try Rules.cohort(state)
            #expect(cohort.isRanking(at: Rules.deadline) == (refusal == nil))
            do {
                try cohort.checkRanking(at: Rules.deadline)
                #expect(refusal == nil)
            } catch {
                #expect(error == refusal)
            }
        }
    }

    @Test func membersJoinUntilTheLock() throws {
        for state in CohortState.allCases {
            var cohort = try Rules.cohort(state)
            if [.draft, .open, .ranking].contains(state) {
                try cohort.extend()
                try cohort.nominate(at: Rules.deadline)
                #expect(cohort.version == 7)
            } else {
                let refusal: CohortRefusal = state == .closed ? .closed : .locked
                #expect(throws: refusal) { try cohort.extend() }
                #expect(throws: refusal) { try cohort.nominate(at: Rules.after) }
            }
        }
    }

    @Test func onlyWhatRanksIsLocked() throws {
        for state in [CohortState.draft, .open] {
            var cohort = try Rules.cohort(state)
            #expect(throws: CohortRefusal.rankingNotOpen) {
                try cohort.lock(at: Rules.after, closesEarly: true, applicants: 1, firms: 1)
            }
        }
        var closed = try Rules.cohort(.closed)
        #expect(throws: CohortRefusal.closed) {
            try closed.lock(at: Rules.after, closesEarly: true, applicants: 1, firms: 1)
        }
    }

    @Test func aCohortClosesOnceAllIsSettled() throws {
        for state in CohortState.allCases where state != .closed {
            var cohort = try Rules.cohort(state)
            #expect(throws: CohortRefusal.answersOpen) { try cohort.close(pending: 1) }
            try cohort.close(pending: 0)
            #expect(cohort.state == .closed && cohort.version == 6)
            #expect(throws: CohortRefusal.closed) { try cohort.close(pending: 0) }
            #expect(throws: CohortRefusal.closed) { try cohort.changeMarket() }
            #expect(throws: CohortRefusal.closed) { try cohort.changeRules() }
            #expect(throws: CohortRefusal.closed) { try cohort.supplement(number: 2) }
            #expect(throws: CohortRefusal.closed) { try cohort.publish(RoundID(), computedAt: 2, published: nil) }
        }
    }

    @Test func whoLeavesOutdatesWhatWasRun() throws {
        var cohort = try Rules.cohort(.run)
        try cohort.changeMarket()
        #expect(cohort.version == 6 && cohort.marketVersion == 3 && cohort.state == .run)
        #expect(throws: CohortRefusal.outdated) { try cohort.publish(RoundID(), computedAt: 2, published: nil) }
        #expect(try cohort.publish(RoundID(), computedAt: 3, published: nil))
        // Other rules leave it as it is.
        var ruled = try Rules.cohort(.run)
        try ruled.changeRules()
        #expect(try ruled.publish(RoundID(), computedAt: 2, published: nil))
    }

    @Test func theRulesSayHowManyRoundsFollow() throws {
        var rules = CohortRules(maximumChoices: 3)
        func cohort() throws -> Cohort {
            Cohort(
                id: CohortID(),
                slug: try Slug("autumn"),
                title: try LocalizedText([.english: "Autumn"]),
                rankingDeadline: Rules.deadline,
                rules: rules,
                state: .published
            )
        }
        var free = try cohort()
        try free.supplement(number: 50)
        rules.supplementaryRounds = 1
        var limited = try cohort()
        try limited.supplement(number: 2)
        #expect(throws: CohortRefusal.noMoreRounds) { try limited.supplement(number: 3) }
    }
}
