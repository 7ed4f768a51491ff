import Domain
import Foundation
import MailCatcher
import ServiceKit
import Testing

@testable import Notifications

@Suite struct MailerTests {
    @Test func mailsGoOutOverConnectionsThatStayOpen() async throws {
        try await MailerBench.run { bench in
            try await withCatcher { catcher in
                let ids = try await bench.add(40)
                #expect(try await bench.mailer(.local(catcher)).drain() == 40)
                #expect(Set(catcher.messages.all.map(\.connection.id)).count <= 2)
                #expect(Set(try catcher.messageIDs) == Set(ids.map { "<\($0)>" }))
                let records = try await bench.records()
                #expect(records.allSatisfy { $0.state == "sent" && $0.smtpCode == 250 && $0.attempts == 1 })
                #expect(records.allSatisfy { $0.sentAt == bench.clock.now && $0.due == nil })
                #expect(try await bench.store.summary(tenant: bench.tenant) == OutgoingSummary(sent: 40))
            }
        }
    }

    @Test func eachKindIsAddressedLinkedAndComposed() async throws {
        try await MailerBench.run { bench in
            try await withCatcher { catcher in
                let samples = try SampleMails.all()
                for content in samples { try await bench.add(1, content) }
                try await bench.mailer(.local(catcher), lanes: 1).drain()
                let mails = try ParsedMail.parse(all: catcher.messages.all.map(\.source))
                #expect(mails.count == MailKind.allCases.count)
                let methods = mails.map { $0.part("text/calendar")?.parameters["method"] }
                #expect(methods.prefix(4) == ["REQUEST", "REQUEST", nil, "CANCEL"])
                #expect(methods.dropFirst(4).allSatisfy { $0 == nil })
                for (mail, content) in zip(mails, samples) {
                    let path = content.kind.isOfEvents ? "events" : "matchmaking"
                    let text = try #require(mail.part("text/plain")?.text)
                    let prefix = "https://programmes.example/\(path)/l/"
                    let link = try #require(text.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix(prefix) })
                    let found = try await bench.composer().links.verify(
                        String(link.dropFirst(prefix.count)),
                        purpose: content.linkPurpose
                    )
                    #expect(found.tenant == bench.tenant)
                    if let calendar = mail.part("text/calendar") {
                        let lines = calendar.text.split(whereSeparator: \.isNewline)
                        #expect(lines.contains("UID:\(content.subject.uuidString.lowercased())"))
                    }
                    #expect(mail.part("text/html")?.text.contains(String(link)) == true)
                    #expect(mail.from == [.init(name: "City of kaohsiung", address: "no-reply@programmes.example")])
                    #expect(mail["List-Id"] == "City of kaohsiung <kaohsiung.programmes.example>")
                    #expect(mail.defects == [])
                }
            }
        }
    }

    @Test func twoMailersSendNothingTwice() async throws {
        try await MailerBench.run { bench in
            try await withCatcher { catcher in
                let ids = try await bench.add(200)
                let mailers = [try bench.mailer(.local(catcher)), try bench.mailer(.local(catcher))]
                let taken = try await withThrowingTaskGroup(of: Int.self) { group in
                    for mailer in mailers { group.addTask { try await mailer.drain() } }
                    return try await group.reduce(0, +)
                }
                #expect(taken == 200)
                #expect(try catcher.messageIDs.sorted() == ids.map { "<\($0)>" }.sorted())
            }
        }
    }

    @Test func oneTenantsManyMailsDoNotHoldUpAnothersOne() async throws {
        try await MailerBench.run { bench in
            let other = try await MailerBench.makeTenant("elsewhere", bench.test)
            try await withCatcher { catcher in
                try await bench.add(60)
                try await bench.add(1, to: "late@elsewhere.example", tenant: other)
                try await bench.mailer(.local(catcher), lanes: 1).drain()
                let place = catcher.messages.all.firstIndex { $0.envelope.recipients == ["late@elsewhere.example"] }
                #expect(try #require(place) <= 10)
                #expect(catcher.messages.count == 61)
            }
        }
    }

    @Test func theTraceReachesTheMail() async throws {
        try await MailerBench.run { bench in
            try await withCatcher { catcher in
                let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
                try await bench.add(traceparent: "00-\(trace)-00f067aa0ba902b7-01")
                try await bench.mailer(.local(catcher)).drain()
                let header = try ParsedMail.parse(try #require(catcher.messages[1]).source)["X-Traceparent"]
                #expect(header?.contains(trace) == true)
            }
        }
    }
}

extension MailContent {
    fileprivate var linkPurpose: String {
        if kind.isOfEvents { return "registration" }
        if case .member(let facts) = facts, facts.member.role != .applicant { return facts.member.role.rawValue }
        return kind == .rankingInvited || kind == .rankReminder ? "ranking" : "result"
    }
}

extension MailKind {
    fileprivate var isOfEvents: Bool { [.confirmed, .movedUp, .waiting, .cancelled, .linkRequested].contains(self) }
}
