import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("Finding and ordering positions on the ranking page")
struct PositionFinderTests {
    struct Scene: Sendable {
        let office: Office
        let cohort: String
        let ids: [String]
        let applicant: (id: String, link: String)

        func press(_ button: String, _ id: String, version: Int) async throws -> TestResponse {
            let form = [button: id, "version": "\(version)"]
            return try await office.client.submit(Office.path(applicant.link), form: form)
        }

        func ranking() async throws -> JSONValue {
            try await office.get("\(cohort)/applicants/\(applicant.id)/ranking").json
        }

        func search(_ query: String) async throws -> String {
            try await office.client.send(.get, "\(Office.path(applicant.link))?\(query)").text
        }
    }

    static func run(_ body: @escaping @Sendable (Scene) async throws -> Void) async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [1])[0]
            let ids = try await office.positions(
                cohort,
                firm,
                [
                    Office.position("web", ["location": "taipei", "text": ["en": "Swift on servers"]]),
                    Office.position("ai", ["location": "tainan", "workingLanguage": "zh-Hant"]),
                    Office.position("iot", ["location": "tainan"]), Office.position("more"),
                ]
            )
            let applicant = try await office.applicants(cohort, 1, language: "en")[0]
            try await body(Scene(office: office, cohort: cohort, ids: ids, applicant: applicant))
        }
    }

    @Test func wordsAndFiltersNarrowDown() async throws {
        try await Self.run { scene in
            func found(_ query: String) async throws -> [Int] {
                let page = try await scene.search(query)
                return scene.ids.indices.filter { page.contains("<li id=\"f-\(scene.ids[$0])\">") }
            }
            #expect(try await found("") == [0, 1, 2, 3])
            #expect(try await found("q=SWIFT+servers") == [0])
            #expect(try await found("q=%E8%81%B7%E4%BD%8D+iot") == [2])
            #expect(try await found("q=firm") == [0, 1, 2, 3])
            #expect(try await found("working=zh-Hant") == [1])
            #expect(try await found("place=tainan") == [1, 2])
            #expect(try await found("place=tainan&working=en") == [2])
            #expect(try await found("q=nothing") == [])
            let page = try await scene.search("q=%22%3E%3Cb%3E&place=tainan")
            #expect(page.contains("value=\"&quot;&gt;&lt;b&gt;\""))
            #expect(page.contains("<option value=\"tainan\" selected>tainan</option>"))
            #expect(page.contains("0 of 4 positions"))
        }
    }

    @Test func buttonsAddMoveAndRemove() async throws {
        try await Self.run { scene in
            let ids = scene.ids
            for (version, id) in ids.prefix(3).enumerated() {
                let answer = try await scene.press("add", id, version: version)
                #expect(answer.status == .seeOther)
                #expect(answer.headers[.location]?.hasSuffix("#p-\(id)") == true)
            }
            let page = try await scene.office.page(scene.applicant.link).text
            #expect(page.contains("Move Firm 0 – Position ai up</button>"))
            #expect(!page.contains("Move Firm 0 – Position web up</button>"))
            #expect(!page.contains("Move Firm 0 – Position iot down</button>"))
            // The list is full.
            #expect(!page.contains("Add Firm 0 – Position more"))
            #expect(try await scene.press("add", ids[3], version: 3).status != .seeOther)
            #expect(try await scene.press("up", ids[2], version: 3).status == .seeOther)
            #expect(try await scene.ranking()["ranking"] == .init([[ids[0]], [ids[2]], [ids[1]]]))
            #expect(try await scene.press("down", ids[0], version: 4).status == .seeOther)
            #expect(try await scene.press("remove", ids[1], version: 5).status == .seeOther)
            #expect(try await scene.ranking() == ["ranking": .init([[ids[2]], [ids[0]]]), "version": 6])
            // A page that is out of date changes nothing.
            #expect(try await scene.press("up", ids[0], version: 5).status == .conflict)
        }
    }

    @Test func aListIsDraggedIntoAnotherOrder() async throws {
        try await Self.run { scene in
            let ids = Array(scene.ids.prefix(3))
            let empty = try await scene.office.page(scene.applicant.link)
            #expect(
                !empty.text.contains("<script") && empty.headers[.contentSecurityPolicy]?.contains("script") == false
            )
            for (version, id) in ids.enumerated() { _ = try await scene.press("add", id, version: version) }
            let page = try await scene.office.page(scene.applicant.link)
            #expect(page.headers[.contentSecurityPolicy]?.hasPrefix("script-src 'self'; default-src 'none';") == true)
            let path = try #require(page.text.firstMatch(of: /<script src="([^"]+)" defer><\/script>/)?.1)
            let script = try await scene.office.client.send(.get, String(path))
            #expect(script.status == .ok && script.headers[.contentType] == "text/javascript; charset=utf-8")
            #expect(script.text.contains("ol[data-movable]") && page.text.contains("<ol class=\"cards\" data-movable>"))
            for id in ids { #expect(page.text.contains("data-id=\"\(id)\"")) }

            let order = [ids[2], ids[0], ids[1]]
            #expect(try await scene.press("order", order.joined(separator: " "), version: 3).status == .seeOther)
            #expect(try await scene.ranking() == ["ranking": .init(order.map { [$0] }), "version": 4])
            // What is not the whole list in some order moves nothing.
            for other in [[ids[0], ids[1]], [ids[0], ids[1], ids[1]], [ids[0], ids[1], scene.ids[3]], ["x"]] {
                let version = try await scene.ranking()["version"].int ?? 0
                _ = try await scene.press("order", other.joined(separator: " "), version: version)
                #expect(try await scene.ranking()["ranking"] == .init(order.map { [$0] }))
            }
            #expect(try await scene.press("order", order.joined(separator: " "), version: 1).status == .conflict)
        }
    }

    @Test func aListIsCertifiedAndChangedAgain() async throws {
        try await Self.run { scene in
            _ = try await scene.press("add", scene.ids[0], version: 0)
            let answer = try await scene.press("certify", "1", version: 1)
            let page = try await scene.office.client.send(.get, try #require(answer.headers[.location])).text
            #expect(page.contains("Your list is certified."))
            #expect(page.contains("You certified this list on"))
            #expect(!page.contains("name=\"certify\""))
            #expect(try await scene.ranking()["certifiedAt"] != nil)
            _ = try await scene.press("add", scene.ids[1], version: 1)
            #expect(try await scene.ranking()["certifiedAt"] == nil)
            try await scene.office.passDeadline(scene.cohort)
            #expect(try await scene.press("certify", "1", version: 2).status == .conflict)
        }
    }

    @Test func adviceIsGivenOnlyWhereTheDataSaysSo() async throws {
        try await Office.run { office in
            func page(_ slug: String) async throws -> String {
                let cohort = try await office.cohort(Office.draft(slug))
                _ = try await office.firms(cohort, [1])
                return try await office.page(try await office.applicants(cohort, 1, language: "en")[0].link).text
            }
            let first = try await page("first")
            #expect(!first.contains("How it went last time"))
            let old = try await office.cohort(Office.draft("old"))
            let firms = try await office.firms(old, [2, 1])
            let people = try await office.applicants(old, 9).map(\.id)
            var lists = Dictionary(uniqueKeysWithValues: people.prefix(5).map { ($0, [[firms[0]]]) })
            // Four who ranked two firms are too few to tell of.
            for person in people.dropFirst(5) { lists[person] = [[firms[0]], [firms[1]]] }
            try await office.importRankings(
                old,
                applicants: lists,
                firms: [firms[0]: people.map { [$0] }, firms[1]: people.map { [$0] }]
            )
            let round = try await office.run(old)["id"].string
            let second = try await page("second")
            #expect(!second.contains("How it went last time"))
            _ = try await office.post("/rounds/\(round)/publication", [:])
            let told = try await page("third")
            #expect(told.contains("How it went last time: Autumn intake"))
            #expect(told.contains("<li>List of 1: 40 % got a place (2 of 5).</li>"))
            #expect(!told.contains("List of 2"))
        }
    }

    @Test(arguments: LanguageTag.supported)
    func itSpeaksTheStudentsLanguage(_ language: LanguageTag) async throws {
        try await Self.run { scene in
            _ = try await scene.press("add", scene.ids[0], version: 0)
            let page = try await scene.office.page(scene.applicant.link, lang: language.description).text
            let words = try Words(language)
            for key in ["finder.heading", "finder.words", "finder.search", "ranking.certify.hint", "ranking.order"] {
                #expect(page.contains(words[key]), "\(key)")
            }
        }
    }
}
