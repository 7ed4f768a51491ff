import Domain
import Synchronization

/// Whose mails were taken last, so that the next tenant has its turn.
final class TenantTurn: Sendable {
    private let tenant = Mutex<TenantID?>(nil)

    var last: TenantID? {
        get { tenant.withLock(\.self) }
        set { tenant.withLock { $0 = newValue } }
    }
}
