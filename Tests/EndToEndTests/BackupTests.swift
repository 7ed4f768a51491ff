import Foundation
import MailCatcher
import TestKit
import Testing

/// `deploy/backup` on one server, `deploy/restore` on another.
@Suite("Backup and restore", .enabled(if: PrivateServer.programs != nil), .timeLimit(.minutes(60)))
struct BackupTests {
    private struct Registration: Decodable, Equatable {
        let id: String
        let email: String
        let state: String
        let position: Int?
    }
    private struct Placement: Decodable, Equatable {
        let applicant: String
        let firm: String?
    }

    @Test("an empty server gets every registration, placement and undelivered message, each exactly once")
    func restoresEverything() async throws {
        try await Installation.run { installation in
            let event = try await installation.events.makeEvent(capacity: 10)
            let people = try await leaveUndelivered(installation, event)
            let undelivered = try await installation.store.countOfOutstandingMessages(of: "notifications")
            #expect(undelivered >= 12)
            let before = try await Records(installation.events, installation.matchmaking, event)
            #expect(before.registrations.count == 15)
            #expect(before.placements.filter { $0.firm != nil }.count == 2)

            try await PrivateServer.lend { server in
                let source = try #require(installation.environment["DATABASE_URL"])
                let target = "postgresql://postgres@/postgres?host=\(server.folder)"
                try await Restored.copy(from: source, to: target)
                try await Restored.run(installation, on: target) { restored in
                    #expect(try await restored.store.countOfOutstandingMessages(of: "notifications") == undelivered)
                    #expect(try await Records(restored.events, restored.matchmaking, event) == before)

                    // 15 had been told; one cancelled, one moved up, five were invited and told their result.
                    let notifications = try restored.start("notifications")
                    try await eventually("all mails") {
                        try await restored.store.countOfMails(in: "sent") == 15 + 12
                    }
                    try await eventually("an empty queue") {
                        try await restored.store.countOfOutstandingMessages() == 0
                    }
                    #expect(try await restored.store.repeatedMails() == 0)
                    let identifiers = installation.catcher.messages.all.map(\.messageID)
                    #expect(identifiers.count == 15 + 12)
                    #expect(Set(identifiers) == (try await restored.store.messageIDs()))

                    // And it goes on from there.
                    try await restored.events.cancel(people[1])
                    try await eventually("mails about what came later") {
                        try await restored.store.countOfMails(in: "sent") == 15 + 12 + 2
                    }
                    notifications.send(SIGTERM)
                    #expect(try await notifications.status() == 0)
                }
            }
        }
    }

    /// Registrations that everybody was told of, then changes of which nobody was.
    private func leaveUndelivered(_ installation: Installation, _ event: Made) async throws -> [Made] {
        let notifications = try installation.startNotifications()
        let people = try await installation.events.register(15, for: event)
        try await eventually("the first mails") { try await installation.store.countOfMails(in: "sent") == 15 }
        notifications.send(SIGTERM)
        #expect(try await notifications.status() == 0)
        try await installation.events.cancel(people[0])
        let cohort = try await installation.matchmaking.makeCohort(students: 5)
        try await installation.matchmaking.runRound(of: cohort)
        return people
    }

    private struct Records: Equatable {
        let registrations: [Registration]
        let placements: [Placement]

        init(_ events: EventsAPI, _ matchmaking: MatchmakingAPI, _ event: Made) async throws {
            registrations = try await events.client.list("/events/api/events/\(event.id)/registrations")
            let cohorts: [Made] = try await matchmaking.client.list("/matchmaking/api/cohorts")
            let cohort = try #require(cohorts.first)
            let rounds: [Made] = try await matchmaking.client.list("/matchmaking/api/cohorts/\(cohort.id)/rounds")
            let round = try #require(rounds.first)
            placements = try await matchmaking.client.list("/matchmaking/api/rounds/\(round.id)/placements")
        }
    }
}

private struct Page<Item: Decodable>: Decodable {
    let items: [Item]
}

extension APIClient {
    /// The first page of a list.
    fileprivate func list<Item: Decodable>(_ path: String) async throws -> [Item] {
        let answer = try await send("GET", path + "?limit=500")
        try #require(answer.status == 200)
        return try answer.decode(Page<Item>.self).items
    }
}
