import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Postgres
import ServiceKit
import TestKit
import Testing

@Suite("Every error is a problem document")
struct ProblemTests {
    struct Secret: Error, CustomStringConvertible { let description = "the cellar key is under the mat" }

    private func addRoutes(to router: Router<AppContext>) {
        router.get("/tiny/api/things/:id") { _, context -> Response in
            switch try context.parameters.require("id") {
            case "secret": throw Secret()
            case "value": throw try #require(throws: InvalidValue.self) { try EmailAddress("x") }
            case "pool": throw PostgresError(.poolTimeout, message: "")
            case "deadlock": throw PostgresError(.server(sqlState: "40P01"), message: "")
            case "unknown": throw PostgresError(.commitUnknown, message: "")
            case "full": throw PostgresError(.server(sqlState: "53300"), message: "")
            case "stopped": throw PostgresError(.server(sqlState: "57P01"), message: "")
            case "cancelled": throw CancellationError()
            case "unique":
                throw PostgresError(.server(sqlState: "23505"), message: "", detail: "Key (email)=(a@b.example)")
            case "framework": throw HTTPError(.badRequest, message: "not so")
            case "gone": throw HTTPError(.gone)
            default:
                throw Problem(
                    .conflict,
                    type: "full",
                    title: "Full",
                    detail: "No place is left.",
                    errors: [.init("/a", "b")],
                    headers: [.retryAfter: "9"]
                )
            }
        }
        router.put("/tiny/api/things/:id") { _, _ in "changed" }
    }

    @Test("with its members, its type and what the trace is called")
    func members() async throws {
        try await withEdge(addRoutes) { client in
            let response = try await client.send(
                .get,
                "/tiny/api/things/taken",
                headers: [.traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]
            )
            #expect(
                response.text == #"{"detail":"No place is left.","errors":[{"detail":"b","pointer":"/a"}],"#
                    + #""instance":"urn:trace:0af7651916cd43dd8448eb211c80319c","status":409,"title":"Full","#
                    + #""type":"https://tradewind.example/problems/full"}"#
            )
            #expect(response.headers[.contentType] == "application/problem+json")
            #expect(response.headers[.retryAfter] == "9")
            #expect(response.headers[.xContentTypeOptions] == "nosniff")
        }
    }

    @Test(
        "whoever threw it",
        arguments: [
            ("secret", 500, "unexpected"), ("value", 422, "invalid"), ("pool", 503, "unavailable"),
            ("deadlock", 503, "unavailable"), ("unique", 500, "unexpected"), ("framework", 400, "http-400"),
            ("gone", 410, "http-410"), ("unknown", 503, "unavailable"), ("full", 503, "unavailable"),
            ("stopped", 503, "unavailable"), ("cancelled", 503, "unavailable"),
        ]
    )
    func kinds(id: String, status: Int, type: String) async throws {
        try await withEdge(addRoutes) { client in
            let response = try await client.send(.get, "/tiny/api/things/\(id)")
            #expect(response.problem?.status == status && response.problem?.type == type)
            #expect(response.status.code == status)
            #expect(!response.text.contains("cellar") && !response.text.contains("a@b.example"))
            #expect((response.headers[.retryAfter] != nil) == (status == 503))
        }
    }

    @Test("an unexpected error is logged once, an expected one not at all")
    func logged() async throws {
        let log = RecordedLog()
        try await withEdge(logger: log.logger, addRoutes) { client in
            _ = try await client.send(.get, "/tiny/api/things/secret")
            _ = try await client.send(.get, "/tiny/api/things/unique")
            _ = try await client.send(.get, "/tiny/api/things/taken")
        }
        let errors = log.all.filter { $0.hasPrefix("error") }
        #expect(errors.count == 2)
        #expect(errors[0].contains("cellar") && errors[0].contains("route=/tiny/api/things/{id}"))
        #expect(errors[1].contains("23505") && !errors[1].contains("a@b.example"))
    }

    @Test("a path without a route is a 404, a method without one a 405 with what would do")
    func routing() async throws {
        try await withEdge(addRoutes) { client in
            let missing = try await client.send(.get, "/tiny/api/nothing/here")
            #expect(missing.problem?.status == 404)
            let wrong = try await client.send(.delete, "/tiny/api/things/1")
            #expect(wrong.problem?.status == 405)
            #expect(wrong.headers[.allow] == "GET, HEAD, PUT")
            let null = try await client.send(.get, "/tiny/api/things/a%00b")
            #expect(null.problem?.status == 400)
        }
    }
}
