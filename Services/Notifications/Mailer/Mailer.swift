import Foundation
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Sends the mails of `notifications.outgoing`: at least once each, with a stable Message-ID, over several connections.
struct Mailer: Service {
    struct Options: Sendable {
        var lanes = 4
        /// How many mails a lane takes at a time.
        var batchSize = 10
        /// How often it is looked whether something is due, if no notification rings.
        var pollInterval: Duration = .seconds(1)
        /// How much longer a lease holds than one conversation may last.
        var leaseMargin: Duration = .seconds(30)
        /// For mails that the server puts off.
        var backoff = Backoff(first: .seconds(30), cap: .seconds(3600))
        /// With the backoff above, a mail is given up after about seven hours.
        var maximumAttempts = 12
        /// For a server that can't be reached: no attempt counts, nothing is given up.
        var serverBackoff = Backoff(first: .seconds(1), cap: .seconds(60))
    }

    private let lanes: [MailerLane]
    private let store: OutgoingStore
    private let options: Options
    private let logger: Logger

    init(
        endpoint: SMTPEndpoint,
        store: OutgoingStore,
        composer: MailComposer,
        access: AccessStore,
        options: Options = .init(),
        now: @escaping @Sendable () -> Date = { Date() },
        logger: Logger
    ) {
        let health = ServerHealth(backoff: options.serverBackoff)
        let turn = TenantTurn()
        lanes = (0..<max(options.lanes, 1)).map { _ in
            MailerLane(
                client: SMTPClient(endpoint: endpoint),
                store: store,
                composer: composer,
                access: access,
                health: health,
                turn: turn,
                options: options,
                now: now,
                logger: logger
            )
        }
        self.store = store
        self.options = options
        self.logger = logger
    }

    /// Sends until the graceful shutdown, then finishes the conversations in progress and gives the other mails back.
    func run() async throws {
        let bells = lanes.map { _ in AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1)) }
        let ring: @Sendable () -> Void = { for bell in bells { bell.continuation.yield() } }
        await withDiscardingTaskGroup { group in
            for (lane, bell) in zip(lanes, bells) {
                group.addTask { await work(lane, bell.stream) }
            }
            group.addTask { await listen(ring) }
            await poll(ring)
            for bell in bells { bell.continuation.finish() }
        }
    }

    /// Sends until nothing is due or the server can't be reached. Tells how many mails were taken.
    @discardableResult
    func drain() async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for lane in lanes {
                group.addTask {
                    var total = 0
                    while case let count = try await lane.sendSome(), count > 0 { total += count }
                    return total
                }
            }
            return try await group.reduce(0, +)
        }
    }

    private func work(_ lane: MailerLane, _ bell: AsyncStream<Void>) async {
        for await _ in bell {
            do {
                while try await lane.sendSome() > 0, !Task.isShuttingDownGracefully, !Task.isCancelled {}
            } catch {
                logger.error("the mailer could not go on; it tries again", metadata: ["error": "\(error)"])
            }
        }
        await lane.client.close()
    }

    /// Rings at once and then after each interval, until the shutdown.
    private func poll(_ ring: @escaping @Sendable () -> Void) async {
        await cancelWhenGracefulShutdown {
            repeat { ring() } while (try? await Task.sleep(for: options.pollInterval)) != nil
        }
    }

    private func listen(_ ring: @escaping @Sendable () -> Void) async {
        await cancelWhenGracefulShutdown {
            do {
                for try await _ in store.database.listen(to: [OutgoingStore.channel]) { ring() }
            } catch {
                logger.warning("no notifications of new mails; polling goes on", metadata: ["error": "\(error)"])
            }
        }
    }
}
