import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@testable import Matchmaking

@Suite("The office page")
struct OfficePageTests {
    @Test func aRoundIsRunComparedAndPublishedOverThePage() async throws {
        try await Office.run { office in
            let (cohort, _, applicants) = try await RoundAPITests.contest(office)
            let home = try await office.staffLink(cohort)
            let page = try await office.view(home)
            #expect(page.status == .ok)
            #expect(page.headers[.cacheControl] == "no-store")
            #expect(page.text.contains("<h1>Office: Autumn intake</h1>"))
            #expect(page.text.contains("Nothing was run yet."))
            #expect(page.text.contains("made for mei"))
            #expect(page.text.contains("<strong>3</strong> Applicants"))
            let early = ["version": try await office.version(cohort), "early": "yes"]
            let ran = try await office.client.submit("\(home)/rounds", form: early)
            #expect(ran.status == .seeOther)
            #expect(ran.headers[.location] == "\(home)?news=ran")
            #expect(try await office.view("\(home)?news=ran").text.contains("The run is stored."))
            // Sent once more, as by a second press of the button.
            let again = try await office.client.submit("\(home)/rounds", form: early)
            #expect(again.status == .conflict)
            #expect(again.text.contains("has changed in the meantime"))
            let second = try await office.client.submit(
                "\(home)/rounds",
                form: ["version": try await office.version(cohort)]
            )
            #expect(second.status == .seeOther)
            let rounds = try await office.get("\(cohort)/rounds").json["items"].items.map(\.["id"].string)
            #expect(rounds.count == 2)

            let chosen = try await office.view("\(home)/comparison?first=\(rounds[0])&second=\(rounds[1])")
            #expect(chosen.headers[.location] == "\(home)/rounds/\(rounds[0])/comparison/\(rounds[1])")
            let comparison = try await office.view("\(home)/rounds/\(rounds[0])/comparison/\(rounds[1])")
            #expect(comparison.status == .ok)
            #expect(comparison.text.contains("Nobody moves."))

            let unsure = try await office.client.submit("\(home)/publications", form: ["round": rounds[1]])
            #expect(unsure.status == .unprocessableContent)
            #expect(unsure.text.contains("Nothing was published."))
            #expect(try await office.get(cohort).json["state"] == "run")
            let form = ["round": rounds[1], "sure": "yes"]
            #expect(try await office.client.submit("\(home)/publications", form: form).status == .seeOther)
            #expect(try await office.get(cohort).json["state"] == "published")
            let late = try await office.client.submit(
                "\(home)/publications",
                form: ["round": rounds[0], "sure": "yes"]
            )
            #expect(late.status == .conflict)
            #expect(late.text.contains("a run of this round is published already"))
            #expect(try await office.inbox.read().placements.count == applicants.count)

            let record = try await office.audit(cohort).map { [$0["action"].string, $0["actor"].string] }
            #expect(
                record.suffix(4) == [
                    ["cohort.locked", "staff:mei"], ["round.run", "staff:mei"], ["round.run", "staff:mei"],
                    ["round.published", "staff:mei"],
                ]
            )
            let after = try await office.view(home)
            #expect(after.text.contains("<code>round.published</code>"))
            #expect(!after.text.contains("\(home)/publications"))
            #expect(after.text.contains("\(home)/supplementary-rounds"))
            let nothing = try await office.client.submit(
                "\(home)/supplementary-rounds",
                form: ["version": try await office.version(cohort)]
            )
            #expect(nothing.status == .conflict)
            #expect(nothing.text.contains("no place is free"))
        }
    }

    @Test func refusalsAreToldOnThePage() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let home = try await office.staffLink(cohort)
            let empty = try await office.client.submit(
                "\(home)/rounds",
                form: ["version": try await office.version(cohort)]
            )
            #expect(empty.status == .conflict)
            #expect(empty.text.contains("there are no applicants or no firms"))
            _ = try await office.firms(cohort, [1])
            _ = try await office.applicants(cohort, 1)
            let open = try await office.client.submit(
                "\(home)/rounds",
                form: ["version": try await office.version(cohort)]
            )
            #expect(open.text.contains("the deadline has not passed yet"))
            #expect(try await office.get(cohort).json["state"] == "ranking")
            // What an address says is not told as done.
            #expect(!(try await office.view("\(home)?news=changed").text.contains("has changed")))
        }
    }

    @Test func whoHasStillToAct() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [1, 1])
            let applicants = try await office.applicants(cohort, 3).map(\.id)
            try await office.importRankings(cohort, applicants: [applicants[0]: [[firms[0]]]], firms: [:])
            let page = try await office.view(try await office.staffLink(cohort)).text
            #expect(page.contains("<dt>Applicants without a saved list</dt><dd>2</dd>"))
            #expect(page.contains("<dt>Firms without a ranking</dt><dd>2</dd>"))
            #expect(page.contains("<dt>Offers without an answer</dt><dd>0</dd>"))
            let home = try await office.staffLink(cohort)
            let reminded = try await office.client.submit("\(home)/reminders", form: [:])
            #expect(reminded.headers[.location] == "\(home)?news=reminded")
            #expect(try await office.view("\(home)?news=reminded").text.contains("Reminders are on their way."))
            #expect(try await office.audit(cohort).last?["actor"] == "staff:mei")
            #expect(try await office.audit(cohort).last?["after"]["reminded"] == "2")
        }
        try await Office.run { office in
            let (cohort, _, _, _) = try await office.published()
            let page = try await office.view(try await office.staffLink(cohort)).text
            #expect(page.contains("<dt>Offers without an answer</dt><dd>2</dd>"))
        }
    }

    @Test func filesAreTakenAwayOverTheLink() async throws {
        try await Office.run { office in
            let (cohort, _, _, _) = try await office.published()
            let home = try await office.staffLink(cohort)
            for name in ["placements", "unplaced", "unfilled", "audit"] {
                for format in ["csv", "jsonl"] {
                    let file = try await office.view("\(home)/exports/\(name).\(format)")
                    #expect(file.status == .ok)
                    #expect(file.body == (try await office.get("\(cohort)/exports/\(name).\(format)").body))
                }
            }
            #expect(try await office.view("\(home)/exports/secrets.csv").status == .notFound)
        }
    }

    @Test(arguments: LanguageTag.supported)
    func everyPageInEveryLanguage(_ language: LanguageTag) async throws {
        try await Office.run { office in
            let (cohort, firms, _) = try await RoundAPITests.contest(office)
            let first = try await office.run(cohort)["id"].string
            let second = try await office.run(cohort)["id"].string
            let open = try await office.cohort(Office.draft("open"))
            let file = try await office.upload(open, "firms", "code,name.en,capacity\nhtc,HTC,many\nasus,ASUS,1\n")
                .json["id"].string
            let (home, openHome) = (try await office.staffLink(cohort), try await office.staffLink(open))
            let words = try Words(language)
            let pages = [
                (home, "staff.importText"), ("\(home)/rounds/\(first)/comparison/\(second)", "comparison.nobody"),
                ("\(home)/rounds/\(first)/seat-values", "comparison.seatText"),
                ("\(home)/rounds/\(first)/what-if/\(firms[0])/2", "comparison.whatIfText"),
                ("\(home)/rounds/\(first)/report", "report.lotteryText"),
                ("\(openHome)/imports/\(file)", "import.fault.capacity"),
            ]
            for (path, key) in pages {
                let page = try await office.view(path, language: language.description)
                #expect(page.status == .ok, "\(path)")
                #expect(page.text.contains("<html lang=\"\(language)\""))
                #expect(page.text.contains(words[key]), "\(path) \(key)")
                #expect(!page.text.contains("{"), "\(path)")
                #expect(!page.text.contains("></h2>") && !page.text.contains("></button>"), "\(path)")
            }
        }
    }

    /// A name that no text has is rendered as nothing, in silence.
    @Test func everyWordOfATemplateHasAText() throws {
        let prefixes = [
            "office": "staff.", "import": "import.", "comparison": "comparison.", "seats": "comparison.",
            "report": "report.",
        ]
        let others: Set<String> = [
            "placed", "unplaced", "blockingPairs", "profileHeading", "profileCaption", "choice", "share",
            "firmsHeading",
            "firmsCaption", "firm", "lastRank", "lastLottery", "proofHeading", "applicants", "places", "code",
        ]
        let words = try Words(.english)
        for (template, prefix) in prefixes {
            let url = ResourceFolder.url.appending(path: "Templates/\(template).mustache")
            let text = try String(contentsOf: url, encoding: .utf8)
            let used = Set(text.matches(of: /\{\{words\.([A-Za-z]+)\}\}/).map { String($0.1) })
            #expect(!used.isEmpty)
            #expect(used.filter { !words.has(prefix + $0) && !others.contains($0) }.isEmpty, "\(template)")
        }
    }
}
