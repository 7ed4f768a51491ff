import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

/// Many requests at once, each on a connection of its own to the database.
@Suite struct RaceTests {
    private static let settings = ["database.pool.size": "32"]

    @Test func theLastPlaceIsGivenOnce() async throws {
        try await Desk.open(settings: Self.settings) { desk in
            for round in 1...5 {
                let event = try await desk.makeEvent(EventDraft(slug: "round-\(round)", capacity: 1))
                let answers = try await withThrowingTaskGroup(of: RegistrationAnswer.self) { group in
                    for number in 1...32 { group.addTask { try await desk.register(event, number) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.count { $0.state == "confirmed" } == 1)
                #expect(Set(answers.compactMap(\.position)) == Set(1...31))
                #expect(try await desk.summary(event) == SummaryAnswer(confirmed: 1, waiting: 31, capacity: 1))
                try await desk.expectCountsAgree(event)
            }
        }
    }

    @Test func oneAddressRegistersOnceHoweverManyTryAtOnce() async throws {
        try await Desk.open(settings: Self.settings) { desk in
            let event = try await desk.makeEvent(EventDraft(capacity: 10))
            let statuses = try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for _ in 0..<32 { group.addTask { try await desk.tryRegister(event, RegistrationDraft()).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == .created } == 1 && statuses.count { $0 == .conflict } == 31)
            #expect(try await desk.summary(event) == SummaryAnswer(confirmed: 1, capacity: 10))
            try await desk.expectCountsAgree(event)
        }
    }

    @Test func oneKeySentManyTimesAtOnceRegistersOnce() async throws {
        try await Desk.open(settings: Self.settings) { desk in
            let event = try await desk.makeEvent(EventDraft(capacity: 10))
            let statuses = try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for _ in 0..<16 {
                    group.addTask { try await desk.tryRegister(event, RegistrationDraft(), key: "same").status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            // Replayed, or told that the first is in progress; never a second registration.
            #expect(statuses.contains(.created) && statuses.allSatisfy { [.created, .conflict].contains($0) })
            #expect(try await desk.summary(event).confirmed == 1)
        }
    }

    @Test func manyCancelRegisterAndChangeTheCapacityAtOnce() async throws {
        try await Desk.open(settings: Self.settings) { desk in
            let event = try await desk.makeEvent(EventDraft(capacity: 10))
            let first = try await desk.register(event, 1...40)
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Each is cancelled twice at once.
                for registration in first where registration.state == "confirmed" || registration.position ?? 0 > 20 {
                    for _ in 0..<2 { group.addTask { _ = try await desk.cancel(registration) } }
                }
                for number in 41...70 { group.addTask { _ = try await desk.register(event, number) } }
                for capacity in [12, 8, 20, 15] { group.addTask { try await change(event, to: capacity, desk) } }
                try await group.waitForAll()
            }
            let summary = try await desk.summary(event)
            #expect(summary.cancelled == 20 && summary.confirmed + summary.waiting == 50)
            #expect(summary.waiting == 0 || summary.confirmed >= summary.capacity)
            try await desk.expectCountsAgree(event)
            // Nobody overtook: all who wait registered after all who have a place.
            let list = try await desk.list(event).items.filter { $0.state != "cancelled" }
            let states = list.map(\.state)
            #expect(states == states.sorted())
            #expect(list.compactMap(\.position) == Array(1...max(1, summary.waiting)))
        }
    }

    /// With the newest version, again until nobody was faster.
    private func change(_ event: EventAnswer, to capacity: Int, _ desk: Desk) async throws {
        var status = HTTPResponse.Status.preconditionFailed
        while status == .preconditionFailed {
            let path = "/events/api/events/\(event.id)"
            let current = try await desk.get(path, token: desk.staff).decode(EventAnswer.self)
            status = try await desk.replace(current, EventDraft(capacity: capacity)).status
        }
        #expect(status == .ok)
    }

    /// The 2018 summit in Kaohsiung: 60 teams and 2,000 attendees for 1,500 places; 40 cancel.
    @Test func theSummitOfKaohsiung() async throws {
        try await Desk.open(settings: ["database.pool.size": "16"]) { desk in
            let event = try await desk.makeEvent(EventDraft(capacity: 1500))
            let answers = try await withThrowingTaskGroup(of: RegistrationAnswer.self) { group in
                var answers: [RegistrationAnswer] = []
                for number in 1...2060 {
                    if number > 64, let answer = try await group.next() { answers.append(answer) }
                    group.addTask { try await desk.register(event, number) }
                }
                for try await answer in group { answers.append(answer) }
                return answers
            }
            #expect(try await desk.summary(event) == SummaryAnswer(confirmed: 1500, waiting: 560, capacity: 1500))
            let waiting = answers.filter { $0.state == "waiting" }.sorted { $0.position ?? 0 < $1.position ?? 0 }
            #expect(waiting.map(\.position) == (1...560).map { $0 })
            let cancelled = answers.filter { $0.state == "confirmed" }.prefix(40)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for registration in cancelled { group.addTask { _ = try await desk.cancel(registration) } }
                try await group.waitForAll()
            }
            let expected = SummaryAnswer(confirmed: 1500, waiting: 520, cancelled: 40, promoted: 40, capacity: 1500)
            #expect(try await desk.summary(event) == expected)
            for registration in [waiting[0], waiting[39]] {
                #expect(try await desk.read(registration).state == "confirmed")
            }
            #expect(try await desk.read(waiting[40]).position == 1)
            try await desk.expectCountsAgree(event)
        }
    }
}
