import Synchronization

/// Channels to be rung after commits: rings that fall together become one NOTIFY.
final class Bell: Sendable {
    private let pending = Mutex<Set<String>>([])

    func ring(_ channels: [String]) {
        if channels.isEmpty { return }
        pending.withLock { $0.formUnion(channels) }
    }
}
