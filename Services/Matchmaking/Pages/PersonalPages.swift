import Domain
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// Renders the pages behind personal links.
struct PersonalPages: Sendable {
    /// Of the texts.
    static let folders = ["Strings", "Strings/Staff"]

    let renderer: PageRenderer
    let strings: Strings
    /// Moves entries of a ranking by pointer.
    let orderScript: Asset

    init(bundle: Bundle) throws {
        renderer = try PageRenderer(bundle: bundle)
        strings = try Strings(bundle: bundle, folders: Self.folders)
        let script = try String(contentsOf: ResourceFolder.url.appending(path: "Scripts/order.js"), encoding: .utf8)
        orderScript = Asset("order", .js, text: script, below: "/matchmaking/scripts")
    }

    func text(_ key: String, _ language: LanguageTag, _ values: [String: String] = [:]) -> String {
        strings(key, language, values)
    }

    func response(
        _ template: String,
        _ model: some Sendable,
        title: String,
        language: LanguageTag,
        runsScripts: Bool = false,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        try renderer.page(
            template,
            model,
            title: title,
            language: language,
            isPersonal: true,
            runsScripts: runsScripts,
            status: status
        )
    }
}

/// A sentence that stands out, `good`, `warn` or `bad`.
struct Notice: Sendable {
    let kind: String
    let text: String
}
