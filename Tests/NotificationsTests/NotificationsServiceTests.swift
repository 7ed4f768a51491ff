import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Messaging
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Notifications

@Suite struct NotificationsServiceTests {
    private struct Listing: Decodable {
        struct Item: Decodable {
            struct Addressee: Decodable { let name, email, language: String }
            let id, kind, state, subject: String
            let recipient: Addressee
            let due: Date?
        }
        let items: [Item]
        let next: String?
    }

    private static func publishAll(_ service: TestService) async throws -> RegistrationID {
        let registration = RegistrationID()
        let event = try SampleMails.event()
        let recipient = try SampleMails.recipient(.thai)
        try await service.database.transaction(tenant: service.tenant.id) { tx in
            try tx.publish(
                RegistrationWaiting(
                    registrationID: registration,
                    event: event,
                    recipient: recipient,
                    position: 7,
                    sequence: 0
                )
            )
            try tx.publish(
                RegistrationConfirmed(
                    registrationID: registration,
                    event: event,
                    recipient: recipient,
                    wasWaiting: true,
                    sequence: 1
                )
            )
            try tx.publish(
                RegistrationCancelled(registrationID: registration, event: event, recipient: recipient, sequence: 2)
            )
            try tx.publish(RegistrationLinkRequested(registrationID: registration, event: event, recipient: recipient))
            try tx.publish(
                RegistrationConfirmed(
                    registrationID: RegistrationID(),
                    event: event,
                    recipient: recipient,
                    wasWaiting: false,
                    sequence: 0
                )
            )
            let title = try LocalizedText([.english: "Southbound ICT talent"])
            try tx.publish(
                RankingInvited(
                    applicantID: ApplicantID(),
                    cohortID: CohortID(),
                    cohortTitle: title,
                    recipient: recipient,
                    deadline: Date()
                )
            )
            for firm in [title, nil] {
                try tx.publish(
                    PlacementPublished(
                        applicantID: ApplicantID(),
                        roundID: RoundID(),
                        cohortTitle: title,
                        recipient: recipient,
                        firm: firm
                    )
                )
            }
            let placement = PlacementFacts(
                offerID: OfferID(),
                applicantID: ApplicantID(),
                cohortTitle: title,
                firm: title,
                recipient: recipient
            )
            try tx.publish(PlacementAccepted(placement: placement))
            try tx.publish(PlacementDeclined(placement: placement))
            try tx.publish(PlacementExpired(placement: placement))
            for subject in WithdrawalSubject.allCases {
                try tx.publish(PlacementWithdrawn(placement: placement, subject: subject))
            }
            for deadline in [nil, Date()] {
                try tx.publish(DeferralDecided(placement: placement, deadline: deadline))
            }
            try tx.publish(ApplicantWithdrew(applicantID: ApplicantID(), cohortTitle: title, recipient: recipient))
            for step in CohortNews.Step.allCases {
                try tx.publish(
                    CohortNews(
                        cohortID: CohortID(),
                        cohortTitle: title,
                        step: step,
                        member: CohortMember(FirmID()),
                        recipient: recipient,
                        deadline: Date()
                    )
                )
            }
            for action in OutstandingAction.allCases {
                try tx.publish(
                    ActionReminded(
                        cohortID: CohortID(),
                        cohortTitle: title,
                        member: CohortMember(ApplicantID()),
                        action: action,
                        count: 1,
                        recipient: recipient,
                        deadline: Date()
                    )
                )
            }
            try tx.publish(RoundPublished(roundID: RoundID(), cohortID: CohortID(), placed: 1, unplaced: 1))
        }
        return registration
    }

    @Test func everyMessageBecomesItsMail() async throws {
        try await TestService.run(NotificationsService.self) { client, service in
            let registration = try await Self.publishAll(service)
            try await service.drain()
            let path = "/notifications/api/outgoing"
            let list = try await client.send(.get, path, token: service.tenant.staffToken).decode(Listing.self)
            #expect(Set(list.items.map(\.kind)) == Set(MailKind.allCases.map(\.rawValue)))
            #expect(list.items.count == 26)
            #expect(list.items.allSatisfy { $0.state == "pending" && $0.recipient.language == "th" && $0.due != nil })
            #expect(list.items.filter { $0.subject == registration.description }.count == 4)
            let rows = try await service.database.query(
                "SELECT model FROM notifications.outgoing WHERE kind = 'cancelled'"
            )
            let cancelled = try rows.map { try $0.decode(JSON<MailContent>.self).value }
            guard case .cancelled(let facts, hadPlace: true)? = cancelled.first else {
                Issue.record("whoever was moved up has an entry to withdraw")
                return
            }
            #expect(facts.sequence == 2)
            let other = try await client.send(.get, path, token: service.otherTenant.staffToken).decode(Listing.self)
            #expect(other.items.isEmpty)
        }
    }

    @Test func staffReadMailsPageByPageAndTryThemAgain() async throws {
        try await TestService.run(NotificationsService.self) { client, service in
            _ = try await Self.publishAll(service)
            try await service.drain()
            let path = "/notifications/api/outgoing"
            let token = service.tenant.staffToken
            let first = try await client.send(.get, path + "?limit=15&state=pending", token: token).decode(Listing.self)
            let next = try #require(first.next)
            let second = try await client.send(.get, path + "?limit=15&cursor=\(next)", token: token).decode(
                Listing.self
            )
            #expect(first.items.count == 15 && second.items.count == 11 && second.next == nil)
            #expect(Set((first.items + second.items).map(\.id)).count == 26)
            #expect(
                try await client.send(.get, path + "?state=failed", token: token).decode(Listing.self).items.isEmpty
            )

            let id = first.items[0].id
            try await service.database.execute(
                "UPDATE notifications.outgoing SET state = 'failed', attempts = 12, smtp_code = 550, outcome = 'no'"
            )
            let failed = try await client.send(.get, "\(path)/\(id)", token: token)
            #expect(failed.status == .ok && failed.text.contains("\"smtpCode\":550"))
            let retried = try await client.send(.post, "\(path)/\(id)/retry", token: token)
            #expect(retried.status == .accepted && retried.text.contains("\"attempts\":0"))
            let summary = try await client.send(.get, "/notifications/api/summary", token: service.tenant.readerToken)
            #expect(try summary.decode(OutgoingSummary.self) == OutgoingSummary(pending: 1, failed: 25))

            try await service.database.execute("UPDATE notifications.outgoing SET state = 'sent', sent_at = due")
            #expect(try await client.send(.post, "\(path)/\(id)/retry", token: token).problem?.type == "mail-settled")
        }
    }

    @Test func theAPIRefusesWhatItShould() async throws {
        try await TestService.run(NotificationsService.self) { client, service in
            _ = try await Self.publishAll(service)
            try await service.drain()
            let path = "/notifications/api/outgoing"
            let (staff, reader) = (service.tenant.staffToken, service.tenant.readerToken)
            #expect(try await client.send(.get, path).status == .unauthorized)
            #expect(try await client.send(.get, path, token: reader).status == .forbidden)
            #expect(try await client.send(.get, path, token: service.tenant.machineToken).status == .forbidden)
            for query in ["state=lost", "cursor=x", "cursor=", "limit=0", "limit=x"] {
                #expect(try await client.send(.get, path + "?" + query, token: staff).status == .badRequest, "\(query)")
            }
            let list = try await client.send(.get, path, token: staff).decode(Listing.self)
            for id in ["x", UUID().uuidString] {
                #expect(try await client.send(.get, "\(path)/\(id)", token: staff).status == .notFound)
                #expect(try await client.send(.post, "\(path)/\(id)/retry", token: staff).status == .notFound)
            }
            let foreign = service.otherTenant.staffToken
            #expect(try await client.send(.get, "\(path)/\(list.items[0].id)", token: foreign).status == .notFound)
            #expect(
                try await client.send(.post, "\(path)/\(list.items[0].id)/retry", token: foreign).status == .notFound
            )
            let description = try await client.send(.get, "/notifications/api/openapi.yaml")
            #expect(description.text.hasPrefix("openapi: 3.1.0"))
        }
    }

    @Test func staffSeeTheQueueBehindALink() async throws {
        try await TestService.run(NotificationsService.self) { client, service in
            _ = try await Self.publishAll(service)
            try await service.drain()
            try await service.database.execute(
                """
                UPDATE notifications.outgoing SET state = 'failed', smtp_code = 550, outcome = 'anh.nguyet@team.example gone'
                WHERE kind = 'placed'
                """
            )
            let tenant = service.tenant.id
            let inspector = QueueInspector(database: service.database)
            _ = try await service.database.execute(
                """
                INSERT INTO queue.schedules (name, cron, time_zone, next_at)
                VALUES ('tests.daily', '0 9 * * *', 'Asia/Taipei', '2030-01-01')
                """
            )
            let state = try #require(try await inspector.subscriptions().first { $0.topic == "events" })
            let link = try await service.links.sign(tenant: tenant, purpose: "queue", subject: tenant.uuid)
            let page = try await client.send(.get, "/notifications/l/\(link)", headers: [.acceptLanguage: "zh-Hant"])
            #expect(page.status == .ok)
            #expect(page.text.contains("lang=\"zh-Hant\""))
            for text in ["notifications.events", "notifications.matchmaking", "SMTP 550", "訊息佇列"] {
                #expect(page.text.contains(text), "\(text)")
            }
            #expect(!page.text.contains("anh.nguyet"))
            #expect(page.text.contains("tests.daily</th><td>0 9 * * * (Asia/Taipei)</td>"))
            #expect(page.text.contains("<td>0</td><td>–</td>"))
            #expect(page.text.contains("<td>3</td><td>0</td></tr>"))
            expectToFitAndToBeFound(page.text)
            #expect(page.text.contains("<td>\(state.handled)</td><td>"))
            let other = try await service.links.sign(tenant: tenant, purpose: "registration", subject: tenant.uuid)
            #expect(try await client.send(.get, "/notifications/l/\(other)").status == .notFound)
            #expect(try await client.send(.get, "/notifications/l/x").status == .notFound)
        }
    }

    @Test func figuresThatAreCountedToTheirLimitAreShownSo() async throws {
        try await TestService.run(NotificationsService.self) { client, service in
            let tenant = service.tenant.id
            try await service.drain()
            _ = try await service.database.transaction(tenant: tenant) { tx in
                try await tx.execute(
                    """
                    INSERT INTO queue.log (id, tenant, lane, segment, type, subject, headers, body)
                    SELECT gen_random_uuid(), \(tenant.uuid), t.first_lane, r.segment, 'unknown.v1', '', '{}', '{}'
                    FROM queue.topics t, queue.ring r, generate_series(1, 10000) WHERE t.topic = 'events'
                    """
                )
            }
            let link = try await service.links.sign(tenant: tenant, purpose: "queue", subject: tenant.uuid)
            let page = try await client.send(.get, "/notifications/l/\(link)")
            // The lag, and what was published.
            #expect(page.text.matches(of: /<td>10000\+<\/td>/).count == 2)
        }
    }

    /// Whatever is wide scrolls in a box of its own, so that the page fits a screen of 360 pixels; each landmark and each
    /// table's region is there once and named.
    private func expectToFitAndToBeFound(_ page: String) {
        let tables = page.matches(
            of: /<div class="table" role="region" aria-labelledby="([a-z-]+)" tabindex="0"><table>/
        )
        #expect(tables.count == page.matches(of: /<table/).count)
        let names = tables.map { String($0.output.1) }
        #expect(Set(names).count == names.count)
        for name in names { #expect(page.matches(of: /id="([a-z-]+)"/).count { $0.output.1 == name } == 1) }
        for landmark in ["<header", "<main", "<footer", "<h1"] {
            #expect(page.components(separatedBy: landmark).count == 2, "\(landmark)")
        }
        #expect(!page.contains("<pre"))
    }
}
