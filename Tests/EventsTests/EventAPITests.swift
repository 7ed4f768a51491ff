import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Postgres
import TestKit
import Testing

@Suite struct EventAPITests {
    @Test func anEventIsMadeAndRead() async throws {
        try await Desk.open { desk in
            var draft = EventDraft()
            draft.description = ["en": "Two days.\nMany people."]
            draft.registrationOpensAt = "2018-05-01T00:00"
            draft.registrationClosesAt = "2018-06-30T23:59"
            let response = try await desk.client.send(.post, "/events/api/events", token: desk.staff, json: draft)
            #expect(response.status == .created)
            let event = try response.decode(EventAnswer.self)
            #expect(response.headers[.location] == "/events/api/events/\(event.id)")
            #expect(response.headers[.eTag] == "\"v1\"")
            #expect(event.startsAt == "2018-07-02T09:00" && event.endsAt == "2018-07-02T17:30")
            #expect(event.registrationOpensAt == "2018-05-01T00:00")
            #expect(event.registrationClosesAt == "2018-06-30T23:59")
            #expect(event.title == draft.title && event.venue == draft.venue && event.description == draft.description)
            #expect(event.version == 1 && event.capacity == 2 && event.kind == "summit")
            #expect(event.page == "https://tradewind.test/events/kaohsiung/o2o-summit-2018")
            #expect(event.registrationsPage?.hasPrefix("https://tradewind.test/events/l/") == true)
            let read = try await desk.get("/events/api/events/\(event.id)", token: desk.staff)
            #expect(read.status == .ok && read.headers[.eTag] == "\"v1\"")
            #expect(try read.decode(EventAnswer.self) == event)
            // The page of registrations is for staff only.
            let byMachine = try await desk.get("/events/api/events/\(event.id)", token: desk.machine)
            #expect(try byMachine.decode(EventAnswer.self).registrationsPage == nil)
            let summary = try await desk.summary(event)
            #expect(summary == SummaryAnswer(capacity: 2))
        }
    }

    @Test func theListGoesOnWithItsCursorInTheOrderOfMaking() async throws {
        try await Desk.open { desk in
            for number in 1...5 { _ = try await desk.makeEvent(EventDraft(slug: "event-\(number)")) }
            var slugs: [String] = []
            var query = "?limit=2"
            for _ in 0..<3 {
                let response = try await desk.get("/events/api/events\(query)", token: desk.service.tenant.readerToken)
                let page = try response.decode(ListAnswer<EventAnswer>.self)
                slugs += page.items.map(\.slug)
                #expect((page.next != nil) == (response.headers.contains { $0.name.canonicalName == "link" }))
                query = "?limit=2&cursor=\(page.next ?? "")"
            }
            #expect(slugs == ["event-1", "event-2", "event-3", "event-4", "event-5"])
            for query in ["?cursor=zzz", "?limit=0", "?limit=501", "?limit=x", "?cursor=MTpub3QtYS11dWlk"] {
                let response = try await desk.get("/events/api/events\(query)", token: desk.staff)
                #expect(response.status == .badRequest && response.problem != nil, "\(query)")
            }
        }
    }

    @Test func aSecondEventWithOneSlugIsAConflict() async throws {
        try await Desk.open { desk in
            _ = try await desk.makeEvent()
            let response = try await desk.client.send(
                .post,
                "/events/api/events",
                token: desk.staff,
                json: EventDraft(title: ["en": "Another"])
            )
            #expect(response.status == .conflict)
            #expect(response.problem?.type == "slug-taken" && response.problem?.pointers == ["/slug"])
            // Another host may use it.
            let other = desk.service.otherTenant.staffToken
            let theirs = try await desk.client.send(.post, "/events/api/events", token: other, json: EventDraft())
            #expect(theirs.status == .created)
        }
    }

    @Test func makingIsIdempotentByItsKey() async throws {
        try await Desk.open { desk in
            func make(_ draft: EventDraft, _ key: String) async throws -> TestResponse {
                try await desk.client.send(
                    .post,
                    "/events/api/events",
                    token: desk.staff,
                    json: draft,
                    idempotencyKey: key
                )
            }
            let first = try await make(EventDraft(), "one")
            let again = try await make(EventDraft(), "one")
            #expect(first.status == .created && again.status == .created)
            #expect(first.text == again.text && again.headers[.eTag] == "\"v1\"")
            #expect(again.headers[.location] == first.headers[.location])
            let other = try await make(EventDraft(slug: "other"), "one")
            #expect(other.status == .unprocessableContent)
            let without = try await make(EventDraft(slug: "other"), "")
            #expect(without.status == .badRequest)
            let list = try await desk.get("/events/api/events", token: desk.staff)
            #expect(try list.decode(ListAnswer<EventAnswer>.self).items.count == 1)
        }
    }

    @Test func aChangeNeedsTheVersionThatWasRead() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent()
            let path = "/events/api/events/\(event.id)"
            var draft = EventDraft()
            draft.title = ["en": "Renamed"]
            let without = try await desk.client.send(.put, path, token: desk.staff, json: draft)
            #expect(without.status == .preconditionRequired)
            let changed = try await desk.replace(event, draft)
            #expect(changed.status == .ok && changed.headers[.eTag] == "\"v2\"")
            #expect(try changed.decode(EventAnswer.self).title == ["en": "Renamed"])
            let stale = try await desk.replace(event, EventDraft())
            #expect(stale.status == .preconditionFailed)
            let read = try await desk.get(path, token: desk.staff)
            #expect(try read.decode(EventAnswer.self) == changed.decode(EventAnswer.self))
        }
    }

    @Test func everyFieldButTheSlugCanBeChanged() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent()
            let draft = EventDraft(
                kind: "training",
                title: ["vi": "Khóa học"],
                venue: ["vi": "Hà Nội"],
                description: ["vi": "Miễn phí"],
                startsAt: "2019-10-28T08:00",
                endsAt: "2019-10-29T18:00",
                timeZone: "Asia/Ho_Chi_Minh",
                capacity: 7,
                registrationOpensAt: "2019-09-01T00:00",
                registrationClosesAt: "2019-10-01T00:00"
            )
            let changed = try await desk.replace(event, draft).decode(EventAnswer.self)
            #expect(changed.kind == "training" && changed.title == draft.title && changed.venue == draft.venue)
            #expect(changed.description == draft.description && changed.timeZone == "Asia/Ho_Chi_Minh")
            #expect(changed.startsAt == draft.startsAt && changed.endsAt == draft.endsAt && changed.capacity == 7)
            #expect(changed.registrationOpensAt == draft.registrationOpensAt)
            #expect(changed.registrationClosesAt == draft.registrationClosesAt)
            let read = try await desk.get("/events/api/events/\(event.id)", token: desk.staff)
            #expect(try read.decode(EventAnswer.self) == changed)
            let renamed = try await desk.replace(changed, EventDraft(slug: "another"))
            #expect(renamed.status == .unprocessableContent && renamed.problem?.pointers == ["/slug"])
        }
    }

    @Test func aTimeThatIsSkippedIsRefusedWithWhatToWrite() async throws {
        try await Desk.open { desk in
            let draft = EventDraft(
                startsAt: "2024-03-10T02:30",
                endsAt: "2024-03-10T17:00",
                timeZone: "America/New_York"
            )
            let response = try await desk.client.send(.post, "/events/api/events", token: desk.staff, json: draft)
            #expect(response.status == .unprocessableContent && response.problem?.pointers == ["/startsAt"])
            #expect(response.text.contains("Write 2024-03-10T03:30 or 2024-03-10T01:30"))
            // Of a time that comes twice the earlier: 05:30 UTC, so half an hour until 02:00 standard time is 90 minutes.
            let twice = EventDraft(
                startsAt: "2024-11-03T01:30",
                endsAt: "2024-11-03T02:00",
                timeZone: "America/New_York"
            )
            let event = try await desk.makeEvent(twice)
            let rows = try await desk.service.database.query("SELECT starts_at, ends_at FROM events.events")
            let (starts, ends) = try #require(try rows.first?.decode(Date.self, Date.self))
            #expect(starts == (try Date("2024-11-03T05:30:00Z", strategy: .iso8601)))
            #expect(ends.timeIntervalSince(starts) == 90 * 60)
            #expect(event.startsAt == "2024-11-03T01:30")
        }
    }

    @Test func wrongFieldsAreNamed() async throws {
        try await Desk.open { desk in
            let good = EventDraft()
            func with(_ change: (inout EventDraft) -> Void) -> EventDraft {
                var draft = good
                change(&draft)
                return draft
            }
            let cases: [(EventDraft, String)] = [
                (with { $0.slug = "Upper" }, "/slug"), (with { $0.slug = "" }, "/slug"),
                (with { $0.slug = String(repeating: "a", count: 65) }, "/slug"),
                (with { $0.kind = "party" }, "/kind"), (with { $0.title = [:] }, "/title"),
                (with { $0.title = ["en": "  "] }, "/title"), (with { $0.title = ["english!": "a"] }, "/title"),
                (with { $0.title = ["en": String(repeating: "x", count: 201)] }, "/title/en"),
                (with { $0.title = ["en": "a\nSubject: b"] }, "/title/en"),
                (with { $0.title = ["en": "a\u{1}"] }, "/title"),
                (with { $0.venue = ["vi": "a\r\nb"] }, "/venue/vi"),
                (with { $0.description = ["en": String(repeating: "x", count: 2001)] }, "/description"),
                (with { $0.startsAt = "2018-07-02" }, "/startsAt"),
                (with { $0.startsAt = "2018-02-30T09:00" }, "/startsAt"),
                (with { $0.endsAt = "2018-07-02T09:00" }, "/endsAt"),
                (with { $0.endsAt = "2020-07-02T09:00" }, "/endsAt"),
                (with { $0.timeZone = "Taipei" }, "/timeZone"), (with { $0.timeZone = "Mars/Olympus" }, "/timeZone"),
                (with { $0.timeZone = "../etc/passwd" }, "/timeZone"),
                (with { $0.capacity = 0 }, "/capacity"), (with { $0.capacity = -1 }, "/capacity"),
                (with { $0.capacity = 1_000_001 }, "/capacity"),
                (with { $0.registrationOpensAt = "soon" }, "/registrationOpensAt"),
                (
                    with {
                        $0.registrationOpensAt = "2018-06-02T09:00"
                        $0.registrationClosesAt = "2018-06-02T09:00"
                    }, "/registrationClosesAt"
                ),
            ]
            for (draft, pointer) in cases {
                let response = try await desk.client.send(.post, "/events/api/events", token: desk.staff, json: draft)
                #expect(response.status == .unprocessableContent, "\(pointer): \(response.text)")
                #expect(response.problem?.pointers == [pointer], "\(response.text)")
            }
            let list = try await desk.get("/events/api/events", token: desk.staff)
            #expect(try list.decode(ListAnswer<EventAnswer>.self).items.isEmpty)
        }
    }

    @Test func wrongTypesAndBodiesAreRefused() async throws {
        try await Desk.open { desk in
            let good: [String: RawJSON.Value] = [
                "slug": "a", "kind": "forum", "title": .object(["en": "A"]), "venue": .object(["en": "B"]),
                "startsAt": "2018-07-02T09:00", "endsAt": "2018-07-02T10:00", "timeZone": "UTC", "capacity": 5,
            ]
            let wrong: [(String, RawJSON.Value?)] = [
                ("slug", nil), ("slug", .null), ("slug", 5), ("kind", .list([])), ("title", "A"),
                ("title", .list(["A"])),
                ("capacity", "5"), ("capacity", .number(1.5)), ("capacity", .number(1e30)), ("capacity", .flag(true)),
                ("timeZone", .object([:])), ("description", 5), ("registrationOpensAt", 0), ("colour", "red"),
            ]
            for (field, value) in wrong {
                var object = good
                object[field] = value
                let body = RawJSON(object: object)
                let response = try await desk.client.send(.post, "/events/api/events", token: desk.staff, json: body)
                #expect(response.status == .unprocessableContent, "\(field): \(response.text)")
                #expect(response.problem?.pointers == ["/\(field)"], "\(field): \(response.text)")
            }
            let key = try #require(HTTPField.Name("Idempotency-Key"))
            for (text, type, status) in [
                ("{", "application/json", HTTPResponse.Status.badRequest), ("", "application/json", .badRequest),
                ("null", "application/json", .unprocessableContent), ("[]", "application/json", .unprocessableContent),
                ("{}", "text/plain", .unsupportedMediaType),
            ] {
                let response = try await desk.client.executeRequest(
                    uri: "/events/api/events",
                    method: .post,
                    headers: [
                        .authorization: "Bearer \(desk.staff)", .contentType: type, key: UUID().uuidString,
                    ],
                    body: .init(string: text)
                )
                #expect(response.status == status, "\(text): \(response.text)")
                #expect(response.problem != nil)
            }
        }
    }

    @Test func theDescriptionOfTheAPIIsServed() async throws {
        try await Desk.open { desk in
            let response = try await desk.get("/events/api/openapi.yaml")
            #expect(response.status == .ok && response.headers[.contentType] == "application/yaml")
            #expect(response.text.hasPrefix("openapi: 3.1.0"))
        }
    }
}
