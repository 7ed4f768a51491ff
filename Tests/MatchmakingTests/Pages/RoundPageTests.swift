import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("The page with a round's overview")
struct RoundPageTests {
    @Test func itShowsFiguresProfileFirmsAndProof() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await RoundAPITests.contest(office)
            let round = try await office.run(cohort)
            let page = try await office.page(round["overviewLink"].string, lang: "en")
            #expect(page.status == .ok)
            let text = page.text
            #expect(text.contains("<h1>Round 1: Autumn intake</h1>"))
            #expect(text.contains("Tentative: applicants can&#39;t see it yet"))
            for figure in [
                "<strong>3</strong> Applicants", "<strong>2</strong> Placed", "<strong>1</strong> Without a place",
                "<strong>2</strong> Places", "<strong>0</strong> Places left",
            ] {
                #expect(text.contains(figure))
            }
            #expect(
                text.contains(
                    "<th scope=\"row\">Choice 1</th><td class=\"number\">1</td><td class=\"number\">33 %</td>"
                )
            )
            #expect(text.contains("<rect width=\"100%\""))
            #expect(text.contains("<th scope=\"row\">Firm 0</th><td class=\"number\" data-label=\"Places\">1</td>"))
            #expect(text.contains("<dt>Blocking pairs</dt><dd>0</dd>"))
            #expect(text.contains("<code>\(round["runId"].string)</code>"))
            #expect(text.contains("<code>\(round["seedHash"].string)</code>"))
            #expect(text.contains("found no blocking pair"))
            #expect(!text.contains("Student") && !text.contains("<script"))

            _ = try await office.post("/rounds/\(round["id"].string)/publication", [:])
            let published = try await office.page(round["overviewLink"].string, lang: "en").text
            #expect(published.contains("Published on"))
            let seed = try await office.get(cohort).json["lottery"]["seed"].string
            #expect(!text.contains(seed))
            #expect(published.contains("<code>\(seed)</code>"))
        }
    }

    @Test(arguments: LanguageTag.supported)
    func itSpeaksTheReadersLanguage(_ language: LanguageTag) async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await RoundAPITests.contest(office)
            let link = Office.path(try await office.run(cohort)["overviewLink"].string)
            let page = try await office.client.send(.get, link, headers: [.acceptLanguage: language.description])
            let words = try Words(language)
            #expect(page.text.contains("<html lang=\"\(language)\""))
            for key in ["round.state.tentative", "round.profile.caption", "round.firms.caption", "round.proof.stable"] {
                #expect(page.text.contains(words[key]))
            }
            #expect(!page.text.contains("{"))
        }
    }
}
