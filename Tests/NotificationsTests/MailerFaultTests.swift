import Domain
import Foundation
import MailCatcher
import TestKit
import Testing

@testable import Notifications

@Suite struct MailerFaultTests {
    @Test func whatIsPutOffIsTriedAgainLater() async throws {
        try await MailerBench.run { bench in
            try await withCatcher { catcher in
                catcher.faults.add(Fault(.recipient, .reply(451, "4.7.1 Greylisted"), times: 1))
                try await bench.add()
                let mailer = try bench.mailer(.local(catcher))
                try await mailer.drain()
                let record = try await bench.record()
                #expect(record.state == "pending" && record.smtpCode == 451 && record.attempts == 1)
                #expect(record.outcome == "451 4.7.1 Greylisted")
                #expect(try #require(record.due).timeIntervalSince(bench.clock.now) > 20)
                #expect(try await mailer.drain() == 0)
                bench.clock.advance(by: 40)
                #expect(try await mailer.drain() == 1)
                #expect(try await bench.record().state == "sent")
                #expect(try await bench.record().attempts == 2)
            }
        }
    }

    @Test func aRefusalIsRecordedAndHoldsUpNobody() async throws {
        try await MailerBench.run { bench in
            try await withCatcher { catcher in
                let fault = Fault(.recipient, .reply(550, "5.1.1 No such user"), recipient: "gone@team.example")
                catcher.faults.add(fault)
                try await bench.add(1, to: "gone@team.example")
                try await bench.add(5)
                try await bench.mailer(.local(catcher), lanes: 1).drain()
                #expect(try await bench.store.summary(tenant: bench.tenant) == OutgoingSummary(sent: 5, failed: 1))
                let failed = try await bench.store.list(.failed, after: nil, limit: 9, tenant: bench.tenant)
                #expect(failed.map(\.outcome) == ["550 5.1.1 No such user"])
                #expect(failed.map(\.smtpCode) == [550])
            }
        }
    }

    @Test func whatIsPutOffTooOftenFails() async throws {
        try await MailerBench.run { bench in
            try await withCatcher { catcher in
                catcher.faults.add(Fault(.mail, .reply(451, "4.3.0 Later")))
                try await bench.add()
                let mailer = try bench.mailer(.local(catcher)) { $0.maximumAttempts = 3 }
                for _ in 1...5 {
                    try await mailer.drain()
                    bench.clock.advance(by: 4000)
                }
                let record = try await bench.record()
                #expect(record.state == "failed" && record.attempts == 3 && record.smtpCode == 451)
            }
        }
    }

    @Test func aServerThatIsDownLosesNothingAndCountsNoAttempt() async throws {
        try await MailerBench.run { bench in
            let port = try ReservedPort()
            let ids = try await bench.add(25)
            let mailer = try bench.mailer(SMTPEndpoint(url: "smtp://127.0.0.1:\(port.number)"))
            for _ in 1...4 {
                try await mailer.drain()
                bench.clock.advance(by: 120)
            }
            let records = try await bench.records()
            #expect(records.allSatisfy { $0.state == "pending" && $0.attempts == 0 })
            var options = MailCatcher.Options()
            options.port = port.number
            try await withCatcher(options) { catcher in
                try await mailer.drain()
                #expect(Set(try catcher.messageIDs) == Set(ids.map { "<\($0)>" }))
            }
            #expect(try await bench.store.summary(tenant: bench.tenant) == OutgoingSummary(sent: 25))
        }
    }

    @Test func aSlowServerIsLeftAndTriedAgain() async throws {
        try await MailerBench.run { bench in
            try await withCatcher { catcher in
                catcher.faults.add(Fault(.mail, .delay(.seconds(600)), times: 1))
                try await bench.add()
                try await bench.mailer(.local(catcher, timeout: .seconds(5))).drain()
                #expect(try await bench.record().state == "pending")
                bench.clock.advance(by: 60)
                // One with more patience, for a good server on a busy machine.
                try await bench.mailer(.local(catcher)).drain()
                #expect(try await bench.record().state == "sent")
                #expect(catcher.messages.count == 1)
            }
        }
    }

    @Test func aConnectionLostInMidMessageLeadsToOneMail() async throws {
        try await MailerBench.run { bench in
            try await withCatcher { catcher in
                catcher.faults.add(Fault(.content, .drop, times: 1))
                try await bench.add()
                let mailer = try bench.mailer(.local(catcher))
                try await mailer.drain()
                #expect(catcher.messages.count == 0)
                bench.clock.advance(by: 60)
                try await mailer.drain()
                #expect(catcher.messages.count == 1)
                #expect(try await bench.record().state == "sent")
            }
        }
    }

    @Test func aMailThatWasTakenWithoutOurKnowingIsRepeatedUnderTheSameID() async throws {
        try await MailerBench.run { bench in
            try await withCatcher { catcher in
                catcher.faults.add(Fault(.acknowledgement, .drop, times: 1))
                let ids = try await bench.add()
                let mailer = try bench.mailer(.local(catcher))
                try await mailer.drain()
                bench.clock.advance(by: 60)
                try await mailer.drain()
                #expect(try catcher.messageIDs == [ids[0], ids[0]].map { "<\($0)>" })
            }
        }
    }

    @Test func aMailerThatDiesBeforeItRecordsIsFollowedByAnother() async throws {
        try await MailerBench.run { bench in
            try await withCatcher { catcher in
                let ids = try await bench.add()
                // The first mailer takes and sends, and dies.
                let lease = Lease(token: UUID(), end: bench.clock.now + 90)
                let turns = try await bench.store.take(after: nil, limit: 10, now: bench.clock.now, lease: lease)
                let (tenant, leased) = try #require(turns.first)
                let mail = try #require(try await bench.store.load(leased, tenant: tenant, lease: lease).first)
                let host = try #require(try await bench.host())
                let client = SMTPClient(endpoint: try .local(catcher))
                let acceptance = try await client.send(bench.composer().compose(mail, for: host))
                // While its lease holds nobody else takes the mail.
                let mailer = try bench.mailer(.local(catcher))
                #expect(try await mailer.drain() == 0)
                bench.clock.advance(by: 91)
                #expect(try await mailer.drain() == 1)
                #expect(try catcher.messageIDs == [ids[0], ids[0]].map { "<\($0)>" })
                // It was not dead after all: it has no say any more.
                let isRecorded = try await bench.store.settle(
                    mail.id,
                    .sent(acceptance),
                    tenant: tenant,
                    lease: lease,
                    now: bench.clock.now
                )
                #expect(!isRecorded)
                #expect(try await bench.record().attempts == 2)
            }
        }
    }

    @Test func aMailWhoseMailersAllDieIsGivenUp() async throws {
        try await MailerBench.run { bench in
            try await withCatcher { catcher in
                try await bench.add()
                for _ in 1...3 {
                    let lease = Lease(token: UUID(), end: bench.clock.now + 60)
                    _ = try await bench.store.take(after: nil, limit: 1, now: bench.clock.now, lease: lease)
                    bench.clock.advance(by: 61)
                }
                try await bench.mailer(.local(catcher)) { $0.maximumAttempts = 3 }.drain()
                #expect(try await bench.record().state == "failed")
                #expect(catcher.messages.count == 0)
            }
        }
    }
}
