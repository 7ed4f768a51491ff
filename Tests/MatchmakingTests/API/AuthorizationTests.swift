import Foundation
import HTTPTypes
import HummingbirdTesting
import Messaging
import Postgres
import TestKit
import Testing

@Suite("Who may do what")
struct AuthorizationTests {
    struct Call: Sendable {
        let method: HTTPRequest.Method
        let path: String
        var body: JSONValue?
        var match: String?
        /// A file instead of JSON.
        var csv: String?

        func send(_ office: Office, token: String?) async throws -> TestResponse {
            if let csv { return try await office.client.sendCSV(Office.api + path, token: token, csv) }
            let headers: HTTPFields = match.map { [.ifMatch: $0] } ?? [:]
            return try await office.client.send(method, Office.api + path, token: token, json: body, headers: headers)
        }
    }

    /// Every route, on things that exist.
    static func calls(_ office: Office) async throws -> (
        reads: [Call], records: [Call], imports: [Call], decisions: [Call]
    ) {
        let (cohort, firms, applicants) = try await RoundAPITests.contest(office)
        let open = try await office.cohort(Office.draft("open"))
        let openFirms = try await office.firms(open, [1, 1, 1])
        let openApplicant = try await office.applicants(open, 1, university: "open")[0].id
        let university = try await office.get("\(open)/universities").json["items"][0]["id"].string
        let round = try await office.run(cohort)["id"].string
        _ = try await office.post("/rounds/\(round)/publication", [:])
        let (_, offers) = try await office.offers(of: cohort)
        let (first, second) = (offers[0]["id"].string, offers[1]["id"].string)
        let position = try await office.positions(open, openFirms[0], [Office.position("web", ["criteria": criteria])])[
            0
        ]
        let people = try await office.applicants(open, 4, university: "teams").map(\.id)
        let groups = try await office.groups(
            open,
            [Office.group("team", Array(people[0..<2])), Office.group("team", Array(people[2..<4]), agreed: false)]
        )
        let reads = [
            "/cohorts", cohort, "\(cohort)/universities", "\(cohort)/firms", "\(cohort)/applicants", "\(cohort)/rounds",
            "\(cohort)/applicants/\(applicants[0])/ranking", "\(cohort)/firms/\(firms[0])/ranking", "/rounds/\(round)",
            "/rounds/\(round)/placements", "/applicants/\(applicants[0])/result", "\(cohort)/offers",
            "/offers/\(first)", "\(open)/positions", "/positions/\(position)", "/positions/\(position)/ranking",
            "\(open)/groups", "/groups/\(groups[0])", "/groups/\(groups[0])/ranking",
            "\(cohort)/rules",
        ].map { Call(method: .get, path: $0) }
        let faulty = try await office.upload(open, "firms", "code,name.en,capacity\nhtc,HTC,many\n").json["id"].string
        let records =
            [
                "\(cohort)/audit", "/positions/\(position)/candidates", "/firms/\(openFirms[0])/link",
                "\(cohort)/outstanding", "\(cohort)/staff-links", "/universities/\(university)/link", "\(open)/imports",
                "/imports/\(faulty)", "/imports/\(faulty)/faulty-rows.csv",
                "/rounds/\(round)/comparison?with=\(round)", "/rounds/\(round)/seat-values",
            ].map { Call(method: .get, path: $0) }
            + ["placements", "unplaced", "unfilled", "audit"].flatMap { name in
                ["csv", "jsonl"].map { Call(method: .get, path: "\(cohort)/exports/\(name).\($0)") }
            }
        let leaver = office.expect(
            .created,
            try await office.post(
                "\(open)/nominations",
                ["university": "open", "students": Office.students(1, prefix: "leaver")]
            )
        )["applicants"][0]["id"].string
        let tag = try await office.get(open).headers[.eTag]
        let imports =
            [
                Call(
                    method: .put,
                    path: "\(open)/rankings",
                    body: ["applicants": [["applicant": .init(openApplicant), "ranking": []]], "firms": []],
                    match: tag
                ),
                Call(
                    method: .put,
                    path: "\(open)/profiles",
                    body: ["profiles": [["applicant": .init(people[0])]]],
                    match: tag
                ),
                Call(
                    method: .put,
                    path: "\(open)/firms/\(openFirms[1])/ranking",
                    body: ["ranking": []],
                    match: "\"v0\""
                ),
                Call(
                    method: .put,
                    path: "\(open)/applicants/\(openApplicant)/ranking",
                    body: ["ranking": []],
                    match: "\"v1\""
                ),
                Call(
                    method: .post,
                    path: "\(open)/universities",
                    body: ["universities": [["code": "new", "name": ["en": "New"]]]]
                ),
                Call(
                    method: .post,
                    path: "\(open)/firms",
                    body: ["firms": [["code": "new", "name": ["en": "New"], "capacity": 1]]]
                ),
                Call(
                    method: .post,
                    path: "\(open)/nominations",
                    body: ["university": "open", "students": Office.students(1, prefix: "new")]
                ), Call(method: .put, path: "/offers/\(first)/answer", body: ["answer": "defer"], match: "\"v1\""),
                Call(method: .put, path: "/applicants/\(leaver)/enrolment", body: ["enrolled": true]),
                Call(method: .post, path: "/applicants/\(leaver)/withdrawal"),
            ] + described(open, position, openFirms[2], people, groups)
        let spring = try await office.cohort(Office.draft("spring"))
        let file = try await office.upload(spring, "universities", ImportAPITests.universities).json["id"].string
        let staffLink = try await office.post("\(cohort)/staff-links", ["name": "an"]).json["id"].string
        let capacities: JSONValue = ["capacities": [["firm": .init(firms[0]), "capacity": 2]]]
        let decisions = [
            Call(method: .post, path: "/cohorts", body: Office.draft("new")),
            Call(
                method: .put,
                path: "/groups/\(groups[0])/dissolution",
                body: ["reason": "They asked"],
                match: "\"v1\""
            ),
            Call(method: .post, path: "/rounds/\(round)/what-if", body: capacities),
            Call(method: .post, path: "\(cohort)/staff-links", body: ["name": "mei"]),
            Call(method: .delete, path: "/staff-links/\(staffLink)"),
            Call(
                method: .put,
                path: "\(open)/ranking-deadline",
                body: DeadlineTests.body(DeadlineTests.days(2)),
                match: "*"
            ),
            Call(method: .post, path: "\(open)/imports/universities", csv: "code,name.en\nmit,MIT\n"),
            Call(method: .post, path: "/imports/\(file)/application"),
            Call(method: .put, path: "\(open)/state", body: ["state": "ranking"], match: "*"),
            Call(
                method: .post,
                path: "\(open)/rules",
                body: ["rules": ["lists": ["applicants": ["maximum": 3]]], "reason": "as decided"]
            ), Call(method: .post, path: "\(open)/reminders"),
            Call(method: .post, path: "/firms/\(openFirms[0])/invitation", body: ["contact": CohortLifeTests.contact]),
            Call(
                method: .post,
                path: "/universities/\(university)/invitation",
                body: ["contact": CohortLifeTests.coordinator]
            ),
            Call(method: .put, path: "\(open)/firms/\(openFirms[1])/capacity", body: ["capacity": 2], match: "*"),
            Call(method: .post, path: "\(open)/firms/\(openFirms[1])/withdrawal"),
            Call(method: .post, path: "\(open)/rounds", body: ["closesEarly": true]),
            Call(method: .post, path: "/rounds/\(round)/publication"),
            Call(
                method: .put,
                path: "/offers/\(first)/deferral",
                body: ["granted": false, "reason": "full"],
                match: "\"v2\""
            ),
            Call(
                method: .put,
                path: "/offers/\(second)/withdrawal",
                body: ["subject": "applicant", "reason": "asked by phone"],
                match: "\"v1\""
            ), Call(method: .post, path: "\(cohort)/supplementary-rounds"),
        ]
        return (reads, records, imports, decisions)
    }

    static let criteria: JSONValue = [["code": "talk", "name": ["en": "Interview"], "weight": 10]]

    /// What machines may enter of positions and groups.
    private static func described(
        _ cohort: String,
        _ position: String,
        _ firm: String,
        _ people: [String],
        _ groups: [String]
    ) -> [Call] {
        let path = "/positions/\(position)"
        return [
            Call(method: .put, path: "\(path)/ranking", body: ["ranking": []], match: "\"v0\""),
            Call(method: .put, path: "\(path)/certification", match: "\"v1\""),
            Call(
                method: .put,
                path: "\(path)/scores",
                body: ["scores": [["applicant": .init(people[2]), "criterion": "talk", "value": 1]]]
            ), Call(method: .put, path: "\(path)/unacceptable/\(people[2])", body: ["reason": "No permit"]),
            Call(method: .delete, path: "\(path)/unacceptable/\(people[2])"),
            Call(method: .put, path: "/groups/\(groups[0])/ranking", body: ["ranking": []], match: "\"v0\""),
            Call(method: .put, path: "/groups/\(groups[0])/certification", match: "\"v1\""),
            Call(method: .put, path: "\(cohort)/applicants/\(people[2])/certification", match: "\"v0\""),
            Call(method: .put, path: path, body: Office.position("web", ["criteria": criteria]), match: "\"v1\""),
            Call(method: .post, path: "\(cohort)/firms/\(firm)/positions", body: ["positions": [Office.position("x")]]),
            Call(method: .put, path: "/groups/\(groups[1])/agreement", body: ["applicant": .init(people[2])]),
        ]
    }

    @Test func eachRoleMayDoItsOwn() async throws {
        try await Office.run { office in
            let (reads, records, imports, decisions) = try await Self.calls(office)
            let tenant = office.service.tenant
            for call in reads {
                for token in [tenant.staffToken, tenant.machineToken, tenant.readerToken] {
                    #expect(try await call.send(office, token: token).status == .ok, "\(call.path)")
                }
            }
            for call in records {
                #expect(try await call.send(office, token: tenant.staffToken).status == .ok, "\(call.path)")
                #expect(try await call.send(office, token: tenant.machineToken).status == .forbidden, "\(call.path)")
            }
            for call in records + imports + decisions {
                #expect(try await call.send(office, token: tenant.readerToken).status == .forbidden, "\(call.path)")
            }
            for call in decisions {
                #expect(try await call.send(office, token: tenant.machineToken).status == .forbidden, "\(call.path)")
            }
            for call in imports {
                #expect(
                    try await call.send(office, token: tenant.machineToken).status.kind == .successful,
                    "\(call.path)"
                )
            }
            for call in decisions {
                #expect(
                    try await call.send(office, token: tenant.staffToken).status.kind == .successful,
                    "\(call.path)"
                )
            }
        }
    }

    @Test func nobodyMayDoAnythingWithoutAToken() async throws {
        try await Office.run { office in
            let (reads, records, imports, decisions) = try await Self.calls(office)
            for call in reads + records + imports + decisions {
                for token in [nil, "tw_unknown"] {
                    let answer = try await call.send(office, token: token)
                    #expect(answer.status == .unauthorized, "\(call.path)")
                    #expect(answer.headers[.wwwAuthenticate] != nil)
                }
            }
        }
    }

    @Test func nothingOfAnotherTenantIsThere() async throws {
        try await Office.run { office in
            let (reads, records, imports, decisions) = try await Self.calls(office)
            let stranger = office.service.otherTenant.staffToken
            for call in reads.dropFirst() + records + imports + decisions.dropFirst() {
                let answer = try await call.send(office, token: stranger)
                #expect(answer.problem?.status == 404, "\(call.method) \(call.path)")
            }
            #expect(try await office.by(stranger).get("/cohorts").json["items"].items.isEmpty)
        }
    }

    /// Each kind of personal link opens its own page of its own thing, and none of the API.
    @Test func aPersonalLinkOpensNothingElse() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            _ = try await office.firms(cohort, [1])
            let own = try await office.applicants(cohort, 1)[0]
            let other = try await office.applicants(cohort, 1, university: "nthu")[0]
            let universities = try await office.get("\(cohort)/universities").json["items"].items
            var links: [String] = [own.link, other.link]
            for university in universities {
                let path = "/universities/\(university["id"].string)/link"
                links.append(office.expect(.ok, try await office.get(path))["link"].string)
            }
            var pages: [String] = []
            for link in links { pages.append(try await office.page(link).text) }
            #expect(pages.filter { $0.contains(own.id) }.count == 1)
            for link in links {
                let token = try #require(link.split(separator: "/").last.map(String.init))
                #expect(try await office.by(token).get(cohort).status == .unauthorized)
                // A sign of somebody else's in the form does not help.
                let form = ["withdraw": "yes", "leave": "yes", "student-\(other.id)": "yes", "applicant": other.id]
                if link == links[2] {
                    #expect(try await office.client.submit(Office.path(link), form: form).status == .notFound)
                }
            }
            _ = try await office.client.submit(
                Office.path(own.link),
                form: ["withdraw": "yes", "leave": "yes", "applicant": other.id]
            )
            let items = try await office.get("\(cohort)/applicants").json["items"].items
            #expect(items.filter { $0["withdrawnAt"] != nil }.map(\.["id"].string) == [own.id])
            #expect(items.allSatisfy { $0["enrolledAt"] == nil })
        }
    }

    @Test func withoutATenantTheDatabaseShowsNothing() async throws {
        try await Office.run { office in
            _ = try await Self.calls(office)
            try await ServiceRole.withPool(office) { database, tenant in
                let tables = [
                    "cohorts", "universities", "firms", "applicants", "applicant_rankings", "firm_rankings", "rounds",
                    "round_firms", "placements", "publications", "offers", "audit", "positions", "groups",
                    "group_members", "imports", "staff_links", "rules", "reminders", "certifications",
                ]
                for table in tables {
                    let rows = try await database.query("SELECT 1 AS one FROM matchmaking.\(identifier: table)")
                    #expect(rows.isEmpty, "\(table)")
                }
                let seen = try await database.transaction(tenant: tenant) { tx in
                    try await tx.query("SELECT 1 AS one FROM matchmaking.cohorts").count
                }
                #expect(seen == 3)
            }
        }
    }
}
