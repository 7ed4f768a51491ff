import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite struct MessageTests {
    @Test func eachChangeIsTold() async throws {
        try await Desk.open { desk in
            let inbox = try await Inbox(desk.service)
            var event = try await desk.makeEvent(EventDraft(capacity: 1))
            let answers = try await desk.register(event, 1...4)
            #expect(
                try await inbox.read().map { "\($0.registration) \($0.summary)" }.sorted()
                    == [
                        "\(answers[0].id) confirmed 1", "\(answers[1].id) waiting at 1 1",
                        "\(answers[2].id) waiting at 2 1", "\(answers[3].id) waiting at 3 1",
                    ].sorted()
            )
            _ = try await desk.cancel(answers[0])
            #expect(
                Set(try await inbox.read().map { "\($0.registration) \($0.summary)" })
                    == ["\(answers[0].id) cancelled 2", "\(answers[1].id) confirmed from waiting 2"]
            )
            event = try await desk.replace(event, EventDraft(capacity: 3)).decode(EventAnswer.self)
            #expect(
                Set(try await inbox.read().map { "\($0.registration) \($0.summary)" })
                    == [
                        "\(answers[2].id) confirmed from waiting 2", "\(answers[3].id) confirmed from waiting 2",
                    ]
            )
            _ = try await desk.cancel(answers[1])
            #expect(try await inbox.read().map(\.summary) == ["cancelled 3"])
        }
    }

    @Test func whatChangesNothingIsNotTold() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent()
            let registration = try await desk.register(event, 1)
            _ = try await desk.cancel(registration)
            let inbox = try await Inbox(desk.service)
            _ = try await inbox.read()
            _ = try await desk.cancel(registration)
            _ = try await desk.replace(event, EventDraft(title: ["en": "Renamed"]))
            _ = try await desk.tryRegister(event, RegistrationDraft(email: "wrong"))
            #expect(try await inbox.read().isEmpty)
            _ = try await desk.register(event, 2)
            #expect(try await inbox.read().count == 1)
            // A registration that is refused at the last moment leaves no message.
            let again = try await desk.tryRegister(event, RegistrationDraft(email: "PERSON2@people.example"))
            #expect(again.status == .conflict)
            #expect(try await inbox.read().isEmpty)
        }
    }

    @Test func aMessageHoldsWhatAMailNeeds() async throws {
        try await Desk.open { desk in
            let inbox = try await Inbox(desk.service)
            let event = try await desk.makeEvent(EventDraft(capacity: 1))
            let draft = RegistrationDraft(name: "阮氏明", email: "minh@benthanh.example", language: "zh-Hant")
            _ = try await desk.tryRegister(event, draft)
            guard case .confirmed(let message) = try #require(try await inbox.read().first) else {
                Issue.record("no confirmation")
                return
            }
            #expect(message.recipient.name.description == "阮氏明")
            #expect(message.recipient.email.description == "minh@benthanh.example")
            #expect(message.recipient.language == .traditionalChinese)
            #expect(message.event.id.description == event.id)
            #expect(message.event.path == "/events/kaohsiung/o2o-summit-2018")
            #expect(message.event.title[.traditionalChinese] == "2018 APEC O2O 高峰會")
            #expect(message.event.venue[.english] == "Kaohsiung Exhibition Center")
            #expect(message.event.timeZone.description == "Asia/Taipei")
            #expect(message.event.startsAt == (try Date("2018-07-02T01:00:00Z", strategy: .iso8601)))
            #expect(message.event.endsAt == (try Date("2018-07-02T09:30:00Z", strategy: .iso8601)))
        }
    }
}
