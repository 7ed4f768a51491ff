import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@testable import Matchmaking

@Suite("A cohort's files")
struct ExportTests {
    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("=1+1", "'=1+1"), ("+886 2", "'+886 2"), ("-", "'-"), ("@cmd", "'@cmd"),
        ("\t=1", "\"'\t=1\""), ("\r=1", "\"'\r=1\""), ("＝1", "'＝1"), ("a=b", "a=b"), ("a,b", "\"a,b\""),
        ("say \"hi\"", "\"say \"\"hi\"\"\""), ("two\nlines", "\"two\nlines\""), ("=A(\",\")", "\"'=A(\"\",\"\")\""),
        ("王小明", "王小明"),
    ])
    func noCellIsAFormula(_ value: String, _ cell: String) {
        #expect(ExportTable.cell(value) == cell)
    }

    @Test func placementsUnplacedUnfilledAndTheRecord() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [1, 3])
            _ = try await office.post(
                "\(cohort)/universities",
                ["universities": [["code": "ntu", "name": ["en": "U"]]]]
            )
            let students = ["=cmd()", "Mai, \"M\""].enumerated().map { index, name -> JSONValue in
                ["name": .init(name), "email": .init("s\(index)@example.org"), "language": "vi", "economy": "VN"]
            }
            let nomination: JSONValue = ["university": "ntu", "students": .array(students)]
            let nominated = office.expect(.created, try await office.post("\(cohort)/nominations", nomination))
            let applicants = nominated["applicants"].items.map(\.["id"].string)
            try await office.importRankings(
                cohort,
                applicants: [applicants[0]: [[firms[0]]], applicants[1]: [[firms[0]]]],
                firms: [firms[0]: [[applicants[0]], [applicants[1]]]]
            )
            for file in ["placements", "unplaced", "unfilled"] {
                #expect(try await office.get("\(cohort)/exports/\(file).jsonl").text.isEmpty)
            }
            let round = try await office.run(cohort)["id"].string
            _ = office.expect(.created, try await office.post("/rounds/\(round)/publication", [:]))
            let offer = try await office.offers(of: cohort).all[0]
            _ = office.expect(.ok, try await office.answer(offer, "accept"))

            let placements = try await office.get("\(cohort)/exports/placements.csv")
            #expect(placements.headers[.contentType] == "text/csv; charset=utf-8")
            #expect(placements.headers[.cacheControl] == "no-store")
            #expect(placements.headers[.contentDisposition] == "attachment; filename=\"autumn-placements.csv\"")
            let lines = placements.text.components(separatedBy: "\r\n")
            #expect(lines.count == 3)
            #expect(lines[0].hasPrefix("\u{FEFF}offer,applicant,name,email,university,economy,firm,choice,round,state"))
            #expect(lines[1].contains(",'=cmd(),s0@example.org,ntu,VN,firm-0,1,1,accepted,"))
            #expect(lines[1].lowercased().hasPrefix("\(offer["id"].string),\(applicants[0]),".lowercased()))

            let unplaced = try await office.get("\(cohort)/exports/unplaced.csv").text
            #expect(unplaced.contains(",\"Mai, \"\"M\"\"\",s1@example.org,ntu,VN,\r\n"))
            #expect(!unplaced.contains("cmd"))
            let line = try await office.get("\(cohort)/exports/unplaced.jsonl")
            #expect(line.headers[.contentType] == "application/jsonl; charset=utf-8")
            #expect(line.json["name"] == "Mai, \"M\"" && line.json["lastOffer"] == nil)
            // JSON needs no disguise.
            #expect(try await office.get("\(cohort)/exports/placements.jsonl").json["name"] == "=cmd()")
            let unfilled = try await office.get("\(cohort)/exports/unfilled.jsonl").json
            #expect(unfilled["code"] == "firm-1" && unfilled["unfilled"] == "3")
            let record = try await office.get("\(cohort)/exports/audit.jsonl").text.split(separator: "\n")
            #expect(record.count == (try await office.audit(cohort).count))
            #expect(record.last?.contains("state=offered") == true)
        }
    }

    @Test func otherFilesAreNotThere() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            for file in ["placements", "placements.xlsx", "secrets.csv", "a.b.csv"] {
                #expect(try await office.get("\(cohort)/exports/\(file)").problem?.status == 404)
            }
            #expect(try await office.get("/cohorts/\(UUID())/exports/audit.csv").problem?.status == 404)
        }
    }
}
