import Domain
import Postgres
import Tracing

/// Runs the handler of one message, as its tenant and in its trace.
struct MessageHandling: Sendable {
    let router: MessageRouter
    private let tracer = InstrumentationSystem.tracer

    init(router: MessageRouter) {
        self.router = router
    }

    nonisolated(nonsending) func handle(_ message: StoredMessage, in tx: borrowing Transaction) async throws {
        guard let handler = router.handlers[message.type] else { throw UnknownVersion(type: message.type) }
        tx.setLocal(Tenancy.setting, to: message.tenant.description)
        let delivery = message.delivery(topic: router.topic)
        try await Tenancy.$handled.withValue(message.tenant) {
            try await tracer.withSpan(
                "handle \(message.type)",
                context: TraceHeaders.context(from: message.headers),
                ofKind: .consumer
            ) { _ in
                try await handler(message, delivery, tx)
            }
        }
    }
}
