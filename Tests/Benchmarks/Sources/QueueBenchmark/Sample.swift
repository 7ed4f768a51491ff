import Domain
import Foundation

/// About 100 bytes of JSON, as the references have them.
struct Sample: Message {
    static let type = "benchmark.sample.v1"
    static let topic = Topic(rawValue: "benchmark")
    let key: String
    /// By this process's clock.
    let sentAt: UInt64
    var text = "Sixty teams and two thousand attendees register"

    init(_ number: Int) {
        key = "k\(number)"
        sentAt = monotonicNow()
    }

    static let tenant = TenantID()
}
