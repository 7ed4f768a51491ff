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
        case .open: break
        }
        guard applicants > 0, firms > 0 else { throw .nothingToMatch }
        guard now > rankingDeadline || closesEarly else { throw .rankingOpen }
        advance(to: .locked)
    }

    /// A round that was computed from the cohort as it was at `version` is stored.
    public mutating func store(computedAt version: Int) throws(CohortRefusal) {
        guard state != .published else { throw .alreadyPublished }
        guard state != .open, version == self.version else { throw .changedMeanwhile }
        advance(to: .run)
    }

    /// A supplementary round fills places that became free after the first was published.
    public mutating func supplement() throws(CohortRefusal) {
        guard state == .published else { throw .notPublished }
        advance(to: .published)
    }

    /// Publishes `round`, the cohort's round of this `number`, where `published` is the one of the same number that is
    /// published already, if one is. Tells whether that changes anything: publishing the same round again does not.
    public mutating func publish(
        _ round: RoundID,
        number: Int = 1,
        published: RoundID?
    ) throws(CohortRefusal) -> Bool {
        if let published {
            guard published == round else { throw .alreadyPublished }
            return false
        }
        guard state == (number == 1 ? .run : .published) else { throw .notRun }
        advance(to: .published)
        return true
    }
}
