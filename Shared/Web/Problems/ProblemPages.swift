import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Observability
import Tracing

/// Problems as pages, for people whose browser asks for a page.
package struct ProblemPages: Sendable {
    private let renderer: PageRenderer
    private let strings: Strings

    package init() throws {
        renderer = try PageRenderer(bundle: .module)
        strings = try Strings(bundle: .module)
    }

    private struct Model: Sendable {
        struct Reference: Sendable { let label, id: String }
        let title, text: String
        let errors: [String]
        let reference: Reference?
    }

    /// Nothing where the caller wants data: below `/<service>/api`, or without `text/html` in Accept.
    func page(for problem: Problem, request: Request) throws -> Response? {
        let isData = request.uri.path.split(separator: "/").dropFirst().first == "api"
        guard !isData, request.headers[.accept]?.contains("text/html") ?? false else { return nil }
        let language = Strings.negotiate(request.headers[.acceptLanguage], default: .english)
        let kind =
            switch problem.status.code {
            case 404, 410: "missing"
            case 500...: "unexpected"
            default: "refused"
            }
        let trace = ServiceContext.current?.traceContext?.traceID
        let model = Model(
            title: strings("problem.\(kind).title", language),
            text: strings("problem.\(kind).text", language),
            errors: problem.errors.map { "\($0.pointer.dropFirst()): \($0.detail)" },
            reference: trace.map { .init(label: strings("problem.reference", language), id: $0) }
        )
        var response = try renderer.page(
            "problem",
            model,
            title: model.title,
            language: language,
            isPersonal: true,
            status: problem.status
        )
        for field in problem.headers { response.headers[field.name] = field.value }
        return response
    }
}
