import Foundation
import MailCatcher
import ServiceLifecycle
import Testing

@testable import Notifications

@Suite struct MailerServiceTests {
    /// Runs the mailer as a service while `body` does, then shuts it down gracefully.
    private func withRunning(_ mailer: Mailer, _ body: @Sendable () async throws -> Void) async throws {
        let group = ServiceGroup(services: [mailer], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func aNewMailRingsTheMailer() async throws {
        try await MailerBench.run { bench in
            try await withCatcher { catcher in
                let mailer = try bench.mailer(.local(catcher)) { $0.pollInterval = .seconds(3600) }
                try await withRunning(mailer) {
                    for count in 1...3 {
                        try await bench.add()
                        await catcher.messages.waitForCount(count)
                    }
                }
                #expect(try await bench.store.summary(tenant: bench.tenant) == OutgoingSummary(sent: 3))
            }
        }
    }

    @Test func theShutdownFinishesTheMailInProgressAndGivesTheOthersBack() async throws {
        try await MailerBench.run { bench in
            try await withCatcher { catcher in
                try await bench.add(10)
                // So slow that the shutdown comes during one of the first, on a busy machine too.
                catcher.faults.add(Fault(.acknowledgement, .delay(.seconds(3))))
                try await withRunning(try bench.mailer(.local(catcher), lanes: 1)) {
                    await catcher.messages.waitForCount(1)
                }
                let summary = try await bench.store.summary(tenant: bench.tenant)
                #expect(summary.leased == 0)
                #expect(summary.sent == catcher.messages.count)
                #expect(summary.pending + summary.sent == 10 && summary.pending > 5)
                let pending = try await bench.store.list(.pending, after: nil, limit: 10, tenant: bench.tenant)
                #expect(pending.allSatisfy { $0.attempts == 0 })
            }
        }
    }

    @Test func backoffDoublesUpToItsCap() {
        let backoff = Backoff(first: .seconds(30), cap: .seconds(3600))
        #expect(
            [1, 2, 3, 7, 8, 50].map { backoff.delay(after: $0, spread: 0) }
                == [30, 60, 120, 1920, 3600, 3600].map { .seconds($0) }
        )
        #expect(backoff.delay(after: 1, spread: -1) == .seconds(24))
        #expect(backoff.delay(after: 1, spread: 1) == .seconds(36))
    }

    @Test func whileTheServerIsDownOneProbeIsMadeAtATime() {
        let health = ServerHealth(backoff: Backoff(first: .seconds(10), cap: .seconds(60)))
        let start = Date(timeIntervalSince1970: 0)
        #expect(health.allowance(of: 5, now: start) == 5)
        health.failed(now: start)
        health.failed(now: start)
        #expect(!health.isUp)
        #expect(health.pausedUntil.timeIntervalSince(start) <= 12)
        #expect(health.allowance(of: 5, now: start + 5) == 0)
        #expect(health.allowance(of: 5, now: start + 13) == 1)
        #expect(health.allowance(of: 5, now: start + 13) == 0)
        health.failed(now: start + 13)
        #expect(health.pausedUntil.timeIntervalSince(start + 13) >= 16)
        #expect(health.allowance(of: 5, now: start + 60) == 1)
        health.succeeded()
        #expect(health.allowance(of: 5, now: start + 60) == 5)
    }
}
