import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Matchmaking

@Suite("Links to the office")
struct StaffLinkTests {
    /// Every page and form of an office, on things of `cohort`.
    static func addresses(
        _ home: String,
        round: String,
        firm: String,
        file: String
    ) -> (pages: [String], forms: [String]) {
        (
            [
                "", "/rounds/\(round)/comparison/\(round)", "/rounds/\(round)/seat-values",
                "/rounds/\(round)/what-if/\(firm)/2", "/rounds/\(round)/report", "/imports/\(file)",
                "/imports/\(file)/faulty-rows.csv", "/exports/audit.csv",
            ].map { home + $0 },
            ["/rounds", "/supplementary-rounds", "/publications", "/reminders", "/imports/\(file)/application"].map {
                home + $0
            }
        )
    }

    @Test func aLinkOpensItsOwnCohortOnly() async throws {
        try await Office.run { office in
            let (cohort, firms, _) = try await RoundAPITests.contest(office)
            let file = try await office.upload(cohort, "firms", "code,name.en,capacity\nhtc,HTC,many\n").json["id"]
                .string
            let round = try await office.run(cohort)["id"].string
            let own = Self.addresses(try await office.staffLink(cohort), round: round, firm: firms[0], file: file)
            for page in own.pages { #expect(try await office.view(page).status == .ok, "\(page)") }

            let other = try await office.cohort(Office.draft("spring"))
            let home = try await office.staffLink(other)
            let strange = Self.addresses(home, round: round, firm: firms[0], file: file)
            for page in strange.pages where page != home && !page.hasSuffix("audit.csv") {
                #expect(try await office.view(page).status == .notFound, "\(page)")
            }
            let publish = try await office.client.submit("\(home)/publications", form: ["round": round, "sure": "yes"])
            #expect(publish.status == .notFound)
            let apply = try await office.client.submit("\(home)/imports/\(file)/application", form: ["aside": "yes"])
            #expect(apply.status == .notFound)
            #expect(!(try await office.view(home).text.contains(round)))
            #expect(try await office.get(cohort).json["state"] == "run")
        }
    }

    @Test func noOtherLinkOpensTheOffice() async throws {
        try await Office.run { office in
            let (cohort, firms, applicants) = try await RoundAPITests.contest(office)
            let file = try await office.upload(cohort, "firms", "code,name.en,capacity\nhtc,HTC,many\n").json["id"]
                .string
            let round = try await office.run(cohort)["id"].string
            let link = try await office.staffLink(cohort)
            let text = try #require(link.split(separator: "/").last.map(String.init))
            let staff = try await office.service.links.verify(text, purpose: "cohort").subject
            let tenant = office.service.tenant.id
            let stranger = office.service.otherTenant.id
            let cohortID = try #require(UUID(uuidString: String(cohort.dropFirst("/cohorts/".count))))
            let applicant = try #require(UUID(uuidString: applicants[0]))
            let roundID = try #require(UUID(uuidString: round))
            let links: [(String, UUID, TenantID, Date?)] = [
                // Another tenant's key; another thing; another purpose; a link that has ended.
                ("cohort", staff, stranger, nil), ("cohort", cohortID, tenant, nil), ("cohort", applicant, tenant, nil),
                ("ranking", staff, tenant, nil), ("result", staff, tenant, nil), ("round", staff, tenant, nil),
                ("cohort", staff, tenant, Date(timeIntervalSinceNow: -1)),
            ]
            for (purpose, subject, tenant, expires) in links {
                let forged = try await office.service.links
                    .sign(tenant: tenant, purpose: purpose, subject: subject, expires: expires)
                let addresses = Self.addresses("/matchmaking/l/\(forged)", round: round, firm: firms[0], file: file)
                for page in addresses.pages {
                    #expect(try await office.view(page).status == .notFound, "\(purpose) \(page)")
                }
                for form in addresses.forms {
                    #expect(
                        try await office.client.submit(form, form: ["version": "1", "sure": "yes", "round": round])
                            .status
                            == .notFound
                    )
                }
                let sent = try await office.submitFile("/matchmaking/l/\(forged)/imports", kind: "firms", text: "code")
                #expect(sent.status == .notFound)
            }
            // A round's link shows its report, and nothing else.
            let roundLink = try await office.service.links.sign(tenant: tenant, purpose: "round", subject: roundID)
            let addresses = Self.addresses("/matchmaking/l/\(roundLink)", round: round, firm: firms[0], file: file)
            for page in addresses.pages.dropFirst() { #expect(try await office.view(page).status == .notFound) }
            #expect(try await office.view("/matchmaking/l/\(roundLink)/report").status == .ok)
            #expect(try await office.view("\(link)/report").status == .notFound)
            let own = try await office.service.links.sign(tenant: tenant, purpose: "ranking", subject: applicant)
            #expect(try await office.view("/matchmaking/l/\(own)/report").status == .notFound)
        }
    }

    @Test func aLinkEndsAndItsMakingIsOnRecord() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let answer = office.expect(.created, try await office.post("\(cohort)/staff-links", ["name": "mei"]))
            let expires = try #require(try? Date.ISO8601FormatStyle().parse(answer["expiresAt"].string))
            #expect(abs(expires.timeIntervalSinceNow - 30 * 86_400) < 600)
            let made = try await office.audit(cohort).last
            #expect(made?["action"] == "staff-link.made" && made?["after"]["name"] == "mei")
            for body in [[:], ["name": "Mei Lin"], ["name": "mei", "for": "ever"]] as [JSONValue] {
                #expect(try await office.post("\(cohort)/staff-links", body).status == .unprocessableContent)
            }
            #expect(try await office.post("/cohorts/\(UUID())/staff-links", ["name": "mei"]).problem?.status == 404)
        }
    }
}
