import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import TestKit
import Testing

@Suite struct PublicPageTests {
    static let path = "/events/kaohsiung/o2o-summit-2018"
    static let form = [
        "name": "Nguyễn Thị Minh", "email": "minh@benthanh.example", "organisation": "Bến Thành Robotics",
        "economy": "VN", "language": "vi",
    ]

    @Test func thePageTellsWhatAndWhereAndHowManyPlacesAreLeft() async throws {
        try await Desk.open { desk in
            var draft = EventDraft(capacity: 1500)
            draft.description = ["en": "First paragraph.\nSecond & last."]
            let event = try await desk.makeEvent(draft)
            let page = try await desk.get(Self.path)
            #expect(page.status == .ok && page.headers[.contentType] == "text/html; charset=utf-8")
            for text in [
                "<html lang=\"en\"", "<h1>2018 APEC O2O Summit</h1>", "Kaohsiung Exhibition Center", "July", "2018",
                "9:00", "UTC+8", "<strong>1,500</strong> Places left", "<p>First paragraph.</p>",
                "<p>Second &amp; last.</p>", ">Register</button>", "method=\"post\"",
            ] { #expect(page.text.contains(text), "\(text)") }
            #expect(!page.text.contains("<script") && !page.text.contains("On the waiting list"))
            _ = try await desk.register(event, 1)
            #expect(try await desk.get(Self.path).text.contains("<strong>1,499</strong>"))
        }
    }

    @Test func aFullEventOffersTheWaitingList() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent(EventDraft(capacity: 1))
            _ = try await desk.register(event, 1...3)
            let page = try await desk.get(Self.path).text
            #expect(page.contains("<strong>0</strong> Places left"))
            #expect(page.contains("<strong>2</strong> On the waiting list"))
            #expect(page.contains("All places are taken") && page.contains(">Join the waiting list</button>"))
        }
    }

    @Test func outsideTheWindowThereIsNoForm() async throws {
        try await Desk.open { desk in
            _ = try await desk.makeEvent(EventDraft(slug: "early", registrationOpensAt: "2150-03-01T08:00"))
            _ = try await desk.makeEvent(EventDraft(slug: "late", registrationClosesAt: "2018-06-30T18:00"))
            _ = try await desk.makeEvent(EventDraft(slug: "open", registrationClosesAt: "2150-06-30T18:00"))
            let early = try await desk.get("/events/kaohsiung/early").text
            #expect(early.contains("Registration opens on") && early.contains("2150") && !early.contains("<form"))
            let late = try await desk.get("/events/kaohsiung/late").text
            #expect(late.contains("Registration is closed.") && !late.contains("<form"))
            let open = try await desk.get("/events/kaohsiung/open").text
            #expect(open.contains("Registration is open until") && open.contains("<form"))
            let refused = try await desk.client.submit("/events/kaohsiung/late", form: Self.form)
            #expect(refused.status == .conflict && refused.text.contains("Registration is closed."))
        }
    }

    @Test func aRegistrationLeadsToThePersonalPageAndIsTold() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent()
            let inbox = try await Inbox(desk.service)
            let response = try await desk.client.submit("\(Self.path)?lang=en", form: Self.form)
            #expect(response.status == .seeOther)
            let location = try #require(response.headers[.location])
            #expect(location.hasPrefix("/events/l/"))
            let page = try await desk.get(location)
            #expect(page.status == .ok && page.text.contains("You have a place."))
            #expect(page.text.contains("Nguyễn Thị Minh") && page.text.contains("Bến Thành Robotics"))
            let registration = try #require(try await desk.list(event).items.first)
            #expect(registration.language == "vi" && registration.economy == "VN" && registration.party == "person")
            #expect(
                try await inbox.read().map { "\($0.registration) \($0.summary)" } == ["\(registration.id) confirmed 1"]
            )
        }
    }

    @Test func errorsStandBesideTheirFieldsAndTheInputIsKept() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent()
            let form = [
                "name": "  ", "email": "\"><script>alert(1)</script>@x", "organisation": "Café & Söhne",
                "economy": "ZZ",
                "language": "xx",
            ]
            let response = try await desk.client.submit(Self.path, form: form)
            #expect(response.status == .unprocessableContent)
            let text = response.text
            #expect(text.contains("Please correct this"))
            for field in ["name", "email", "economy", "language"] {
                #expect(text.contains("<a href=\"#\(field)\">"), "\(field)")
                #expect(text.contains("id=\"\(field)-error\""), "\(field)")
            }
            #expect(!text.contains("#organisation") && !text.contains("organisation-error"))
            #expect(text.contains("aria-describedby=\"email-hint email-error\" aria-invalid=\"true\""))
            #expect(text.contains("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;@x\""))
            #expect(text.contains("Café &amp; Söhne") && !text.contains("<script"))
            #expect(try await desk.summary(event).confirmed == 0)
            // What was right stays chosen.
            let second = Self.form.merging(["email": "minh@"]) { $1 }
            let kept = try await desk.client.submit(Self.path, form: second).text
            #expect(kept.contains("<option value=\"VN\" selected>") && kept.contains("<option value=\"vi\" selected>"))
            #expect(kept.contains("value=\"minh@\"") && kept.contains("value=\"Nguyễn Thị Minh\""))
        }
    }

    @Test func anEmptyAndAStrangeFormAreRefusedAsPages() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent()
            let empty = try await desk.client.submit(Self.path, form: [:])
            #expect(empty.status == .unprocessableContent && empty.text.contains("<a href=\"#name\">"))
            let strange = try await desk.client.submit(Self.path, form: ["admin": "1", "name[]": "x"])
            #expect(strange.status == .unprocessableContent)
            let long = try await desk.client.submit(
                Self.path,
                form: Self.form.merging(["name": String(repeating: "長", count: 5000)]) { $1 }
            )
            #expect(long.status == .unprocessableContent)
            let json = try await desk.client.send(.post, Self.path, json: RegistrationDraft())
            #expect(json.status == .unsupportedMediaType)
            #expect(try await desk.summary(event).confirmed == 0)
        }
    }

    @Test func aDoubleSubmissionMakesOneRegistrationAndSendsTheLinkAgainOnce() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent()
            let inbox = try await Inbox(desk.service)
            #expect(try await desk.client.submit(Self.path, form: Self.form).status == .seeOther)
            #expect(try await inbox.read().count == 1)
            for form in [Self.form, Self.form.merging(["email": "MINH@benthanh.example", "name": "Mallory"]) { $1 }] {
                let response = try await desk.client.submit(Self.path, form: form)
                #expect(response.status == .conflict && response.headers[.location] == nil)
                #expect(response.text.contains("You are registered already"))
                #expect(!response.text.contains("/events/l/") && !response.text.contains("Nguyễn"))
                #expect(!response.text.contains("minh@"))
            }
            // Twice asked within ten minutes, sent once: nobody's mailbox can be filled from here.
            #expect(try await inbox.read().map(\.summary) == ["link"])
            #expect(try await desk.summary(event).confirmed == 1)
            try await desk.service.database.execute(
                "UPDATE events.registrations SET link_requested_at = link_requested_at - interval '11 minutes'"
            )
            _ = try await desk.client.submit(Self.path, form: Self.form)
            #expect(try await inbox.read().map(\.summary) == ["link"])
        }
    }

    @Test func hostileNamesAreEscapedEverywhere() async throws {
        try await Desk.open { desk in
            let hostile = "<script>alert('1')</script>\"&{{t.name}}"
            let draft = EventDraft(title: ["en": hostile], venue: ["en": hostile], description: ["en": hostile])
            let event = try await desk.makeEvent(draft)
            let registered = try await desk.tryRegister(
                event,
                RegistrationDraft(party: "team", teamName: hostile, name: hostile, organisation: hostile)
            ).decode(RegistrationAnswer.self)
            _ = try await desk.register(event, 1...3)
            let personal = try desk.path(registered.link)
            let staff = try desk.path(event.registrationsPage)
            let pages = [
                "/events/kaohsiung", Self.path, personal, "\(personal)/cancellation", "\(staff)?state=confirmed",
            ]
            for path in pages {
                let page = try await desk.get(path)
                #expect(page.status == .ok)
                #expect(!page.text.contains("<script"), "\(path)")
                #expect(page.text.contains("&lt;script&gt;"), "\(path)")
            }
        }
    }

    @Test func theHostsEventsAreListedWithWhatComesFirst() async throws {
        try await Desk.open { desk in
            #expect(try await desk.get("/events/kaohsiung").text.contains("There are no events at the moment."))
            let times = [("past", "2018"), ("far", "2180"), ("soon", "2150")]
            for (slug, year) in times {
                let draft = EventDraft(
                    slug: slug,
                    title: ["en": "Event \(slug)"],
                    startsAt: "\(year)-07-02T09:00",
                    endsAt: "\(year)-07-02T10:00"
                )
                _ = try await desk.makeEvent(draft)
            }
            let text = try await desk.get("/events/kaohsiung").text
            let order = try ["Events: City of kaohsiung", "Coming up", "Event soon", "Event far", "Past", "Event past"]
                .map {
                    try #require(text.firstRange(of: $0)?.lowerBound, "\($0)")
                }
            #expect(order == order.sorted())
            #expect(text.contains("href=\"/events/kaohsiung/soon?lang=en\""))
        }
    }

    @Test(arguments: ["/events/nobody", "/events/nobody/x", "/events/kaohsiung/none", "/events/KAO/x", "/events/a%20b"])
    func whatDoesNotExistIsAPageThatSaysSo(path: String) async throws {
        try await Desk.open { desk in
            let response = try await desk.get(path, headers: [.accept: "text/html"])
            #expect(response.status == .notFound && response.text.contains("<html"))
            let posted = try await desk.client.submit(path, form: Self.form)
            #expect([.notFound, .methodNotAllowed].contains(posted.status))
        }
    }
}
