import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import TestKit
import Testing

@Suite struct CancellationTests {
    @Test func theFirstWhoWaitsMovesUp() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent()
            let answers = try await desk.register(event, 1...5)
            let cancelled = try await desk.cancel(answers[0])
            #expect(cancelled.state == "cancelled" && cancelled.version == 2 && cancelled.position == nil)
            let promoted = try await desk.read(answers[2])
            #expect(promoted.state == "confirmed" && promoted.version == 2 && promoted.position == nil)
            #expect(try await desk.read(answers[3]).position == 1)
            #expect(try await desk.read(answers[4]).position == 2)
            #expect(try await desk.read(answers[4]).version == 1)
            let expected = SummaryAnswer(confirmed: 2, waiting: 2, cancelled: 1, promoted: 1, capacity: 2)
            #expect(try await desk.summary(event) == expected)
            try await desk.expectCountsAgree(event)
        }
    }

    @Test func whoWaitsAndCancelsMovesNobodyUp() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent(EventDraft(capacity: 1))
            let answers = try await desk.register(event, 1...3)
            _ = try await desk.cancel(answers[1])
            #expect(try await desk.waitingList(event) == [answers[2].id])
            #expect(try await desk.read(answers[2]).position == 1)
            let expected = SummaryAnswer(confirmed: 1, waiting: 1, cancelled: 1, promoted: 0, capacity: 1)
            #expect(try await desk.summary(event) == expected)
        }
    }

    @Test func aSecondCancellationChangesNothing() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent(EventDraft(capacity: 1))
            let answers = try await desk.register(event, 1...3)
            let first = try await desk.cancel(answers[0])
            let again = try await desk.cancel(answers[0])
            #expect(first == again && first.version == 2)
            #expect(
                try await desk.summary(event)
                    == SummaryAnswer(confirmed: 1, waiting: 1, cancelled: 1, promoted: 1, capacity: 1)
            )
        }
    }

    @Test func aHigherCapacityMovesUpAndALowerOneEvictsNobody() async throws {
        try await Desk.open { desk in
            var event = try await desk.makeEvent(EventDraft(capacity: 1))
            let answers = try await desk.register(event, 1...5)
            event = try await desk.replace(event, EventDraft(capacity: 3)).decode(EventAnswer.self)
            #expect(try await desk.waitingList(event) == [answers[3].id, answers[4].id])
            var expected = SummaryAnswer(confirmed: 3, waiting: 2, promoted: 2, capacity: 3)
            #expect(try await desk.summary(event) == expected)

            event = try await desk.replace(event, EventDraft(capacity: 1)).decode(EventAnswer.self)
            expected.capacity = 1
            #expect(try await desk.summary(event) == expected)
            _ = try await desk.cancel(answers[0])
            _ = try await desk.cancel(answers[1])
            #expect(try await desk.waitingList(event) == [answers[3].id, answers[4].id])
            _ = try await desk.cancel(answers[2])
            #expect(try await desk.waitingList(event) == [answers[4].id])
            expected = SummaryAnswer(confirmed: 1, waiting: 1, cancelled: 3, promoted: 3, capacity: 1)
            #expect(try await desk.summary(event) == expected)
            try await desk.expectCountsAgree(event)

            // More places than there are people.
            event = try await desk.replace(event, EventDraft(capacity: 100)).decode(EventAnswer.self)
            expected = SummaryAnswer(confirmed: 2, waiting: 0, cancelled: 3, promoted: 4, capacity: 100)
            #expect(try await desk.summary(event) == expected)
        }
    }

    @Test func theTablesOwnChecksStopOverbooking() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent(EventDraft(capacity: 1))
            _ = try await desk.register(event, 1...2)
            let database = desk.service.database
            let wrong: [@Sendable () async throws -> Void] = [
                {
                    try await database.execute(
                        "UPDATE events.events SET confirmed = confirmed + 1, registered = registered + 1"
                    )
                },
                { try await database.execute("UPDATE events.events SET waiting = 3") },
                { try await database.execute("UPDATE events.events SET capacity = 2") },
                { try await database.execute("UPDATE events.events SET capacity = 2, ceiling = 2") },
                { try await database.execute("UPDATE events.registrations SET number = 1") },
                { try await database.execute("UPDATE events.registrations SET mailbox_key = 'a'") },
                { try await database.execute("UPDATE events.registrations SET state = 'lost'") },
            ]
            for (index, statement) in wrong.enumerated() {
                let error = await #expect(throws: PostgresError.self, "\(index)") { try await statement() }
                #expect(error?.sqlState?.hasPrefix("23") == true)
            }
        }
    }
}
