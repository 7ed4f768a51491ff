public import Domain
public import Foundation
public import HTTPTypes
public import Hummingbird

/// Renders a service's pages: `Resources/Templates/*.mustache` of its bundle inside ServiceKit's layout.
public struct PageRenderer: Sendable {
    /// Reads and parses all templates now, so that a broken one stops the start.
    public init(bundle: Bundle) throws { fatalError("stub") }

    /// `template` is the file's name without `.mustache`; it is given `model` (a `Codable` value or a struct whose
    /// properties mustache reads by Mirror). The response has the security headers (CSP, Referrer-Policy: no-referrer,
    /// X-Content-Type-Options, Cache-Control: no-store where `isPersonal`).
    public func page(
        _ template: String,
        _ model: some Sendable,
        title: String,
        language: LanguageTag,
        isPersonal: Bool,
        status: HTTPResponse.Status = .ok
    ) throws -> Response { fatalError("stub") }
}
