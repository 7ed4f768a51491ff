import CPostgres
import DequeModule
import Glibc
import Synchronization

/// A thread that waits for sockets and runs the jobs of the actors which live on it: the executor of every connection.
///
/// Its work is done by one thread at a time, whoever has the turn. Mostly that is its own thread; while that one sleeps,
/// another may take the turn to send a statement (`perform`) and so spares both a wake-up. What can't be done at once
/// goes to the inbox; the eventfd is written only while the thread sleeps.
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
        case task(UnownedJob)
        case call(@Sendable () -> Void)
    }

    private struct Inbox {
        var work: Deque<Work> = []
        var isSleeping = false
        var timers = TimerQueue()
    }

    private let inbox = Mutex(Inbox())
    private let turn = Mutex(())
    /// The thread that has the turn, or 0.
    private let owner = Atomic<pthread_t>(0)
    // Only the thread that has the turn touches these three.
    private nonisolated(unsafe) var handlers: [UInt64: @Sendable () -> Void] = [:]
    private nonisolated(unsafe) var lastWatch: UInt64 = 0
    /// What the loop's own thread gave itself to do.
    private nonisolated(unsafe) var ownWork: Deque<Work> = []
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

    /// Runs a part of a task that prefers this thread.
    func enqueueTask(_ job: consuming ExecutorJob) {
        post(.task(UnownedJob(job)))
    }

    func execute(_ call: @escaping @Sendable () -> Void) {
        post(.call(call))
    }

    /// Runs `call` at once if the loop has nothing to do just now, else on its thread.
    func perform(_ call: @escaping @Sendable () -> Void) {
        let me = pthread_self()
        switch owner.load(ordering: .relaxed) {
        case me: return call()
        case 0:
            let isDone: Void? = turn.withLockIfAvailable { _ in
                owner.store(me, ordering: .relaxed)
                call()
                owner.store(0, ordering: .relaxed)
            }
            if isDone != nil { return }
        default: break
        }
        execute(call)
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
        owner.load(ordering: .relaxed) == pthread_self()
    }

    private func post(_ work: Work) {
        if thread.load(ordering: .relaxed) == pthread_self() {
            ownWork.append(work)
            return
        }
        let mustWake = inbox.withLock { inbox in
            inbox.work.append(work)
            defer { inbox.isSleeping = false }
            return inbox.isSleeping
        }
        if mustWake { eventfd_write(wakeUp, 1) }
    }

    // MARK: Sockets, for whoever has the turn

    /// `ready` is called whenever the socket is ready for what `setInterest` asked for, or has failed.
    func watch(_ ready: @escaping @Sendable () -> Void) -> Watch {
        checkIsolated()
        lastWatch += 1
        handlers[lastWatch] = ready
        return Watch(number: lastWatch)
    }

    func setInterest(_ interest: Interest, of watch: Watch, socket: Int32) {
        var event = epoll_event(events: interest.rawValue, data: epoll_data_t(u64: watch.number))
        if epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) != 0 {
            epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event)
        }
    }

    func endWatch(_ watch: Watch, socket: Int32) {
        checkIsolated()
        handlers[watch.number] = nil
        epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nil)
    }

    // MARK: The thread

    private func run() -> Never {
        let me = pthread_self()
        thread.store(me, ordering: .relaxed)
        let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: 128)
        var hasWork = false
        while true {
            let next: MonotonicTime? = inbox.withLock { inbox in
                inbox.isSleeping = inbox.work.isEmpty && !hasWork
                return inbox.isSleeping ? inbox.timers.next : nil
            }
            let count = epoll_wait(epoll, events.baseAddress, 128, next?.millisecondsFromNow ?? 0)
            turn.withLock { _ in
                owner.store(me, ordering: .relaxed)
                // Work after each socket: what one answer brings about need not wait for the others to be read.
                for event in events.prefix(Int(max(0, count))) where event.data.u64 != 0 {
                    handlers[event.data.u64]?()
                    doWork()
                }
                doWork()
                fireTimers()
                hasWork = !ownWork.isEmpty
                owner.store(0, ordering: .relaxed)
            }
        }
    }

    /// What is there now; what that brings about comes after the next look at the sockets.
    private func doWork() {
        inbox.withLock { inbox in
            inbox.isSleeping = false
            if inbox.work.isEmpty { return }
            ownWork.append(contentsOf: inbox.work)
            inbox.work.removeAll(keepingCapacity: true)
        }
        for _ in 0..<ownWork.count {
            switch ownWork.popFirst() {
            case .job(let job): job.runSynchronously(on: asUnownedSerialExecutor())
            case .task(let job): job.runSynchronously(on: LoopTaskExecutor.shared.asUnownedTaskExecutor())
            case .call(let call): call()
            case nil: return
            }
        }
    }

    private func fireTimers() {
        if inbox.withLock({ $0.timers.next }) == .never { return }
        let now = MonotonicTime.now
        while let call = inbox.withLock({ $0.timers.popDue(now) }) { call() }
    }
}

/// For tasks that prefer the event loop's thread.
final class LoopTaskExecutor: TaskExecutor {
    static let shared = LoopTaskExecutor()

    func enqueue(_ job: consuming ExecutorJob) {
        EventLoopThread.shared.enqueueTask(job)
    }
}
