public import Domain
public import Foundation
public import HTTPTypes
public import Hummingbird
import Mustache
import NIOCore

/// Renders a service's pages: `Resources/Templates/*.mustache` of its bundle inside ServiceKit's layout.
public struct PageRenderer: Sendable {
    private let library: MustacheLibrary
    private let strings: Strings

    /// There is no such file among the resources.
    public struct Missing: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// Reads and parses all templates now, so that a broken one stops the start.
    public init(bundle: Bundle) throws {
        var library = MustacheLibrary()
        for (name, text) in try bundle.texts(in: "Templates", extension: "mustache") {
            try library.register(text, named: name)
        }
        // Last, so that a service can't replace the layout by accident.
        for (name, text) in try Bundle.module.texts(in: "Templates", extension: "mustache") {
            try library.register(text, named: name)
        }
        guard library.getTemplate(named: "layout") != nil, !Stylesheet.text.isEmpty else {
            throw Missing(description: "the layout or the style sheet is missing among the resources of Web")
        }
        self.library = library
        strings = try Strings(bundle: .module)
    }

    private struct Layout: Sendable {
        let lang, title, stylesheet, skip, content: String
        let direction = "ltr"
    }

    /// `template` is the file's name without `.mustache`; it is given `model` (a `Codable` value or a struct whose
    /// properties mustache reads by Mirror). The response has the security headers (CSP, Referrer-Policy: no-referrer,
    /// X-Content-Type-Options, Cache-Control: no-store where `isPersonal`). Scripts run only where `runsScripts`, and only
    /// files from here.
    /// Throws `Missing` where there is no such template.
    public func page(
        _ template: String,
        _ model: some Sendable,
        title: String,
        language: LanguageTag,
        isPersonal: Bool,
        runsScripts: Bool = false,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        guard let content = library.render(model, withTemplate: template) else {
            throw Missing(description: "there is no template \(template).mustache")
        }
        let layout = Layout(
            lang: language.description,
            title: title,
            stylesheet: Stylesheet.path,
            skip: strings("layout.skip", language),
            content: content
        )
        let text = library.render(layout, withTemplate: "layout") ?? content
        return Response(
            status: status,
            headers: [
                .contentType: "text/html; charset=utf-8",
                .contentLanguage: language.description,
                .cacheControl: isPersonal ? "no-store" : "no-cache",
                .contentSecurityPolicy: (runsScripts ? "script-src 'self'; " : "") + Self.contentSecurityPolicy,
            ],
            body: .init(byteBuffer: ByteBuffer(string: text))
        )
    }

    /// No script; style and pictures from here; forms to here.
    static let contentSecurityPolicy =
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'"
}

/// The one style sheet.
package enum Stylesheet {
    static let text = (try? Bundle.module.texts(in: "Assets", extension: "css")["tradewind"]) ?? ""
    package static let asset = Asset("tradewind", .css, text: text, below: "/assets")
    package static var path: String { asset.path }
}
