import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite struct RegistrationAPITests {
    @Test func placesAreGivenThenTheWaitingListBegins() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent()
            let answers = try await desk.register(event, 1...4)
            #expect(answers.map(\.state) == ["confirmed", "confirmed", "waiting", "waiting"])
            #expect(answers.map(\.position) == [nil, nil, 1, 2])
            #expect(answers.allSatisfy { $0.version == 1 && $0.event == event.id })
            #expect(try await desk.summary(event) == SummaryAnswer(confirmed: 2, waiting: 2, capacity: 2))
            #expect(try await desk.waitingList(event) == [answers[2].id, answers[3].id])
            try await desk.expectCountsAgree(event)
        }
    }

    @Test func aRegistrationIsReadAsItWasMade() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent()
            let draft = RegistrationDraft(
                party: "team",
                teamName: "Bến Thành  Robotics",
                name: "  Nguyễn   Thị Minh ",
                email: "Minh@BenThanh.Example",
                language: "zh-hant-tw",
                economy: "vn",
                organisation: "Đại học Bách khoa"
            )
            let response = try await desk.tryRegister(event, draft)
            #expect(response.status == .created)
            let made = try response.decode(RegistrationAnswer.self)
            #expect(response.headers[.location] == "/events/api/registrations/\(made.id)")
            #expect(response.headers[.eTag] == "\"v1\"")
            #expect(made.party == "team" && made.teamName == "Bến Thành Robotics" && made.name == "Nguyễn Thị Minh")
            #expect(made.email == "Minh@benthanh.example" && made.language == "zh-Hant-TW" && made.economy == "VN")
            #expect(made.organisation == "Đại học Bách khoa" && abs(made.registeredAt.timeIntervalSinceNow) < 60)
            let link = try #require(made.link)
            #expect(link.hasPrefix("https://tradewind.test/events/l/"))
            let read = try await desk.get("/events/api/registrations/\(made.id)", token: desk.staff)
            #expect(read.headers[.eTag] == "\"v1\"")
            let answer = try read.decode(RegistrationAnswer.self)
            // The link is told once, to who made the registration.
            #expect(answer.link == nil && answer.id == made.id && answer.teamName == made.teamName)
            #expect(answer.name == made.name && answer.email == made.email && answer.organisation == made.organisation)
        }
    }

    @Test func oneAddressHasOneRegistration() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent()
            let other = try await desk.makeEvent(EventDraft(slug: "other"))
            let first = try await desk.tryRegister(event, RegistrationDraft(email: "minh@benthanh.example"))
            #expect(first.status == .created)
            let same = [
                RegistrationDraft(name: "Somebody else", email: "minh@benthanh.example"),
                RegistrationDraft(email: "MINH@benthanh.example"), RegistrationDraft(email: "ｍinh@benthanh.example"),
                RegistrationDraft(party: "team", teamName: "Team", email: "minh@benthanh.example"),
            ]
            for draft in same {
                let response = try await desk.tryRegister(event, draft)
                #expect(response.status == .conflict && response.problem?.type == "already-registered", "\(draft)")
                #expect(!response.text.contains("Nguyễn"))
            }
            #expect(try await desk.tryRegister(other, same[0]).status == .created)
            // The Cyrillic letter is another address.
            #expect(
                try await desk.tryRegister(event, RegistrationDraft(email: "мinh@benthanh.example")).status == .created
            )
            #expect(try await desk.summary(event).confirmed == 2)
            try await desk.expectCountsAgree(event)
        }
    }

    @Test func whoCancelledMayRegisterAgainAtTheEnd() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent(EventDraft(capacity: 1))
            let answers = try await desk.register(event, 1...2)
            _ = try await desk.cancel(answers[0])
            let again = try await desk.register(event, 1)
            #expect(again.state == "waiting" && again.position == 1 && again.id != answers[0].id)
            #expect(try await desk.summary(event).cancelled == 1)
        }
    }

    @Test func repeatsWithOneKeyRegisterOnce() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent()
            let first = try await desk.tryRegister(event, RegistrationDraft(), key: "demo-1")
            let again = try await desk.tryRegister(event, RegistrationDraft(), key: "demo-1")
            #expect(first.status == .created && again.status == .created && first.text == again.text)
            let other = try await desk.tryRegister(event, RegistrationDraft(name: "Other"), key: "demo-1")
            #expect(other.status == .unprocessableContent)
            #expect(try await desk.tryRegister(event, RegistrationDraft(), key: "").status == .badRequest)
            #expect(try await desk.summary(event).confirmed == 1)
        }
    }

    @Test func registrationIsRefusedOutsideItsWindow() async throws {
        try await Desk.open { desk in
            let early = try await desk.makeEvent(EventDraft(slug: "early", registrationOpensAt: "2150-01-01T00:00"))
            let late = try await desk.makeEvent(EventDraft(slug: "late", registrationClosesAt: "2018-06-30T00:00"))
            let notYet = try await desk.tryRegister(early, RegistrationDraft())
            #expect(notYet.status == .conflict && notYet.problem?.type == "registration-not-open")
            let over = try await desk.tryRegister(late, RegistrationDraft())
            #expect(over.status == .conflict && over.problem?.type == "registration-closed")
            #expect(try await desk.summary(late).confirmed == 0)
        }
    }

    @Test func wrongFieldsAreNamed() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent()
            let good: [String: RawJSON.Value] = [
                "party": "person", "name": "A", "email": "a@example.org", "language": "en", "economy": "TW",
            ]
            let wrong: [(String, RawJSON.Value?)] = [
                ("party", nil), ("party", "crowd"), ("teamName", "Team"), ("name", nil), ("name", " \n\t"),
                ("name", ""),
                ("name", .text(String(repeating: "長", count: 201))),
                ("name", .text(String(repeating: "x", count: 500_000))),
                ("name", "a\u{202E}b"), ("name", "a\u{7}b"), ("name", 5), ("name", .null),
                ("email", "a"), ("email", "a@"), ("email", "@a.b"), ("email", "a@b"), ("email", "a b@example.org"),
                ("email", "a@example.org\nBcc: b@example.org"), ("email", "a@[127.0.0.1]"), ("email", "a@127.0.0.1"),
                ("email", "a@@example.org"), ("email", ".a@example.org"), ("email", "\"a b\"@example.org"),
                ("email", .text(String(repeating: "a", count: 65) + "@example.org")),
                ("email", .text("a@" + String(repeating: "b.", count: 150) + "org")),
                ("email", "a\u{200B}@example.org"),
                ("language", "english"), ("language", ""), ("economy", "TWN"), ("economy", "T1"), ("economy", .null),
                ("organisation", ""), ("organisation", .text(String(repeating: "x", count: 201))), ("vip", .flag(true)),
            ]
            for (field, value) in wrong {
                var object = good
                object[field] = value
                let path = "/events/api/events/\(event.id)/registrations"
                let response = try await desk.client.send(
                    .post,
                    path,
                    token: desk.machine,
                    json: RawJSON(object: object)
                )
                #expect(response.status == .unprocessableContent, "\(field): \(response.text)")
                #expect(response.problem?.pointers == ["/\(field)"], "\(field): \(response.text)")
            }
            let team = try await desk.tryRegister(event, RegistrationDraft(party: "team"))
            #expect(team.status == .unprocessableContent && team.problem?.pointers == ["/teamName"])
            #expect(try await desk.summary(event) == SummaryAnswer(capacity: 2))
        }
    }

    @Test func namesOfEveryScriptComeBackAsTheyWere() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent(EventDraft(capacity: 50))
            let names = [
                "王小明", "สมชาย ใจดี", "Nguyễn Văn Anh", "עֵדֶן כהן", "محمد علي", "Владимир", "Ó Súilleabháin",
                "ʻOkina Kaʻiulani",
                "X Æ A-12", "O'Brien; DROP TABLE events.events;--", "<script>alert(1)</script>", "नरेन्द्र", "می‌خواهم",
                "👩‍🚀 Ada",
                "{{t.name}}", "%s%n", "\\u0000", "Z\u{0335}a\u{0336}",
            ]
            for (number, name) in names.enumerated() {
                let draft = RegistrationDraft(name: name, email: "n\(number)@example.org", organisation: name)
                let response = try await desk.tryRegister(event, draft)
                #expect(response.status == .created, "\(name): \(response.text)")
                let answer = try await desk.read(try response.decode(RegistrationAnswer.self))
                #expect(Array(answer.name.utf8) == Array(name.utf8) && answer.organisation == name)
            }
        }
    }

    @Test func theListIsPagedFilteredAndStable() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent(EventDraft(capacity: 3))
            let answers = try await desk.register(event, 1...8)
            _ = try await desk.cancel(answers[7])
            var ids: [String] = []
            var positions: [Int?] = []
            var cursor = ""
            repeat {
                let path = "/events/api/events/\(event.id)/registrations?limit=3\(cursor)"
                let page = try await desk.get(path, token: desk.machine).decode(ListAnswer<RegistrationAnswer>.self)
                ids += page.items.map(\.id)
                positions += page.items.map(\.position)
                cursor = page.next.map { "&cursor=\($0)" } ?? ""
                // What comes meanwhile is at the end and disturbs nothing.
                if ids.count == 3 { _ = try await desk.register(event, 9) }
            } while !cursor.isEmpty
            #expect(ids.prefix(8) == answers.map(\.id)[...] && ids.count == 9)
            #expect(positions == [nil, nil, nil, 1, 2, 3, 4, nil, 5])
            let confirmed = try await desk.list(event, query: "&state=confirmed")
            #expect(confirmed.items.map(\.id) == answers.prefix(3).map(\.id))
            let cancelled = try await desk.list(event, query: "&state=cancelled")
            #expect(cancelled.items.map(\.id) == [answers[7].id] && cancelled.next == nil)
            let page = try await desk.get(
                "/events/api/events/\(event.id)/registrations?state=waiting&limit=2",
                token: desk.staff
            )
            let link = page.headers.first { $0.name.canonicalName == "link" }?.value ?? ""
            #expect(link.contains("state=waiting") && link.contains("rel=\"next\""))
            for query in ["?state=gone", "?state=", "?cursor=MTp4", "?cursor=MTotMQ", "?limit=-1"] {
                let path = "/events/api/events/\(event.id)/registrations\(query)"
                let response = try await desk.get(path, token: desk.staff)
                #expect(response.status == .badRequest, "\(query): \(response.text)")
            }
        }
    }
}
