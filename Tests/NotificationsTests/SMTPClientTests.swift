import Domain
import Foundation
import ICalendar
import MailCatcher
import Testing

@testable import Notifications

@Suite struct SMTPClientTests {
    @Test func aMailArrivesAsItWasComposed() async throws {
        try await withCatcher { catcher in
            let calendar = CalendarDocument([], method: .request)
            let accepted = try await SMTPClient(endpoint: .local(catcher)).send(.sample(calendar: calendar))
            #expect(accepted.code == 250)
            let mail = try #require(catcher.messages[1])
            #expect(mail.envelope.sender == "no-reply@programmes.example")
            #expect(mail.envelope.recipients == ["anh.nguyet@team.example"])
            let parsed = try ParsedMail.parse(mail.source)
            #expect(parsed.defects == [])
            #expect(parsed.type == "multipart/alternative")
            #expect(parsed.parts.map(\.type) == ["text/plain", "text/html", "text/calendar"])
            #expect(parsed.part("text/calendar")?.parameters["method"] == "REQUEST")
            #expect(parsed.part("text/plain")?.text.replacing("\r\n", with: "\n") == "Hello.\n.\n..dots\nEnd")
            #expect(parsed.to == [.init(name: "Trần Thị Ánh Nguyệt", address: "anh.nguyet@team.example")])
            #expect(parsed.from == [.init(name: "高雄市政府", address: "no-reply@programmes.example")])
            #expect(parsed["Date"] == "Mon, 02 Jul 2018 01:00:00 +0000")
            #expect(parsed["Message-ID"] == "<0198c5d0-6f0a-7c3e-9d7e-3f1b2a4c5d6e@programmes.example>")
            #expect(parsed["Auto-Submitted"] == "auto-generated")
            #expect(parsed["List-Id"] == "高雄市政府 <kaohsiung.programmes.example>")
            #expect(parsed.headers.values.allSatisfy { $0.count == 1 })
        }
    }

    static let scripts = [
        "林志明", "ณัฐพงษ์ ศรีสุวรรณ", "Nguyễn Đức Thịnh", "Siti Nurhaliza binti Abdul Rahman", "José Ñíguez",
        "Дмитрий Ёлкин", "علي بن محمد", "दीपिका", "김민준", "さくら", "👩🏽‍💻 Ann \"Q\" O'Neil, Jr.",
        "=?utf-8?Q?not_encoded?=", String(repeating: "很長的名字", count: 40),
    ]

    @Test func namesAndSubjectsOfEveryScriptComeThrough() async throws {
        try await withCatcher { catcher in
            let client = SMTPClient(endpoint: try .local(catcher))
            for name in Self.scripts { _ = try await client.send(.sample(name: name, subject: "✓ \(name) ⟩ \(name)")) }
            let parsed = try ParsedMail.parse(all: catcher.messages.all.map(\.source))
            #expect(parsed.map { $0.to.first?.name } == Self.scripts)
            #expect(parsed.map { $0["Subject"] } == Self.scripts.map { "✓ \($0) ⟩ \($0)" })
            #expect(parsed.flatMap(\.defects) == [])
            #expect(parsed.allSatisfy { $0.longestHeaderLine <= 78 })
            // One connection, kept open.
            #expect(Set(catcher.messages.all.map(\.connection.id)).count == 1)
            #expect(catcher.messages.all.last?.connection.ordinal == Self.scripts.count)
        }
    }

    @Test func addressesOfOtherScriptsGoBySMTPUTF8() async throws {
        try await withCatcher { catcher in
            let client = SMTPClient(endpoint: try .local(catcher))
            _ = try await client.send(.sample(to: "用戶@例え.example"))
            let mail = try #require(catcher.messages[1])
            #expect(mail.envelope.isSMTPUTF8)
            #expect(mail.envelope.recipients.first?.hasPrefix("用戶@") == true)
            #expect(try ParsedMail.parse(mail.source).to.first?.address == "用戶@例え.example")
        }
    }

    @Test func aHostileNameAddsNoHeader() async throws {
        try await withCatcher { catcher in
            let hostile = "Ann\r\nBcc: all@victim.example\r\n\r\nBody"
            _ = try await SMTPClient(endpoint: .local(catcher)).send(.sample(name: hostile, subject: hostile))
            let parsed = try ParsedMail.parse(try #require(catcher.messages[1]).source)
            #expect(parsed["Bcc"] == nil)
            #expect(parsed["Subject"] == "Ann  Bcc: all@victim.example    Body")
            #expect(parsed.parts.count == 2)
        }
    }
}
