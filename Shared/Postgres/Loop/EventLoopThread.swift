import CPostgres
import DequeModule
import Glibc
import Synchronization

/// A thread that waits for sockets and runs the jobs of the actors which live on it: the executor of every connection.
///
/// Other threads reach it by its inbox; they write to the eventfd only while it sleeps.
final class EventLoopThread: SerialExecutor {
    /// Lives as long as the process.
    static let shared = EventLoopThread()

    struct Interest: OptionSet, Sendable {
        let rawValue: UInt32
        static let read = Interest(rawValue: EPOLLIN.rawValue)
        static let write = Interest(rawValue: EPOLLOUT.rawValue)
    }

    /// A watched socket. Its number, unlike the file descriptor's, is never used again.
    struct Watch: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private enum Work {
        case job(UnownedJob)
        case call(@Sendable () -> Void)
    }

    private struct Inbox {
        var work: Deque<Work> = []
        var isSleeping = false
        var timers = TimerQueue()
    }

    private struct Watches {
        var handlers: [UInt64: @Sendable () -> Void] = [:]
        var lastNumber: UInt64 = 0
    }

    private let inbox = Mutex(Inbox())
    private let watches = Mutex(Watches())
    private let epoll: Int32
    private let wakeUp: Int32
    private let thread = Atomic<pthread_t>(0)

    private init() {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        wakeUp = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(epoll >= 0 && wakeUp >= 0, "no file descriptors left for the event loop")
        // Edge-triggered: each write is an edge, so the counter need not be read.
        var event = epoll_event(events: EPOLLIN.rawValue | EPOLLET.rawValue, data: epoll_data_t(u64: 0))
        epoll_ctl(epoll, EPOLL_CTL_ADD, wakeUp, &event)
        var started = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let result = pthread_create(
            &started,
            nil,
            { context in
                guard let context else { return nil }
                Unmanaged<EventLoopThread>.fromOpaque(context).takeRetainedValue().run()
            },
            context
        )
        precondition(result == 0, "no thread for the event loop")
    }

    // MARK: From any thread

    func enqueue(_ job: consuming ExecutorJob) {
        post(.job(UnownedJob(job)))
    }

    func execute(_ call: @escaping @Sendable () -> Void) {
        post(.call(call))
    }

    func schedule(at time: MonotonicTime, _ call: @escaping @Sendable () -> Void) {
        let mustWake = inbox.withLock { inbox in
            inbox.timers.add(at: time, call)
            defer { inbox.isSleeping = false }
            return inbox.isSleeping
        }
        if mustWake { eventfd_write(wakeUp, 1) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    func checkIsolated() {
        precondition(isIsolatingCurrentContext() == true, "not on the event loop's thread")
    }

    func isIsolatingCurrentContext() -> Bool? {
        thread.load(ordering: .relaxed) == pthread_self()
    }

    private func post(_ work: Work) {
        let mustWake = inbox.withLock { inbox in
            inbox.work.append(work)
            defer { inbox.isSleeping = false }
            return inbox.isSleeping
        }
        if mustWake { eventfd_write(wakeUp, 1) }
    }

    // MARK: Sockets

    /// `ready` is called on this thread whenever the socket is ready for what `setInterest` asked for, or has failed.
    func watch(_ ready: @escaping @Sendable () -> Void) -> Watch {
        watches.withLock { watches in
            watches.lastNumber += 1
            watches.handlers[watches.lastNumber] = ready
            return Watch(number: watches.lastNumber)
        }
    }

    func setInterest(_ interest: Interest, of watch: Watch, socket: Int32) {
        var event = epoll_event(events: interest.rawValue, data: epoll_data_t(u64: watch.number))
        if epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) != 0 {
            epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event)
        }
    }

    func endWatch(_ watch: Watch, socket: Int32) {
        _ = watches.withLock { $0.handlers.removeValue(forKey: watch.number) }
        epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nil)
    }

    // MARK: The thread

    private func run() -> Never {
        thread.store(pthread_self(), ordering: .relaxed)
        let executor = asUnownedSerialExecutor()
        let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: 128)
        var work: Deque<Work> = []
        while true {
            let next: MonotonicTime? = inbox.withLock { inbox in
                inbox.isSleeping = inbox.work.isEmpty
                return inbox.isSleeping ? inbox.timers.next : nil
            }
            let count = epoll_wait(epoll, events.baseAddress, 128, next?.millisecondsFromNow ?? 0)
            for event in events.prefix(Int(max(0, count))) where event.data.u64 != 0 {
                watches.withLock { $0.handlers[event.data.u64] }?()
            }
            inbox.withLock { inbox in
                inbox.isSleeping = false
                swap(&inbox.work, &work)
            }
            while let item = work.popFirst() {
                switch item {
                case .job(let job): job.runSynchronously(on: executor)
                case .call(let call): call()
                }
            }
            fireTimers()
        }
    }

    private func fireTimers() {
        if inbox.withLock({ $0.timers.next }) == .never { return }
        let now = MonotonicTime.now
        while let call = inbox.withLock({ $0.timers.popDue(now) }) { call() }
    }
}
