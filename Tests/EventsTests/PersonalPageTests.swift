import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestKit
import Testing

@Suite struct PersonalPageTests {
    @Test func theOwnerSeesTheStateAndTheEvent() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent(EventDraft(capacity: 1))
            let answers = try await desk.register(event, 1...3)
            let confirmed = try await desk.get(try desk.path(answers[0].link) + "?lang=en")
            #expect(confirmed.status == .ok && confirmed.headers[.cacheControl] == "no-store")
            for text in [
                "You have a place.", "2018 APEC O2O Summit", "Kaohsiung Exhibition Center", "Person 1", "Vietnam",
                "person1@people.example", "/event.ics", "/cancellation",
                "href=\"/events/kaohsiung/o2o-summit-2018?lang=en\"",
            ] { #expect(confirmed.text.contains(text), "\(text)") }
            let waiting = try await desk.get(try desk.path(answers[2].link) + "?lang=en").text
            #expect(waiting.contains("You are number 2 on the waiting list.") && waiting.contains("as soon as a place"))
            #expect(!waiting.contains("event.ics") && waiting.contains("/cancellation"))
            // In the language that the person chose, where the browser has no wish.
            #expect(try await desk.get(try desk.path(answers[0].link)).text.contains("<html lang=\"vi\""))
        }
    }

    @Test func cancellingTakesAQuestionAndMovesTheNextUp() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent(EventDraft(capacity: 1))
            let answers = try await desk.register(event, 1...2)
            let path = try desk.path(answers[0].link)
            let question = try await desk.get("\(path)/cancellation?lang=en")
            #expect(question.status == .ok && question.text.contains("Cancel your registration?"))
            #expect(question.text.contains("action=\"\(path)/cancellation?lang=en\""))
            #expect(question.text.contains("Your place goes to the next person who waits."))
            let waiting = try await desk.get(try desk.path(answers[1].link) + "/cancellation?lang=en").text
            #expect(waiting.contains("You leave the waiting list.") && !waiting.contains("Your place goes"))
            // Asking is not doing.
            #expect(try await desk.read(answers[0]).state == "confirmed")
            for _ in 1...2 {
                let done = try await desk.client.submit("\(path)/cancellation?lang=en", form: [:])
                #expect(done.status == .seeOther && done.headers[.location] == "\(path)?lang=en")
            }
            let page = try await desk.get("\(path)?lang=en").text
            #expect(page.contains("Your registration is cancelled.") && !page.contains("/cancellation"))
            #expect(try await desk.get("\(path)/cancellation").status == .seeOther)
            #expect(try await desk.get("\(path)/event.ics").status == .notFound)
            #expect(try await desk.read(answers[1]).state == "confirmed")
            let expected = SummaryAnswer(confirmed: 1, cancelled: 1, promoted: 1, capacity: 1)
            #expect(try await desk.summary(event) == expected)
        }
    }

    @Test func theCalendarEntryIsWellFormed() async throws {
        try await Desk.open { desk in
            let title = "Digital; resilience, and a title so long that its line has to be folded 數位韌性培訓課程以及更多"
            let event = try await desk.makeEvent(EventDraft(title: ["en": title], capacity: 1))
            let registration = try await desk.register(event, 1)
            let response = try await desk.get(try desk.path(registration.link) + "/event.ics")
            #expect(response.headers[.contentType] == "text/calendar; charset=utf-8")
            #expect(response.headers[.contentDisposition] == "attachment; filename=\"o2o-summit-2018.ics\"")
            let lines = response.text.split(separator: "\r\n", omittingEmptySubsequences: false)
            #expect(lines.allSatisfy { $0.utf8.count <= 75 } && lines.last == "")
            let unfolded = response.text.replacing("\r\n ", with: "").components(separatedBy: "\r\n")
            for line in [
                "BEGIN:VCALENDAR", "UID:\(registration.id)", "SEQUENCE:1", "DTSTART;TZID=Asia/Taipei:20180702T090000",
                "DTEND;TZID=Asia/Taipei:20180702T173000",
                "SUMMARY;LANGUAGE=en:" + title.replacing(";", with: "\\;").replacing(",", with: "\\,"),
                "LOCATION;LANGUAGE=en:Kaohsiung Exhibition Center", "END:VCALENDAR",
            ] { #expect(unfolded.contains { $0.hasPrefix(line) }, "\(line)") }
        }
    }

    @Test func aLinkOpensItsOwnPurposeOnly() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent()
            let registration = try await desk.register(event, 1)
            let links = desk.service.links
            let id = try #require(UUID(uuidString: registration.id))
            let tenant = desk.service.tenant.id
            let good = try await links.sign(tenant: tenant, purpose: "registration", subject: id)
            let staff = try desk.path(event.registrationsPage)
            let expired = try await links.sign(
                tenant: tenant,
                purpose: "registration",
                subject: id,
                expires: .distantPast
            )
            let foreign = try await links.sign(
                tenant: desk.service.otherTenant.id,
                purpose: "registration",
                subject: id
            )
            let ranking = try await links.sign(tenant: tenant, purpose: "ranking", subject: id)
            let unknown = try await links.sign(tenant: tenant, purpose: "registration", subject: UUID())
            let eventUnknown = try await links.sign(tenant: tenant, purpose: "event-registrations", subject: UUID())
            #expect(try await desk.get("/events/l/\(good)").status == .ok)
            for link in [
                expired, foreign, ranking, unknown, eventUnknown, "x", String(good.dropLast()) + "_", good + "a",
            ] {
                #expect(try await desk.get("/events/l/\(link)").status == .notFound, "\(link)")
                #expect(try await desk.get("/events/l/\(link)/event.ics").status == .notFound)
                #expect(try await desk.client.submit("/events/l/\(link)/cancellation", form: [:]).status == .notFound)
            }
            // A link for staff is none to cancel with, and the other way round.
            #expect(try await desk.client.submit("\(staff)/cancellation", form: [:]).status == .notFound)
            #expect(!(try await desk.get("/events/l/\(good)").text.contains("Capacity")))
            #expect(try await desk.read(registration).state == "confirmed")
        }
    }

    @Test func staffSeeTheCountsAndTheWaitingListInOrder() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent(EventDraft(capacity: 2))
            let answers = try await desk.register(event, 1...60)
            _ = try await desk.cancel(answers[0])
            let path = try desk.path(event.registrationsPage)
            let first = try await desk.get("\(path)?lang=en")
            #expect(first.status == .ok && first.headers[.cacheControl] == "no-store")
            let text = first.text
            for figure in [
                "<strong>2</strong> Capacity", "<strong>2</strong> Confirmed", "<strong>57</strong> Waiting",
                "<strong>1</strong> Cancelled", "<strong>1</strong> Moved up",
            ] { #expect(text.contains(figure), "\(figure)") }
            let order = text.matches(of: /<td class="number"[^>]*>(\d+)<\/td><td[^>]*>Person (\d+)<\/td>/)
            #expect(order.map { Int($0.1) } == Array(1...50) && order.map { Int($0.2) } == Array(4...53))
            let next = try #require(text.firstMatch(of: /href="([^"]+)" rel="next"/)?.1)
            let second = try await desk.get(path + next.replacing("&amp;", with: "&")).text
            let rest = second.matches(of: /<td class="number"[^>]*>(\d+)<\/td><td[^>]*>Person (\d+)<\/td>/)
            #expect(rest.map { Int($0.1) } == Array(51...57) && rest.map { Int($0.2) } == Array(54...60))
            #expect(!second.contains("rel=\"next\"") && second.contains("First page"))
            let cancelled = try await desk.get("\(path)?lang=en&state=cancelled").text
            #expect(cancelled.contains("Person 1<") && !cancelled.contains("Person 2<"))
            #expect(try await desk.get("\(path)?state=nonsense&after=-5").status == .ok)
            let empty = try await desk.makeEvent(EventDraft(slug: "empty"))
            #expect(try await desk.get(try desk.path(empty.registrationsPage) + "?lang=en").text.contains("Nobody."))
        }
    }
}
