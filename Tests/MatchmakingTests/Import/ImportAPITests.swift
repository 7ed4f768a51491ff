import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Messaging
import Postgres
import TestKit
import Testing

@Suite("Files of universities, firms and students")
struct ImportAPITests {
    static let universities =
        "\u{FEFF}code,name.en,name.zh-Hant\r\nntu,National University,臺灣大學\r\nnthu,\"Tsing, Hua\",\r\n"
    static let firms = "code,name.en,capacity\ndelta,Delta,3\nasus,ASUS,0\n"
    static let students = """
        email,name,university,economy,language
        ann@example.org,"Ann ""A\""",ntu,VN,vi
        bo@example.org,王小明,nthu,my,zh-Hant

        """

    static func counts(_ answer: JSONValue) -> [Int?] { ["new", "changed", "same", "faulty"].map { answer[$0].int } }

    @Test func whatIsLookedAtIsStoredAndSentTwiceItChangesNothing() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let preview = office.expect(.created, try await office.upload(cohort, "universities", Self.universities))
            #expect(Self.counts(preview) == [2, 0, 0, 0])
            #expect(preview["state"] == "previewed" && preview["kind"] == "universities" && preview["readable"] == true)
            #expect(preview["faults"] == [])
            #expect(try await office.get("\(cohort)/universities").json["items"] == [])
            let applied = office.expect(.ok, try await office.apply(preview))
            #expect(applied["state"] == "applied")
            let stored = try await office.get("\(cohort)/universities").json["items"]
            #expect(stored.items.map(\.["code"]) == ["ntu", "nthu"])
            #expect(stored[0]["name"] == ["en": "National University", "zh-Hant": "臺灣大學"])
            #expect(stored[1]["name"] == ["en": "Tsing, Hua"])
            try await office.importFile(cohort, "firms", Self.firms)
            #expect(try await office.get("\(cohort)/firms").json["items"].items.map(\.["capacity"]) == [3, 0])
            try await office.importFile(cohort, "students", Self.students)
            let people = try await office.get("\(cohort)/applicants").json["items"].items
            #expect(people.map(\.["name"]).sorted { $0.string < $1.string } == ["Ann \"A\"", "王小明"])
            #expect(people.first { $0["name"] == "王小明" }?["economy"] == "MY")
            #expect(
                try await office.inbox.read().invited.map(\.recipient.email.description).sorted() == [
                    "ann@example.org", "bo@example.org",
                ]
            )

            let before = try await office.get(cohort)
            let record = try await office.audit(cohort).count
            for (kind, text) in [
                ("universities", Self.universities), ("firms", Self.firms), ("students", Self.students),
            ] {
                let again = try await office.importFile(cohort, kind, text)
                #expect(Self.counts(again) == [0, 0, 2, 0])
            }
            // The same import once more is the same answer.
            #expect(try await office.apply(preview).json == applied)
            #expect(try await office.get(cohort).body == before.body)
            #expect(try await office.audit(cohort).count == record)
            #expect(try await office.inbox.read().invited.count == 2)
        }
    }

    @Test func changesAreToldAndStored() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            try await office.importFile(cohort, "universities", Self.universities)
            try await office.importFile(cohort, "firms", Self.firms)
            try await office.importFile(cohort, "students", Self.students)
            let firms = try await office.importFile(
                cohort,
                "firms",
                "capacity,code,name.en\n4,delta,Delta\n0,asus,ASUS\n1,htc,HTC"
            )
            #expect(Self.counts(firms) == [1, 1, 1, 0])
            let stored = try await office.get("\(cohort)/firms").json["items"].items
            #expect(stored.map(\.["capacity"]) == [4, 0, 1])
            let moved = Self.students.replacingOccurrences(of: "ntu,VN,vi", with: "nthu,ID,id")
                .replacingOccurrences(of: "ann@example.org,\"Ann \"\"A\"\"\"", with: "Ann@Example.org,Anna")
            let students = try await office.importFile(cohort, "students", moved)
            #expect(Self.counts(students) == [0, 1, 1, 0])
            let anna = try await office.get("\(cohort)/applicants").json["items"].items.first { $0["name"] == "Anna" }
            #expect(anna?["university"] == "nthu" && anna?["economy"] == "ID" && anna?["language"] == "id")
            #expect(anna?["email"] == "Ann@example.org")
            try await office.importFile(cohort, "universities", "code,name.en\nntu,NTU")
            #expect(try await office.get("\(cohort)/universities").json["items"][0]["name"] == ["en": "NTU"])
            let entries = try await office.audit(cohort).filter { $0["action"] == "import.applied" }
            #expect(
                entries.map(\.["after"]["kind"]) == [
                    "universities", "firms", "students", "firms", "students", "universities",
                ]
            )
            #expect(entries.last?["actor"].string.hasPrefix("staff:") == true)
            #expect(entries[4]["after"]["changed"] == anna?["id"])
            #expect(entries[4]["after"]["sha256"] == students["sha256"])
            #expect(try await office.inbox.read().invited.count == 2)
        }
    }

    @Test func faultyRowsStopAFileUntilTheyAreSetAside() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            try await office.importFile(cohort, "universities", Self.universities)
            let text = """
                email,name,university,economy,language
                ann@example.org,Ann,ntu,VN,vi
                nobody,=Bo,ntu,VN,vi
                Ann@example.org,Ann again,ntu,VN,vi
                cy@example.org,Cy,mit,Vietnam,
                dee@example.org,Dee,ntu,VN
                eve@example.org,"E"ve,ntu,VN,vi

                """
            let preview = office.expect(.created, try await office.upload(cohort, "students", text))
            #expect(Self.counts(preview) == [1, 0, 0, 5])
            #expect(
                preview["faults"].items.map { [$0["line"].int, $0["column"].int] } == [
                    [3, 1], [4, 1], [5, 19], [5, 23], [5, 31], [6, 1], [7, 20],
                ]
            )
            #expect(
                preview["faults"].items.map(\.["code"]) == [
                    "email", "doubled", "university", "economy", "blank", "field-count", "text-after-quote",
                ]
            )
            #expect(preview["faults"][0]["detail"].string.contains("name@example.org"))
            #expect(preview["faults"][1]["detail"].string.hasPrefix("Line 2 "))
            #expect(try await office.apply(preview).problem?.type == "import-faulty")
            let noBody = try await office.client.send(
                .post,
                "\(Office.api)/imports/\(preview["id"].string)/application",
                token: office.token
            )
            #expect(noBody.problem?.type == "import-faulty")
            #expect(try await office.get("\(cohort)/applicants").json["items"] == [])
            let applied = office.expect(.ok, try await office.apply(preview, setAside: true))
            #expect(applied["state"] == "applied")
            #expect(try await office.get("\(cohort)/applicants").json["items"].items.map(\.["name"]) == ["Ann"])
            #expect(try await office.audit(cohort).last?["after"]["setAside"] == "5")

            let file = try await office.get("/imports/\(preview["id"].string)/faulty-rows.csv")
            #expect(file.headers[.contentType] == "text/csv; charset=utf-8")
            let rows = CSVReaderTests.texts(file.text)
            #expect(rows[0] == ["line", "faults", "email", "name", "university", "economy", "language"])
            #expect(rows.map(\.first) == ["line", "3", "4", "5", "6", "7"])
            #expect(rows[1][3] == "'=Bo")
            // Mended as it is, without its notes being taken out.
            let mended = file.text.replacingOccurrences(of: ",nobody,", with: ",bo@example.org,")
            let second = office.expect(.created, try await office.upload(cohort, "students", mended))
            // What could be read of a row whose quotation marks were out of order is in order now.
            #expect(Self.counts(second) == [2, 1, 0, 2])
            _ = office.expect(.ok, try await office.apply(second, setAside: true))
            let names = try await office.get("\(cohort)/applicants").json["items"].items.map(\.["name"].string)
            #expect(names.sorted() == ["=Bo", "Ann again", "Eve"])
        }
    }

    @Test(
        arguments: [
            ("", [["empty", 1, 1]]), ("code;name.en\nntu;NTU", [["separator", 1, 1]]),
            ("name.en\nNTU", [["missing-column", 1, 1]]), ("code\nntu", [["missing-column", 1, 1]]),
            ("code,name.en,code\nntu,NTU,x", [["doubled-column", 1, 14]]),
            ("code,colour,name.en,name.klingon\n", [["unknown-column", 1, 6], ["unknown-column", 1, 21]]),
            ("code,\"name.en", [["open-quote", 1, 6]]),
        ] as [(String, JSONValue)]
    )
    func columnsOutOfOrderStopAFile(_ text: String, _ faults: JSONValue) async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let preview = office.expect(.created, try await office.upload(cohort, "universities", text))
            #expect(preview["readable"] == false && Self.counts(preview) == [0, 0, 0, 0])
            let told = preview["faults"].items.map { JSONValue.array([$0["code"], $0["line"], $0["column"]]) }
            #expect(.array(told) == faults)
            #expect(try await office.apply(preview, setAside: true).problem?.type == "import-unreadable")
            #expect(try await office.get("/imports/\(preview["id"].string)/faulty-rows.csv").status == .notFound)
        }
    }

    @Test func whatChangedMeanwhileIsLookedAtAgain() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let preview = office.expect(.created, try await office.upload(cohort, "universities", Self.universities))
            _ = try await office.firms(cohort, [1])
            let late = try await office.apply(preview)
            #expect(late.status == .preconditionFailed)
            #expect(late.problem?.type == "changed-meanwhile")
            #expect(try await office.get("\(cohort)/universities").json["items"] == [])
        }
    }

    @Test func twoWhoApplyAtOnceStoreItOnce() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let preview = office.expect(.created, try await office.upload(cohort, "universities", Self.universities))
            let answers = try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for _ in 0..<4 { group.addTask { try await office.apply(preview).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers == [.ok, .ok, .ok, .ok])
            #expect(try await office.get("\(cohort)/universities").json["items"].items.count == 2)
            #expect(try await office.audit(cohort).count { $0["action"] == "import.applied" } == 1)
        }
    }

    @Test func aLockedCohortTakesNoFile() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await RoundAPITests.contest(office)
            _ = try await office.run(cohort)
            let preview = office.expect(.created, try await office.upload(cohort, "universities", Self.universities))
            #expect(try await office.apply(preview).problem?.type == "cohort-locked")
            let open = try await office.cohort(Office.draft("late"))
            try await office.importFile(open, "universities", Self.universities)
            try await office.passDeadline(open)
            let students = office.expect(.created, try await office.upload(open, "students", Self.students))
            #expect(try await office.apply(students).problem?.type == "ranking-closed")
        }
    }

    @Test func aFileIsNotKeptLongerThanItIsNeeded() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let faulty = Self.universities + "X,Y,\r\n"
            let old = office.expect(.created, try await office.upload(cohort, "universities", faulty))
            let applied = try await office.importFile(cohort, "firms", Self.firms)
            func count() async throws -> Int? {
                try await office.service.database.query(
                    "SELECT count(*) FROM matchmaking.imports WHERE content IS NOT NULL OR faulty_rows IS NOT NULL"
                ).first?.decode(Int.self)
            }
            #expect(try await count() == 1)
            #expect(applied["state"] == "applied")
            let longAgo = Date(timeIntervalSinceNow: -8 * 86_400)
            try await office.service.database.execute("UPDATE matchmaking.imports SET created_at = \(longAgo)")
            _ = try await office.upload(cohort, "firms", Self.firms)
            #expect(try await count() == 1)
            try await office.service.database.execute("UPDATE matchmaking.imports SET cohort_version = 4")
            #expect(try await office.apply(old, setAside: true).problem?.type == "import-expired")
            #expect(try await office.get("/imports/\(old["id"].string)").json["faulty"] == 1)
            #expect(try await office.get("\(cohort)/imports").json["items"].items.count == 3)
        }
    }

    @Test func whatIsNotAFileIsRefused() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let json = try await office.upload(cohort, "firms", bytes: Array("{}".utf8), type: "application/json")
            #expect(json.status == .unsupportedMediaType)
            #expect(try await office.upload(cohort, "teachers", Self.firms).problem?.status == 404)
            #expect(
                try await office.upload(cohort, "firms", Self.firms, key: "").problem?.type
                    == "idempotency-key-required"
            )
            #expect(try await office.get("/imports/\(UUID())").problem?.status == 404)
            let many = "code,name.en\n" + (0..<20_001).map { "u\($0),U\n" }.joined()
            #expect(try await office.upload(cohort, "universities", many).problem?.type == "invalid")
        }
    }

    @Test func tenThousandStudentsInOneGo() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            try await office.importFile(cohort, "universities", Self.universities)
            let lines = (0..<10_000).map {
                "student-\($0)@example.org,Student \($0),\($0 % 2 == 0 ? "ntu" : "nthu"),VN,vi\r\n"
            }
            let text = "email,name,university,economy,language\r\n" + lines.joined()
            #expect(Self.counts(try await office.importFile(cohort, "students", text)) == [10_000, 0, 0, 0])
            #expect(try await office.get(cohort).json["counts"]["applicants"] == 10_000)
            #expect(Self.counts(try await office.importFile(cohort, "students", text)) == [0, 0, 10_000, 0])
        }
    }
}
