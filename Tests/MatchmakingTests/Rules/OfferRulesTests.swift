import Domain
import Foundation
import Testing

@Suite("What becomes of an offer")
struct OfferRulesTests {
    static let deadline = Date(timeIntervalSince1970: 1_000_000)
    static let after = deadline.addingTimeInterval(1)

    static func offer(_ state: OfferState = .offered) -> Offer {
        Offer(id: OfferID(), applicant: ApplicantID(), firm: FirmID(), deadline: deadline, state: state, version: 3)
    }

    @Test(arguments: [
        (OfferAnswer.accept, OfferState.accepted), (.decline, .declined), (.defer, .deferralAsked),
    ])
    func anAnswerCountsUpToTheDeadlineItself(_ answer: OfferAnswer, _ state: OfferState) throws {
        var offer = Self.offer()
        #expect(offer.isOpen(at: Self.deadline) && !offer.isOpen(at: Self.after))
        #expect(try offer.answer(answer, at: Self.deadline))
        #expect(offer.state == state && offer.version == 4)
        // The same answer again changes nothing, also when it comes late.
        #expect(try !offer.answer(answer, at: Self.after))
        #expect(offer.version == 4)
        var late = Self.offer()
        #expect(throws: OfferRefusal.deadlinePassed) { try late.answer(answer, at: Self.after) }
        #expect(late.state == .offered && late.version == 3)
        #expect(late.state(at: Self.deadline) == .offered && late.state(at: Self.after) == .expired)
    }

    @Test func whatIsSettledStaysSo() throws {
        let refusals: [OfferState: OfferRefusal] = [
            .accepted: .answered, .declined: .answered, .deferred: .answered, .expired: .deadlinePassed,
            .withdrawn: .withdrawn, .revoked: .withdrawn,
        ]
        for (state, refusal) in refusals {
            for answer in OfferAnswer.allCases where (state, answer) != (.accepted, .accept) {
                if (state, answer) == (.declined, .decline) { continue }
                var offer = Self.offer(state)
                #expect(throws: refusal, "\(state) \(answer)") { try offer.answer(answer, at: Self.deadline) }
                #expect(offer.state == state && offer.version == 3)
                #expect(!offer.isOpen(at: Self.deadline))
            }
        }
    }

    @Test func whoAskedToDeferMayStillTakeOrLeaveThePlace() throws {
        for (answer, state) in [(OfferAnswer.accept, OfferState.accepted), (.decline, .declined)] {
            var offer = Self.offer(.deferralAsked)
            #expect(offer.isOpen(at: Self.after) && offer.state(at: Self.after) == .deferralAsked)
            #expect(try offer.answer(answer, at: Self.after))
            #expect(offer.state == state)
        }
    }

    @Test func staffDecideWhatWasAskedOnly() throws {
        var granted = Self.offer(.deferralAsked)
        try granted.decideDeferral(isGranted: true, extended: Self.after)
        #expect(granted.state == .deferred && granted.deadline == Self.deadline)
        var refused = Self.offer(.deferralAsked)
        try refused.decideDeferral(isGranted: false, extended: Self.after)
        #expect(refused.state == .offered && refused.deadline == Self.after && refused.version == 4)
        // A refusal never makes the time to answer shorter.
        var early = Self.offer(.deferralAsked)
        try early.decideDeferral(isGranted: false, extended: Self.deadline.addingTimeInterval(-1))
        #expect(early.deadline == Self.deadline)
        for state in OfferState.allCases where state != .deferralAsked {
            var offer = Self.offer(state)
            #expect(throws: OfferRefusal.noDeferralAsked) {
                try offer.decideDeferral(isGranted: true, extended: Self.after)
            }
        }
    }

    @Test func onlyAnOfferWithoutAnswerExpires() {
        for state in OfferState.allCases {
            var offer = Self.offer(state)
            let isExpired = offer.expire(due: Self.deadline)
            #expect(isExpired == (state == .offered))
            #expect(offer.state == (state == .offered ? .expired : state))
            let again = offer.expire(due: Self.after)
            #expect(!again)
        }
        var later = Self.offer()
        let early = Self.deadline.addingTimeInterval(-1)
        let isExpired = later.expire(due: early)
        #expect(!isExpired)
        #expect(later.state == .offered)
    }

    @Test func whatIsHeldCanBeWithdrawn() throws {
        for state in OfferState.allCases {
            for (subject, end) in [(WithdrawalSubject.applicant, OfferState.withdrawn), (.place, .revoked)] {
                var offer = Self.offer(state)
                if state.holdsPlace {
                    try offer.withdraw(subject)
                    #expect(offer.state == end && offer.version == 4)
                } else {
                    #expect(throws: OfferRefusal.closed) { try offer.withdraw(subject) }
                }
            }
        }
        #expect(Set(OfferState.allCases.filter(\.holdsPlace)) == [.offered, .accepted, .deferralAsked])
    }

    @Test func theDeadlineIsAWholeSecondAndNeverEarly() {
        let now = Date(timeIntervalSince1970: 1000.25)
        #expect(AnswerRules(days: 2).deadline(from: now) == Date(timeIntervalSince1970: 1001 + 172_800))
        #expect(AnswerRules() == AnswerRules(days: 14, refill: .approved))
    }

    @Test func aSupplementaryRoundFollowsThePublication() throws {
        for state in CohortState.allCases where state != .published && state != .closed {
            var cohort = try CohortRulesTests.cohort(state)
            #expect(throws: CohortRefusal.notPublished) { try cohort.supplement(number: 2) }
            #expect(throws: CohortRefusal.notRun) {
                try cohort.publish(RoundID(), number: 2, computedAt: 2, published: nil)
            }
        }
        var cohort = try CohortRulesTests.cohort(.published)
        try cohort.supplement(number: 2)
        #expect(cohort.version == 6 && cohort.state == .published)
        let second = RoundID()
        #expect(try cohort.publish(second, number: 2, computedAt: 2, published: nil))
        #expect(cohort.version == 7)
        #expect(try !cohort.publish(second, number: 2, computedAt: 2, published: second))
        #expect(throws: CohortRefusal.alreadyPublished) {
            try cohort.publish(RoundID(), number: 2, computedAt: 2, published: second)
        }
    }

    @Test func everyRefusalHasAReasonOfItsOwn() {
        #expect(Set(OfferRefusal.allCases.map(\.reason)).count == OfferRefusal.allCases.count)
    }
}
