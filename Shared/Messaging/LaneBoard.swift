/// Which lanes this worker owns and which of them it works on next: decides, and does no I/O.
///
/// Jobs run in the order in which they came to be wanted, each by one task at a time and `concurrency` of them at once.
/// A job that is wanted while it runs is wanted again when it ends, so no doorbell is missed.
struct LaneBoard {
    enum Job: Hashable, Sendable {
        case lane(Lane)
        case retries(subscription: Int32)

        var subscription: Int32 {
            switch self {
            case .lane(let lane): lane.subscription
            case .retries(let subscription): subscription
            }
        }
    }

    enum Action: Equatable, Sendable {
        case deliver(LaneCursor)
        case deliverRetries(subscription: Int32)
        /// In the order of the lanes, so that two who write to the ledger can't wait for each other.
        case giveBack([LaneCursor])
    }

    private struct Entry {
        var cursor: LaneCursor?
        var isRunning = false
        var isWanted = false
        /// To be given back as soon as nothing runs on it.
        var isLeaving = false
    }

    private let concurrency: Int
    private var entries: [Job: Entry] = [:]
    private var waiting: [Job] = []
    private(set) var isStopping = false

    init(subscriptions: [Int32], concurrency: Int) {
        self.concurrency = concurrency
        for subscription in subscriptions { entries[.retries(subscription: subscription)] = Entry() }
    }

    var lanes: [Lane] { entries.values.compactMap { $0.cursor?.lane } }
    /// All lanes are given back and nothing runs.
    var isFinished: Bool { isStopping && entries.isEmpty }

    mutating func add(_ cursor: LaneCursor) {
        let job = Job.lane(cursor.lane)
        guard entries[job] == nil else { return }
        entries[job] = Entry(cursor: cursor, isLeaving: isStopping)
        want(job)
    }

    /// Something may have come for the subscription.
    mutating func wake(_ subscription: Int32) {
        for job in entries.keys where job.subscription == subscription { want(job) }
    }

    mutating func wakeAll() {
        for job in entries.keys { want(job) }
    }

    /// A job came to its end, and the lane stands at `cursor`.
    mutating func finished(_ job: Job, cursor: LaneCursor?, hasMore: Bool = false) {
        guard var entry = entries[job] else { return }
        entry.isRunning = false
        entry.cursor = cursor
        let isWanted = entry.isWanted || hasMore
        entry.isWanted = false
        entries[job] = entry
        if isStopping, cursor == nil { entries[job] = nil }
        if isWanted { want(job) }
    }

    /// The lane was given back, or lost to another worker.
    mutating func remove(_ lane: Lane) {
        entries[.lane(lane)] = nil
        waiting.removeAll { $0 == .lane(lane) }
    }

    /// The lane is another worker's. Where something runs on it, that will find out for itself.
    mutating func lose(_ lane: Lane) {
        if entries[.lane(lane)]?.isRunning == false { remove(lane) }
    }

    /// Gives back `count` lanes of the subscription, idle ones first.
    mutating func giveUp(_ count: Int, of subscription: Int32) {
        let lanes = entries.filter { $0.key.subscription == subscription && $0.value.cursor != nil }
        let leaving = lanes.count { $0.value.isLeaving }
        let candidates = lanes.filter { !$0.value.isLeaving }.sorted { !$0.value.isRunning && $1.value.isRunning }
        for (job, _) in candidates.prefix(max(0, count - leaving)) { entries[job]?.isLeaving = true }
    }

    /// Starts nothing more, and gives back every lane when what runs on it has ended.
    mutating func stop() {
        isStopping = true
        waiting = []
        for (job, entry) in entries {
            if entry.cursor == nil && !entry.isRunning { entries[job] = nil } else { entries[job]?.isLeaving = true }
        }
    }

    /// What is to be begun now.
    mutating func takeActions() -> [Action] {
        var actions: [Action] = []
        var leaving: [LaneCursor] = []
        for (job, entry) in entries where entry.isLeaving && !entry.isRunning {
            guard let cursor = entry.cursor else { continue }
            entries[job]?.isRunning = true
            leaving.append(cursor)
        }
        if !leaving.isEmpty {
            leaving.sort { ($0.lane.subscription, $0.lane.number) < ($1.lane.subscription, $1.lane.number) }
            actions.append(.giveBack(leaving))
        }
        var running = entries.values.count { $0.isRunning && !$0.isLeaving }
        while running < concurrency, !waiting.isEmpty {
            let job = waiting.removeFirst()
            guard let entry = entries[job], !entry.isRunning, !entry.isLeaving else { continue }
            entries[job]?.isRunning = true
            entries[job]?.isWanted = false
            running += 1
            if let cursor = entry.cursor {
                actions.append(.deliver(cursor))
            } else {
                actions.append(.deliverRetries(subscription: job.subscription))
            }
        }
        return actions
    }

    private mutating func want(_ job: Job) {
        guard !isStopping, entries[job]?.isWanted == false else { return }
        entries[job]?.isWanted = true
        if entries[job]?.isRunning == false { waiting.append(job) }
    }
}
