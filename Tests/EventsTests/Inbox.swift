import Domain
import Messaging
import Synchronization
import TestKit

/// What a subscriber of the topic `events` is told, in the order of delivery.
final class Inbox: Sendable {
    enum Item: Sendable {
        case confirmed(RegistrationConfirmed)
        case waiting(RegistrationWaiting)
        case cancelled(RegistrationCancelled)
        case linkRequested(RegistrationLinkRequested)
    }

    private let box = Box()
    private let consumer: Consumer

    /// Subscribes: what is published from now on arrives.
    init(_ service: TestService) async throws {
        let items = box
        var router = MessageRouter(subscription: "test.events", topic: .events)
        router.on(RegistrationConfirmed.self) { message, _, _ in items.add(.confirmed(message)) }
        router.on(RegistrationWaiting.self) { message, _, _ in items.add(.waiting(message)) }
        router.on(RegistrationCancelled.self) { message, _, _ in items.add(.cancelled(message)) }
        router.on(RegistrationLinkRequested.self) { message, _, _ in items.add(.linkRequested(message)) }
        consumer = Consumer(database: service.database, routers: [router], logger: TestDatabase.quietLogger)
        try await consumer.drain()
    }

    /// What has arrived since the last call.
    func read() async throws -> [Item] {
        try await consumer.drain()
        return box.take()
    }

    private final class Box: Sendable {
        private let items = Mutex<[Item]>([])
        func add(_ item: Item) { items.withLock { $0.append(item) } }
        func take() -> [Item] {
            items.withLock { items in
                defer { items = [] }
                return items
            }
        }
    }
}

extension Inbox.Item {
    var registration: String {
        switch self {
        case .confirmed(let message): message.registrationID.description
        case .waiting(let message): message.registrationID.description
        case .cancelled(let message): message.registrationID.description
        case .linkRequested(let message): message.registrationID.description
        }
    }

    /// The message in a line: its kind, and what it says of order.
    var summary: String {
        switch self {
        case .confirmed(let message): "confirmed \(message.wasWaiting ? "from waiting " : "")\(message.sequence)"
        case .waiting(let message): "waiting at \(message.position) \(message.sequence)"
        case .cancelled(let message): "cancelled \(message.sequence)"
        case .linkRequested: "link"
        }
    }
}
