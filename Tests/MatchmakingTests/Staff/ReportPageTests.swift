import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@testable import Matchmaking

@Suite("A round's report")
struct ReportPageTests {
    @Test func figuresChartsProofAndLottery() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await RoundAPITests.contest(office)
            let round = try await office.run(cohort)
            let path = Office.path(round["overviewLink"].string)
            #expect(try await office.view(path).text.contains("<a href=\"\(path)/report\">Report</a>"))
            let page = try await office.view("\(path)/report")
            #expect(page.status == .ok)
            let text = page.text
            #expect(text.contains("<h1>Report of round 1: Autumn intake</h1>"))
            #expect(
                text.contains(
                    "2 of 3 applicants have a place, 1 of them the first choice on their list. 2 of 2 places are filled."
                )
            )
            #expect(
                text.contains(
                    "<tr><th scope=\"row\">Choice 1</th><td class=\"number\">1</td><td class=\"number\">33 %</td></tr>"
                )
            )
            #expect(
                text.contains(
                    "<tr><th scope=\"row\">ntu</th><td class=\"number\">3</td><td class=\"number\">2</td><td class=\"number\">67 %</td></tr>"
                )
            )
            #expect(text.contains("<tr><th scope=\"row\">VN</th>"))
            // Each chart says by itself what it shows.
            #expect(text.components(separatedBy: "<svg class=\"chart\" role=\"img\"").count == 3)
            #expect(text.contains("<title id=\"profile-chart-title\">Applicants by the choice they got</title>"))
            #expect(
                text.contains(
                    "<desc id=\"profile-chart-desc\">Choice 1: 1 (33 %); Choice 2: 1 (33 %); Without a place: 1 (33 %)</desc>"
                )
            )
            #expect(text.contains("<desc id=\"firms-chart-desc\">Firm 0: 1 of 1; Firm 1: 1 of 1</desc>"))
            #expect(!text.contains("<script") && !text.contains("style="))
            #expect(text.contains(round["runId"].string) && text.contains(round["seedHash"].string))
            #expect(text.contains("The seed is shown here once the round is published."))
            #expect(!text.contains("Student"))

            _ = office.expect(.created, try await office.post("/rounds/\(round["id"].string)/publication", [:]))
            let seed = try await office.get(cohort).json["lottery"]["seed"].string
            let after = try await office.view("\(path)/report").text
            #expect(!seed.isEmpty && after.contains(seed) && !text.contains(seed))
        }
    }

    @Test func whateverNamesHoldIsText() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let evil = "</text><script>alert(1)</script>\"'&"
            let body: JSONValue = ["firms": [["code": "evil", "name": ["en": .init(evil)], "capacity": 1]]]
            let firm = office.expect(.created, try await office.post("\(cohort)/firms", body))["firms"][0]["id"].string
            let applicant = try await office.applicants(cohort, 1)[0].id
            try await office.importRankings(cohort, applicants: [applicant: [[firm]]], firms: [firm: [[applicant]]])
            let round = try await office.run(cohort)["id"].string
            let home = try await office.staffLink(cohort)
            for path in ["report", "seat-values", "comparison/\(round)", "what-if/\(firm)/0"] {
                let page = try await office.view("\(home)/rounds/\(round)/\(path)")
                #expect(page.status == .ok)
                #expect(!page.text.contains("<script"), "\(path)")
                #expect(page.text.contains("&lt;/text&gt;"), "\(path)")
            }
        }
    }

    @Test func barsAreInProportion() {
        let chart = BarChart(
            id: "c",
            title: "T",
            rows: [
                .init(label: "a", value: "10", amount: 10), .init(label: "b", value: "5", amount: 5, rest: 5),
                .init(label: "c", value: "0", amount: 0),
            ]
        )
        #expect(chart.bars.map(\.width) == [340, 170, 0])
        #expect(chart.bars.map(\.restWidth) == [0, 170, 0])
        #expect(chart.bars.map(\.hasRest) == [false, true, false])
        #expect(chart.description == "a: 10; b: 5; c: 0")
        #expect(BarChart(id: "c", title: "T", rows: []).bars.isEmpty)
        #expect(
            BarChart(id: "c", title: "T", rows: Array(repeating: .init(label: "", value: "", amount: 1), count: 99))
                .bars.count == 60
        )
        #expect(BarChart.shortened("Pegatron") == "Pegatron")
        #expect(BarChart.shortened(String(repeating: "a", count: 30)) == String(repeating: "a", count: 24) + "…")
        #expect(BarChart.shortened(String(repeating: "王", count: 20)) == String(repeating: "王", count: 12) + "…")
    }
}
