import Testing

@testable import Postgres

@Suite struct EventLoopTests {
    @Test func timersFireInTheirOrder() async {
        let loop = EventLoopThread.shared
        let (stream, fired) = AsyncStream<Int>.makeStream()
        let now = MonotonicTime.now
        // On its own thread, where none fires before all are set.
        loop.execute {
            for (milliseconds, number) in [(30, 3), (10, 1), (20, 2), (30, 4), (0, 0)] {
                loop.schedule(at: now + .milliseconds(milliseconds)) { fired.yield(number) }
            }
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

    /// Whoever performs, on whatever thread: one at a time, each sees what the one before left, and none is lost.
    @Test func callsFromManyThreadsTakeTurns() async {
        final class Counter: Sendable {
            nonisolated(unsafe) var count = 0
            func add() {
                let before = count
                for _ in 0..<50 { _ = MonotonicTime.now }
                count = before + 1
            }
        }
        let loop = EventLoopThread.shared
        let counter = Counter()
        await withTaskGroup { group in
            for number in 0..<8 {
                group.addTask {
                    for _ in 0..<500 {
                        await withCheckedContinuation { continuation in
                            let call: @Sendable () -> Void = {
                                #expect(loop.isIsolatingCurrentContext() == true)
                                counter.add()
                                continuation.resume()
                            }
                            if number < 4 { loop.perform(call) } else { loop.execute(call) }
                        }
                    }
                }
            }
        }
        #expect(counter.count == 4000)
    }

    @Test func whatIsPerformedOnTheThreadIsDoneAtOnce() async {
        let loop = EventLoopThread.shared
        let steps = await withCheckedContinuation { continuation in
            loop.execute {
                nonisolated(unsafe) var steps: [Int] = []
                loop.perform { steps.append(1) }
                steps.append(2)
                continuation.resume(returning: steps)
            }
        }
        #expect(steps == [1, 2])
    }

    @Test func tasksThatPreferTheThreadRunThere() async throws {
        try await withDatabase { database in
            let loop = EventLoopThread.shared
            try await withTaskExecutorPreference(Database.executor) {
                #expect(loop.isIsolatingCurrentContext() == true)
                let sum = try await database.transaction { tx in
                    #expect(loop.isIsolatingCurrentContext() == true)
                    return try await tx.query("SELECT 1 + \(2)").first?.decode(Int.self)
                }
                #expect(sum == 3)
                #expect(loop.isIsolatingCurrentContext() == true)
            }
            #expect(loop.isIsolatingCurrentContext() == false)
        }
    }

    @Test func timesAddUpWithoutOverflow() {
        let time = MonotonicTime(nanoseconds: 5)
        #expect(time + .nanoseconds(2) == MonotonicTime(nanoseconds: 7))
        #expect(time + .seconds(-1) == time)
        #expect(time + .seconds(Int64.max) == .never)
        #expect(MonotonicTime.never.millisecondsFromNow == -1)
        #expect(time.millisecondsFromNow == 0)
        #expect((1...3_600_001).contains((MonotonicTime.now + .seconds(3600)).millisecondsFromNow))
    }
}
