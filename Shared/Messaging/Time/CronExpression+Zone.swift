public import Domain
public import Foundation

extension CronExpression {
    /// The first time after `moment` that the expression names, by the clocks of `zone`.
    ///
    /// When the clocks change, an expression for certain hours is due once for each time that it names: at the moment of
    /// the change if the clocks are set forward over it, and the first time only if they show it twice. An expression for
    /// every hour follows the real hours: it is due in both of two hours that look alike, and not for one that is
    /// left out.
    public func next(after moment: Date, in zone: TimeZoneID) -> Date? {
        let minute = Int((moment.timeIntervalSince1970 / 60).rounded(.down))
        let clock = WallClock(zone: zone.timeZone)
        let next = isOfEveryHour ? nextOfEveryHour(after: minute, clock) : nextOfSomeHours(after: minute, clock)
        return next.map { Date(timeIntervalSince1970: Double($0) * 60) }
    }

    private func nextOfSomeHours(after minute: Int, _ clock: WallClock) -> Int? {
        // What the wall shows now or showed before can't come, nor what it shows for the second time.
        var wall = minute + clock.offset(at: minute)
        while let match = firstMatch(from: wall + 1) {
            let moment = clock.moment(showing: match)
            if moment > minute { return moment }
            wall = match
        }
        return nil
    }

    private func nextOfEveryHour(after minute: Int, _ clock: WallClock) -> Int? {
        var start = minute + 1
        while true {
            let offset = clock.offset(at: start)
            guard let match = firstMatch(from: start + offset) else { return nil }
            guard let change = clock.change(after: start), change <= match - offset else { return match - offset }
            start = change
        }
    }
}

/// What the clocks of a place show. Moments and what the wall shows are both minutes, counted from 1970.
private struct WallClock {
    let zone: TimeZone

    func offset(at moment: Int) -> Int { zone.secondsFromGMT(for: date(moment)) / 60 }

    /// The first moment at which the wall shows this or, where that is left out, something later.
    func moment(showing wall: Int) -> Int {
        // No offset changes by more than a day, and none twice within three.
        let (before, after) = (offset(at: wall - 36 * 60), offset(at: wall + 36 * 60))
        let moments = [wall - before, wall - after].filter { $0 + offset(at: $0) == wall }
        if let first = moments.min() { return first }
        var (early, late) = (wall - max(before, after), wall - min(before, after))
        while early < late {
            let middle = (early + late).quotientAndRemainder(flooringBy: 2).0
            if middle + offset(at: middle) >= wall { late = middle } else { early = middle + 1 }
        }
        return late
    }

    /// When the clocks are changed next.
    func change(after moment: Int) -> Int? {
        zone.nextDaylightSavingTimeTransition(after: date(moment)).map { Int($0.timeIntervalSince1970 / 60) }
    }

    private func date(_ moment: Int) -> Date { Date(timeIntervalSince1970: Double(moment) * 60) }
}
