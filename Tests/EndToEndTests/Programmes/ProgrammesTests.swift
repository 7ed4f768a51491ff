import Foundation
import MailCatcher
import Messaging
import Testing

@testable import tradewind

@Suite("The talent programmes by separate processes", .timeLimit(.minutes(60)))
struct ProgrammesTests {
    @Test(
        "both run over API and pages to the last answer: every mail is caught, every message handled, each step recorded"
    )
    func bothProgrammes() async throws {
        try await Installation.run { installation in
            let notifications = try installation.startNotifications()
            _ = try await notifications.port()
            let scene = Scene(installation)
            let mails = try await TalentScene(scene).run() + AllianceScene(scene).run()

            let store = installation.store
            try await eventually("all mails") { try await store.countOfMails(in: "sent") == mails }
            #expect(try await store.countOfMails() == mails)
            #expect(Set(installation.catcher.messages.all.map(\.messageID)) == (try await store.messageIDs()))
            try await eventually("an empty queue") { try await store.countOfOutstandingMessages() == 0 }
            let subscriptions = try await QueueInspector(database: store.database).subscriptions()
            #expect(subscriptions.allSatisfy { $0.deadLetters == 0 })
            #expect(subscriptions.first { $0.subscription == "notifications.matchmaking" }?.handled ?? 0 >= mails)

            let programs = [installation.eventsProgram, installation.matchmakingProgram, notifications]
            programs.forEach { $0.send(SIGTERM) }
            for program in programs {
                #expect(try await program.status() == 0, "\(program.standardError)")
            }
        }
    }
}
