public import Foundation

extension Cohort {
    /// What was set up becomes known: universities nominate.
    public mutating func open() throws(CohortRefusal) {
        guard state == .draft else { throw state == .closed ? .closed : .wrongStep }
        advance(to: .open)
    }

    /// Both sides may rank from now on, until the deadline.
    public mutating func openRanking(at now: Date) throws(CohortRefusal) {
        guard state == .open else { throw state == .closed ? .closed : .wrongStep }
        guard now <= rankingDeadline else { throw .rankingClosed }
        advance(to: .ranking)
    }

    /// Ends the cohort: as a rule when every offer is settled, and before a round is published by giving it up.
    ///
    /// - Parameter pending: How many offers wait for an answer, or for staff to decide.
    public mutating func close(pending: Int) throws(CohortRefusal) {
        guard state != .closed else { throw .closed }
        guard pending == 0 else { throw .answersOpen }
        advance(to: .closed)
    }
}
