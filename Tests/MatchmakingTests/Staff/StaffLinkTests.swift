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
            [
                "/rounds", "/supplementary-rounds", "/publications", "/reminders", "/invitations",
                "/imports/\(file)/application",
            ].map {
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

    @Test func linksAreListedWithWhenTheyWereUsedAndRevoked() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let answer = office.expect(.created, try await office.post("\(cohort)/staff-links", ["name": "mei"]))
            let (id, mei) = (answer["id"].string, Office.path(answer["link"].string))
            let an = try await office.staffLink(cohort, name: "an")
            func listed() async throws -> [JSONValue] {
                office.expect(.ok, try await office.get("\(cohort)/staff-links"))["items"].items
            }
            #expect(try await listed().map(\.["name"]) == ["an", "mei"])
            #expect(try await listed().allSatisfy { $0["usedAt"] == nil && $0["createdAt"] != nil })
            #expect(try await !office.get("\(cohort)/staff-links").text.contains("/matchmaking/l/"))
            let page = try await office.view(mei)
            #expect(page.status == .ok)
            #expect(try await listed()[1]["usedAt"] != nil)
            #expect(try await listed()[0]["usedAt"] == nil)
            // Soon after it is not noted again; an hour later it is.
            for (shift, isNoted) in [("1 hour", false), ("-2 hours", true)] {
                try await office.service.database.execute(
                    "UPDATE matchmaking.staff_links SET used_at = used_at + \(shift)::text::interval"
                )
                let before = try await listed()[1]["usedAt"]
                _ = try await office.view(mei)
                #expect(try await (listed()[1]["usedAt"] != before) == isNoted)
            }

            let path = Office.api + "/staff-links/\(id)"
            for _ in 0..<2 {
                #expect(try await office.client.send(.delete, path, token: office.token).status == .noContent)
            }
            #expect(try await listed()[1]["revokedAt"] != nil)
            #expect(try await office.view(mei).status == .notFound)
            #expect(try await office.client.submit("\(mei)/reminders", form: [:]).status == .notFound)
            #expect(try await office.view(an).status == .ok)
            let record = try await office.audit(cohort).filter { $0["action"] == "staff-link.revoked" }
            #expect(record.count == 1 && record[0]["subject"].string == id && record[0]["before"]["name"] == "mei")
        }
    }

    @Test func theOfficePageListsAndRevokesThem() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let answer = office.expect(.created, try await office.post("\(cohort)/staff-links", ["name": "mei"]))
            let (id, mei) = (answer["id"].string, Office.path(answer["link"].string))
            let an = try await office.staffLink(cohort, name: "an")
            let page = try await office.view(an).text
            #expect(page.contains("<th scope=\"row\">an (this one)</th>"))
            #expect(page.contains("name=\"staff-link\" value=\"\(id)\" aria-label=\"Revoke: mei\""))
            let other = try await office.staffLink(try await office.cohort(Office.draft("spring")))
            let strange = try await office.client.submit("\(other)/revocations", form: ["staff-link": id])
            #expect(strange.status == .notFound)
            #expect(try await office.view(mei).status == .ok)
            let revoked = try await office.client.submit("\(an)/revocations", form: ["staff-link": id])
            #expect(revoked.headers[.location] == "\(an)?news=revoked")
            let after = try await office.view("\(an)?news=revoked").text
            #expect(after.contains("The link is revoked") && !after.contains("Revoke: mei"))
            #expect(try await office.view(mei).status == .notFound)
            #expect(try await office.audit(cohort).last?["actor"] == "staff:an")
        }
    }
}
