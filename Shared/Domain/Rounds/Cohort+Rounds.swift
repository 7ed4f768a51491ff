public import Foundation

extension Cohort {
    /// Closes the rankings for a round. A cohort that is locked or run already stays as it is, so that a round that
    /// failed can be run again and a tentative one repeated.
    ///
    /// - Parameter closesEarly: Whether to close before the deadline that applicants were told.
    public mutating func lock(
        at now: Date,
        closesEarly: Bool,
        applicants: Int,
        firms: Int
    ) throws(CohortRefusal) {
        switch state {
        case .locked, .run: return
        case .published: throw .alreadyPublished
        case .closed: throw .closed
        case .draft, .open: throw .rankingNotOpen
        case .ranking: break
        }
        guard applicants > 0, firms > 0 else { throw .nothingToMatch }
        guard now > rankingDeadline || closesEarly else { throw .rankingOpen }
        advance(to: .locked)
    }

    /// A round that was computed from the cohort as it was at `version` is stored.
    public mutating func store(computedAt version: Int) throws(CohortRefusal) {
        guard state != .published else { throw .alreadyPublished }
        guard state == .locked || state == .run, version == self.version else { throw .changedMeanwhile }
        advance(to: .run)
    }

    /// A supplementary round, the cohort's round of this `number`, fills places that became free after the first.
    public mutating func supplement(number: Int) throws(CohortRefusal) {
        guard state != .closed else { throw .closed }
        guard state == .published else { throw .notPublished }
        if let allowed = rules.supplementaryRounds, number - 1 > allowed { throw .noMoreRounds }
        advance(to: .published)
    }

    /// Publishes `round`, the cohort's round of this `number`, where `published` is the one of the same number that is
    /// published already, if one is. Tells whether that changes anything: publishing the same round again does not.
    ///
    /// - Parameter marketVersion: The cohort's when the round was computed.
    public mutating func publish(
        _ round: RoundID,
        number: Int = 1,
        computedAt marketVersion: Int,
        published: RoundID?
    ) throws(CohortRefusal) -> Bool {
        if let published {
            guard published == round else { throw .alreadyPublished }
            return false
        }
        guard state != .closed else { throw .closed }
        guard state == (number == 1 ? .run : .published) else { throw .notRun }
        guard marketVersion == self.marketVersion else { throw .outdated }
        advance(to: .published)
        return true
    }
}
