import Domain
import Foundation
import MailCatcher
import Postgres
import ServiceKit
import TestKit
import Testing

/// The three services as processes of their own, which share a database and nothing else.
@Suite("Separate processes", .timeLimit(.minutes(60)))
struct SeparateProcessesTests {
    @Test("a delivery that is killed in the middle is made up for: nothing lost, and no effect twice")
    func killedInDelivery() async throws {
        try await Installation.run { installation in
            let (events, matchmaking) = (installation.events, installation.matchmaking)
            var notifications = try installation.startNotifications()
            _ = try await notifications.port()

            // The catcher keeps the first mails and does not say so: the mailer is in the middle of them.
            installation.catcher.faults.add(Fault(.acknowledgement, .delay(.seconds(120)), times: 2))
            let event = try await events.makeEvent(capacity: 30)
            async let registrations = events.register(80, for: event)
            try await eventually("a mail in delivery") { installation.catcher.messages.count > 0 }
            notifications.send(SIGKILL)
            #expect(try await notifications.status() == -SIGKILL)
            let people = try await registrations
            installation.catcher.faults.removeAll()
            #expect(try await installation.store.countOfMails(in: "leased") > 0)

            let cohort = try await matchmaking.makeCohort(students: 5)
            try await events.cancel(people[0])
            notifications = try installation.startNotifications()
            try await matchmaking.runRound(of: cohort)
            try await installation.store.endLeases()

            // One for each who registered, one who cancelled, one who moved up; invitations and results.
            let expected = 80 + 2 + 5 + 5
            try await eventually("all mails") {
                try await installation.store.countOfMails(in: "sent") == expected
            }
            #expect(try await installation.store.countOfMails() == expected)
            #expect(try await installation.store.repeatedMails() == 0)
            try await eventually("an empty queue") { try await installation.store.countOfOutstandingMessages() == 0 }

            // SMTP can repeat a mail, and then with the Message-ID by which a receiver knows it again.
            let caught = installation.catcher.messages.all
            let identifiers = caught.map(\.messageID)
            #expect(Set(identifiers) == (try await installation.store.messageIDs()))
            #expect(identifiers.count > expected, "nothing was killed in the middle of a delivery")
            for mails in Dictionary(grouping: caught, by: \.messageID).values {
                #expect(Set(mails.map(\.envelope.recipients)).count == 1)
            }

            for program in [installation.eventsProgram, installation.matchmakingProgram, notifications] {
                program.send(SIGTERM)
            }
            for program in [installation.eventsProgram, installation.matchmakingProgram, notifications] {
                #expect(try await program.status() == 0, "\(program.standardError)")
            }
        }
    }
}

extension CaughtMail {
    var messageID: String {
        let text = String(decoding: source, as: UTF8.self)
        return text.firstMatch(of: /(?i)\r\nMessage-ID:\s*(<[^>]+>)/).map { String($0.output.1) } ?? ""
    }
}
