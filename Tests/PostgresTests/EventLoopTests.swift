import Testing

@testable import Postgres

@Suite struct EventLoopTests {
    @Test func timersFireInTheirOrder() async {
        let loop = EventLoopThread.shared
        let (stream, fired) = AsyncStream<Int>.makeStream()
        let now = MonotonicTime.now
        for (milliseconds, number) in [(30, 3), (10, 1), (20, 2), (30, 4), (0, 0)] {
            loop.schedule(at: now + .milliseconds(milliseconds)) { fired.yield(number) }
        }
        let numbers = await stream.prefix(5).reduce(into: []) { $0.append($1) }
        #expect(numbers == [0, 1, 2, 3, 4])
        #expect(MonotonicTime.now >= now + .milliseconds(30))
    }

    @Test func callsRunOnTheThread() async {
        let loop = EventLoopThread.shared
        #expect(loop.isIsolatingCurrentContext() == false)
        let isOnThread = await withCheckedContinuation { continuation in
            loop.execute { continuation.resume(returning: loop.isIsolatingCurrentContext()) }
        }
        #expect(isOnThread == true)
    }

    @Test func timesAddUpWithoutOverflow() {
        let time = MonotonicTime(nanoseconds: 5)
        #expect(time + .nanoseconds(2) == MonotonicTime(nanoseconds: 7))
        #expect(time + .seconds(-1) == time)
        #expect(time + .seconds(Int64.max) == .never)
        #expect(MonotonicTime.never.millisecondsFromNow == -1)
        #expect(time.millisecondsFromNow == 0)
        #expect((1...1001).contains((MonotonicTime.now + .seconds(1)).millisecondsFromNow))
    }
}
