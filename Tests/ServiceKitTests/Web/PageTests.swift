import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import TestKit
import Testing

@testable import Web

@Suite("Pages")
struct PageTests {
    struct Model: Sendable {
        let name: String
        let rows: [String]
    }

    /// A bundle with the given templates, in a folder of its own.
    private func withTemplates(_ templates: [String: String], _ body: (Bundle) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: directory) }
        let folder = directory.appending(path: "Resources/Templates")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in templates {
            try Data(text.utf8).write(to: folder.appending(path: "\(name).mustache"))
        }
        try await body(try #require(Bundle(path: directory.path)))
    }

    @Test("a page is the service's template within the layout")
    func layout() async throws {
        try await withTemplates(["note": "<h1>{{name}}</h1>\n{{#rows}}{{>row}}{{/rows}}", "row": "<p>{{.}}</p>\n"]) {
            bundle in
            let renderer = try PageRenderer(bundle: bundle)
            let response = try renderer.page(
                "note",
                Model(name: "林 <b>&", rows: ["1", "2"]),
                title: "A \"note\"",
                language: .traditionalChinese,
                isPersonal: true
            )
            #expect(
                try await response.text == """
                    <!doctype html>
                    <html lang="zh-Hant" dir="ltr">
                    <head>
                    <meta charset="utf-8">
                    <meta name="viewport" content="width=device-width, initial-scale=1">
                    <meta name="color-scheme" content="light dark">
                    <title>A &quot;note&quot;</title>
                    <link rel="stylesheet" href="\(Stylesheet.path)">
                    <link rel="icon" href="data:,">
                    </head>
                    <body>
                    <a class="skip" href="#main">跳至主要內容</a>
                    <header class="masthead"><p class="brand">Tradewind</p></header>
                    <main id="main" tabindex="-1">
                    <h1>林 &lt;b&gt;&amp;</h1>
                    <p>1</p>
                    <p>2</p>

                    </main>
                    <footer class="foot"><p>Tradewind</p></footer>
                    </body>
                    </html>

                    """
            )
            #expect(response.headers[.cacheControl] == "no-store")
            #expect(response.headers[.contentLanguage] == "zh-Hant")
            let policy = try #require(response.headers[.contentSecurityPolicy])
            #expect(policy.contains("default-src 'none'") && !policy.contains("script") && !policy.contains("unsafe"))
            let open = try renderer.page(
                "note",
                Model(name: "", rows: []),
                title: "",
                language: .english,
                isPersonal: false
            )
            #expect(open.headers[.cacheControl] == "no-cache")
            let scripted = try renderer.page(
                "note",
                Model(name: "", rows: []),
                title: "",
                language: .english,
                isPersonal: false,
                runsScripts: true
            )
            #expect(scripted.headers[.contentSecurityPolicy] == "script-src 'self'; " + policy)
        }
    }

    @Test("a broken template stops the start")
    func broken() async throws {
        try await withTemplates(["note": "{{#open}}"]) { bundle in
            #expect(throws: (any Error).self) { try PageRenderer(bundle: bundle) }
        }
        try await withTemplates([:]) { bundle in
            #expect(throws: PageRenderer.Missing.self) {
                try PageRenderer(bundle: bundle)
                    .page("note", Model(name: "", rows: []), title: "", language: .english, isPersonal: false)
            }
        }
    }

    @Test("a service can't replace the layout by accident")
    func reserved() async throws {
        try await withTemplates(["layout": "mine", "note": "x"]) { bundle in
            let page = try PageRenderer(bundle: bundle)
                .page("note", Model(name: "", rows: []), title: "", language: .english, isPersonal: false)
            #expect(try await page.text.contains("<main"))
        }
    }

    @Test("people get their errors as a page in their language, programs as a document")
    func errors() async throws {
        try await withEdge { router in
            router.get("/tiny/l/:link") { _, _ -> Response in throw Problem.notFound("page") }
            router.get("/tiny/fails") { _, _ -> Response in throw TinyService.Broken() }
            router.get("/tiny/api/things") { _, _ -> Response in throw Problem.notFound("thing") }
            router.post("/tiny/form") { _, _ -> Response in
                throw Problem.invalid(.init("/email", "must have one @ <b>"))
            }
        } _: { client in
            let browser: HTTPFields = [.accept: "text/html,application/xhtml+xml,*/*;q=0.8", .acceptLanguage: "vi-VN"]
            let page = try await client.send(.get, "/tiny/l/forged", headers: browser)
            #expect(page.status == .notFound && page.headers[.contentType] == "text/html; charset=utf-8")
            #expect(page.text.contains("<html lang=\"vi\"") && page.text.contains("Không tìm thấy trang này"))
            #expect(page.headers[.referrerPolicy] == "no-referrer" && page.headers[.cacheControl] == "no-store")
            let failed = try await client.send(.get, "/tiny/fails", headers: browser)
            #expect(failed.status == .internalServerError)
            let trace = try #require(failed.headers[.traceparent]?.split(separator: "-")[1])
            #expect(failed.text.contains("<code>\(trace)</code>"))
            let form = try await client.submit("/tiny/form", form: [:])
            #expect(form.text.contains("email: must have one @ &lt;b&gt;"))
            let missing = try await client.send(.get, "/nowhere", headers: browser)
            #expect(missing.status == .notFound && missing.text.contains("<html"))
            let data = try await client.send(.get, "/tiny/api/things", headers: browser)
            #expect(data.problem?.status == 404)
            let plain = try await client.send(.get, "/tiny/l/forged", headers: [.accept: "*/*"])
            #expect(plain.problem?.status == 404)
        }
    }

    @Test("colours have enough contrast, in light and in dark")
    func contrast() throws {
        let schemes = Stylesheet.text.split(separator: "@media (prefers-color-scheme: dark)", maxSplits: 1)
        #expect(schemes.count == 2)
        for scheme in schemes {
            let colours = Dictionary(
                scheme.prefix(700).matches(of: /--([a-z-]+): #([0-9a-f]{6})/).map { (String($0.1), String($0.2)) },
                uniquingKeysWith: { first, _ in first }
            )
            let pairs = [
                ("ink", "ground"), ("quiet", "ground"), ("accent", "ground"), ("good", "ground"), ("warn", "ground"),
                ("bad", "ground"), ("ink", "raised"), ("quiet", "raised"), ("on-accent", "accent"),
                ("bad", "bad-ground"),
                ("ink", "bad-ground"),
            ]
            for (text, ground) in pairs {
                let ratio = try contrast(#require(colours[text]), #require(colours[ground]))
                #expect(ratio >= 4.5, "\(text) on \(ground): \(ratio)")
            }
        }
    }

    /// WCAG 2.2's contrast ratio.
    private func contrast(_ one: String, _ two: String) -> Double {
        let lights = [one, two].map { colour -> Double in
            let value = Int(colour, radix: 16) ?? 0
            let parts = [16, 8, 0].map { shift -> Double in
                let part = Double(value >> shift & 0xff) / 255
                return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
        }.sorted()
        return (lights[1] + 0.05) / (lights[0] + 0.05)
    }
}

extension Response {
    var text: String {
        get async throws { String(decoding: try await StoredAnswer(self).body, as: UTF8.self) }
    }
}
