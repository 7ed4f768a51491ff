import Logging
import Synchronization

/// Says once when a subscription lags past the limit, and once when it has caught up. What to do about it (wait, start
/// consumers, cut it off, remove it) is a person's decision.
final class LagAlarm: Sendable {
    private let lagging = Mutex<Set<String>>([])

    func look(at states: [QueueInspector.SubscriptionState], limit: Duration, logger: Logger) {
        for state in states {
            let isLagging = state.lagSeconds > limit.seconds
            QueueMetrics.lagging(isLagging, subscription: state.subscription)
            let wasLagging = lagging.withLock { lagging in
                isLagging ? !lagging.insert(state.subscription).inserted : lagging.remove(state.subscription) != nil
            }
            let metadata: Logger.Metadata = ["subscription": "\(state.subscription)"]
            if isLagging && !wasLagging {
                logger.warning(
                    "subscription lags: its oldest message has waited \(Int(state.lagSeconds)) s, and the log keeps all since",
                    metadata: metadata
                )
            } else if wasLagging && !isLagging {
                logger.notice("subscription has caught up", metadata: metadata)
            }
        }
    }
}
