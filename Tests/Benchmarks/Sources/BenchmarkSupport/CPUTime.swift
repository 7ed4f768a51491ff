import Glibc

/// Seconds of CPU, user and system.
public enum CPUTime {
    public static var own: Double { seconds(of: RUSAGE_SELF) }
    /// Of those that have ended and were waited for.
    public static var ofChildren: Double { seconds(of: RUSAGE_CHILDREN) }

    private static func seconds(of whom: __rusage_who) -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(whom.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }
}
