import Domain
import Foundation
import Testing

@testable import Notifications

@Suite struct MailHeaderTests {
    @Test func plainTextStaysPlain() {
        #expect(MailHeader("Subject", text: "Your place is confirmed").line == "Subject: Your place is confirmed")
    }

    @Test func longTextIsFoldedAtSpaces() {
        let lines = MailHeader("Subject", text: String(repeating: "confirmed ", count: 30)).line
            .components(separatedBy: "\r\n")
        #expect(lines.count > 3)
        #expect(lines.allSatisfy { $0.count <= 78 })
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(" confirmed") })
    }

    @Test func otherScriptsAreEncodedWithoutCuttingACharacter() throws {
        let text = String(repeating: "高雄展覽館👩🏽‍💻", count: 12)
        let lines = MailHeader("Subject", text: text).line.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.count <= 76 && $0.utf8.allSatisfy { $0 < 127 } })
        #expect(lines.count > 4)
    }

    @Test(
        arguments: [
            "Ann\r\nBcc: all@victim.example", "Ann\nBcc: all@victim.example", "Ann\rBcc: x", "Ann\u{2028}Bcc: x",
            "Ann\u{85}Bcc: x", "\r\n\r\nbody",
        ]
    )
    func nothingEndsAHeader(_ hostile: String) throws {
        let address = try EmailAddress("ann@team.example")
        let headers = [
            MailHeader("Subject", text: hostile), MailHeader("To", mailbox: Mailbox(name: hostile, address: address)),
            MailHeader("X-Traceparent", token: hostile),
        ]
        for header in headers {
            let breaks = header.line.unicodeScalars.filter { $0 == "\r" || $0 == "\n" }.count
            let folds = header.line.components(separatedBy: "\r\n ").count - 1
            #expect(breaks == folds * 2)
        }
    }

    @Test func namesAreQuotedWhereTheyNeedIt() throws {
        let address = try EmailAddress("ann@team.example")
        func line(_ name: String) -> String { MailHeader("To", mailbox: Mailbox(name: name, address: address)).line }
        #expect(line("Ann Lee") == "To: Ann Lee <ann@team.example>")
        #expect(line("Lee, Ann \"A\\B\"") == #"To: "Lee, Ann \"A\\B\"" <ann@team.example>"#)
    }

    @Test func mailboxesAreParsed() throws {
        let address = try EmailAddress("no-reply@programmes.example")
        #expect(try Mailbox(parsing: "no-reply@programmes.example") == Mailbox(address: address))
        #expect(
            try Mailbox(parsing: "Tradewind <no-reply@programmes.example>")
                == Mailbox(name: "Tradewind", address: address)
        )
        #expect(try Mailbox(parsing: "\"A, B\" <no-reply@programmes.example>").name == "A, B")
        #expect(throws: InvalidValue.self) { try Mailbox(parsing: "Tradewind") }
    }
}
