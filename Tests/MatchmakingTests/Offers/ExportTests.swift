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
        ("王小明", "王小明"), ("'=1", "''=1"), ("'a", "'a"), ("''", "''"),
    ])
    func noCellIsAFormula(_ value: String, _ cell: String) {
        #expect(ExportTable.cell(value) == cell)
        #expect(CSVReaderTests.texts(ExportTable.cell(value)).first?.first.map(ExportTable.value) ?? "" == value)
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

    /// Whatever people write into names and reasons, no cell of any file begins as a formula, and what was written can
    /// be had back.
    @Test func noFileHoldsAFormula() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [2, 2])
            _ = try await office.post("\(cohort)/universities", ["universities": [["code": "u", "name": ["en": "U"]]]])
            let names = ["=cmd()", "+1 2", "-x", "@sum", "\tTab", "\rReturn", "＝wide", "'=quoted", "\"=q\", x"]
            let students = names.enumerated().map { index, name -> JSONValue in
                ["name": .init(name), "email": .init("+s\(index)@example.org"), "language": "en", "economy": "VN"]
            }
            let body: JSONValue = ["university": "u", "students": .array(students)]
            let nominated = office.expect(.created, try await office.post("\(cohort)/nominations", body))
            let ids = nominated["applicants"].items.map(\.["id"].string)
            try await office.importRankings(
                cohort,
                applicants: Dictionary(uniqueKeysWithValues: ids.map { ($0, [[firms[0]]]) }),
                firms: [firms[0]: ids.map { [$0] }]
            )
            let round = try await office.run(cohort)["id"].string
            _ = office.expect(.created, try await office.post("/rounds/\(round)/publication", [:]))
            for (offer, reason) in zip(try await office.offers(of: cohort).all, ["=1+1", "@now"]) {
                let path = "/offers/\(offer["id"].string)/withdrawal"
                let answer = try await office.put(
                    path,
                    ["subject": "applicant", "reason": .init(reason)],
                    match: "\"v\(offer["version"].int ?? 0)\""
                )
                #expect(answer.status == .ok, "\(answer.text)")
            }
            for file in ExportRoutes.names {
                let csv = try await office.get("\(cohort)/exports/\(file).csv").text
                let rows = CSVReaderTests.read(csv)
                #expect(
                    rows.count > 1 && rows.allSatisfy { $0.faults.isEmpty && $0.fields.count == rows[0].fields.count }
                )
                let cells = rows.flatMap(\.fields).map(\.text)
                #expect(!cells.contains { $0.first.map { "=+-@\t\r\n＝＋－＠".contains($0) } ?? false }, "\(file)")
                let lines = try await office.get("\(cohort)/exports/\(file).jsonl").text.split(separator: "\n")
                #expect(lines.count == rows.count - 1)
                // The same values, without the disguise.
                let values = try lines.map { try JSONDecoder().decode([String: String].self, from: Data($0.utf8)) }
                for (row, value) in zip(rows.dropFirst(), values) {
                    let read = row.fields.map { ExportTable.value(ofCell: $0.text) }
                    #expect(zip(rows[0].fields, read).allSatisfy { value[$0.text, default: ""] == $1 })
                }
            }
            let people = try await office.get("\(cohort)/exports/unplaced.csv").text
            #expect(people.contains(",'+s2@example.org,") && people.contains(",'-x,") && people.contains(",'@sum,"))
            let record = try await office.get("\(cohort)/exports/audit.csv").text
            #expect(record.contains(",'=1+1\r\n") && record.contains(",'@now\r\n"))
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
