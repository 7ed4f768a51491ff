import Glibc

/// Nanoseconds of the monotonic clock: cheaper to read and compare than `ContinuousClock`'s instants.
struct MonotonicTime: Comparable, Sendable {
    let nanoseconds: UInt64

    static let never = MonotonicTime(nanoseconds: .max)

    static var now: MonotonicTime { read(CLOCK_MONOTONIC) }

    /// Up to some milliseconds ago, but cheaper.
    static var roughlyNow: MonotonicTime { read(CLOCK_MONOTONIC_COARSE) }

    private static func read(_ clock: clockid_t) -> MonotonicTime {
        var time = timespec()
        clock_gettime(clock, &time)
        return MonotonicTime(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        let (seconds, attoseconds) = duration.components
        if seconds < 0 || attoseconds < 0 { return time }
        let (whole, overflowed) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (end, passed) = time.nanoseconds.addingReportingOverflow(whole &+ UInt64(attoseconds / 1_000_000_000))
        return overflowed || passed ? .never : MonotonicTime(nanoseconds: end)
    }

    static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// Milliseconds until then, rounded up, as `epoll_wait` wants them: -1 for never.
    var millisecondsFromNow: Int32 {
        if self == .never { return -1 }
        let now = MonotonicTime.now
        if self <= now { return 0 }
        return Int32(clamping: (nanoseconds - now.nanoseconds + 999_999) / 1_000_000)
    }
}
