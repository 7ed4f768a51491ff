import Foundation
import Hummingbird
import HummingbirdTesting
import ICalendar
import Testing

@testable import MailCatcher
@testable import Notifications

@Suite struct InboxTests {
    private func withInbox(
        _ body: @Sendable (MailCatcher, any TestClientProtocol) async throws -> Void
    ) async throws {
        try await withCatcher { catcher in
            let router = Router()
            catcher.addInbox(to: router)
            try await Application(router: router).test(.router) { try await body(catcher, $0) }
        }
    }

    @Test func aMailIsShownDecodedAndEscaped() async throws {
        try await withInbox { catcher, client in
            let calendar = CalendarDocument([], method: .request)
            let message = try MailMessage.sample(
                subject: "高雄 <script>alert(1)</script> " + String(repeating: "很長", count: 40),
                text: "Cảm ơn & <b>",
                calendar: calendar
            )
            _ = try await SMTPClient(endpoint: .local(catcher)).send(message)
            let page = try await client.execute(uri: "/inbox/1", method: .get)
            let html = String(buffer: page.body)
            #expect(page.status == .ok)
            #expect(!html.contains("<script>"))
            #expect(html.contains("高雄 &lt;script&gt;alert(1)&lt;/script&gt; " + String(repeating: "很長", count: 40)))
            #expect(html.contains("Cảm ơn &amp; &lt;b&gt;"))
            #expect(html.contains("srcdoc=\"&lt;p&gt;Hello.&lt;/p&gt;\""))
            #expect(html.contains("BEGIN:VCALENDAR"))
            #expect(html.contains("Trần Thị Ánh Nguyệt"))
            let text = try await client.execute(uri: "/inbox/1/text", method: .get)
            #expect(String(buffer: text.body) == "Cảm ơn & <b>")
            let list = try await client.execute(uri: "/inbox", method: .get)
            #expect(String(buffer: list.body).contains("href=\"/inbox/1\""))
            let source = try await client.execute(uri: "/inbox/1/source", method: .get)
            #expect(String(buffer: source.body).contains("multipart/alternative"))
            #expect(try await client.execute(uri: "/inbox/2", method: .get).status == .notFound)
            #expect(try await client.execute(uri: "/inbox/x", method: .get).status == .badRequest)
        }
    }

    private struct Listing: Decodable {
        struct Item: Decodable {
            let number: Int
            let recipients: [String]
            let subject: String
        }
        let count: Int
        let messages: [Item]
        let next: Int?
    }

    @Test func programsReadTheInboxPageByPage() async throws {
        try await withInbox { catcher, client in
            let smtp = SMTPClient(endpoint: try .local(catcher))
            for number in 1...5 {
                _ = try await smtp.send(.sample(to: "p\(number % 2)@team.example", subject: "№ \(number)"))
            }
            func page(_ query: String) async throws -> Listing {
                let answer = try await client.execute(uri: "/inbox.json\(query)", method: .get)
                return try JSONDecoder().decode(Listing.self, from: Data(String(buffer: answer.body).utf8))
            }
            let first = try await page("?limit=2")
            #expect(first.count == 5)
            #expect(first.messages.map(\.subject) == ["№ 5", "№ 4"])
            let second = try await page("?limit=2&before=\(first.next ?? 0)")
            #expect(second.messages.map(\.number) == [3, 2])
            let last = try await page("?limit=2&before=\(second.next ?? 0)")
            #expect(last.messages.map(\.number) == [1])
            #expect(last.next == nil)
            #expect(try await page("?to=P1@team.example").messages.map(\.number) == [5, 3, 1])
        }
    }

    @Test func theStoreKeepsTheNewest() {
        let store = MailStore(capacity: 3, maximumBytes: 100)
        func keep(_ bytes: Int) {
            store.keep(MailEnvelope(), Array(repeating: 0, count: bytes), ConnectionFacts(id: UUID()))
        }
        for _ in 1...5 { keep(10) }
        #expect(store.all.map(\.number) == [3, 4, 5])
        keep(95)
        #expect(store.all.map(\.number) == [6])
        #expect(store.count == 6)
        #expect(store[5] == nil)
        #expect(store.page(limit: 10).map(\.number) == [6])
    }
}
