import Metrics

/// `notifications_mails_total` by outcome.
enum MailMetrics {
    static func count(_ settlement: Settlement) {
        let outcome =
            switch settlement {
            case .sent: "sent"
            case .retry: "retry"
            case .failed: "failed"
            }
        Counter(label: "notifications_mails_total", dimensions: [("outcome", outcome)]).increment()
    }
}
