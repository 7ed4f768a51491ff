import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import TestKit
import Testing

@Suite("Bodies are parsed, and faults point at their field")
struct DecodingTests {
    struct Student: Codable, Sendable {
        let name: String
        let email: EmailAddress
        let age: Int?
    }

    struct Group: Codable, Sendable {
        let students: [Student]
        let starts: Date?
        let labels: [String: Int]?
    }

    private func answer(to body: String, type: String = "application/json") async throws -> TestResponse {
        let box = Box<TestResponse>()
        try await withEdge { router in
            router.post("/tiny/api/groups") { request, context in
                try Response.json(await request.decodeJSON(Group.self, context: context))
            }
            router.post("/tiny/api/large") { request, context in
                try Response.json(await request.decodeJSON(Group.self, context: context, limit: BodyLimit.large))
            }
        } _: { client in
            box.set(
                try await client.execute(
                    uri: "/tiny/api/groups",
                    method: .post,
                    headers: [.contentType: type],
                    body: ByteBuffer(string: body)
                )
            )
        }
        return try #require(box.value)
    }

    @Test(
        "a good body is read",
        arguments: ["application/json", "application/json; charset=utf-8", "application/merge-patch+json"]
    )
    func good(type: String) async throws {
        let response = try await answer(
            to: #"{"students":[{"name":"林","email":"lin@example.tw"}],"starts":"2018-09-07T09:00:00.5+08:00"}"#,
            type: type
        )
        #expect(response.status == .ok)
        #expect(response.text.contains(#""starts":"2018-09-07T01:00:00Z""#))
    }

    @Test(
        "the pointer names the field",
        arguments: [
            (#"{"students":[{"name":"a","email":"a@b.example"},{"name":"b"}]}"#, "/students/1/email", "is missing"),
            (#"{"students":[{"name":7,"email":"a@b.example"}]}"#, "/students/0/name", "must be text"),
            (#"{"students":[{"name":"a","email":"none"}]}"#, "/students/0/email", "must"),
            (#"{"students":[{"name":"a","email":"a@b.example","age":1.5}]}"#, "/students/0/age", "must be a number"),
            (#"{"students":null}"#, "/students", "must not be null"),
            (#"{"students":[],"labels":{"a/b~c":"x"}}"#, "/labels/a~1b~0c", "must be a whole number"),
            (#"{"students":[],"starts":"2018-09-07"}"#, "/starts", "must be a time"),
            (#"{"students":7}"#, "/students", "must be a list"),
            ("[]", "", "must be an object"),
        ]
    )
    func pointers(body: String, pointer: String, detail: String) async throws {
        let response = try await answer(to: body)
        let problem = try #require(response.problem)
        #expect(problem.status == 422 && problem.type == "invalid" && problem.pointers == [pointer])
        #expect(response.text.contains(detail))
    }

    @Test(
        "text that is not JSON is a 400 that says where",
        arguments: ["{\"students\": x}", "{", "", "\u{0}", "{\"students\":[}", "{\"students\":\n[],\ny}"]
    )
    func malformed(body: String) async throws {
        let response = try await answer(to: body)
        #expect(response.problem?.status == 400 && response.problem?.type == "malformed")
        if body.contains("y") { #expect(response.text.contains("line 3, column 1.")) }
        if body.contains("x") { #expect(response.text.contains("line 1, column 14")) }
    }

    @Test("U+0000 is refused, a spelled-out backslash is not")
    func null() async throws {
        let refused = try await answer(to: #"{"students":[{"name":"a\u0000","email":"a@b.example"}]}"#)
        #expect(refused.problem?.status == 422)
        let accepted = try await answer(to: #"{"students":[{"name":"a\\u0000","email":"a@b.example"}]}"#)
        #expect(accepted.status == .ok)
        let third = try await answer(to: #"{"students":[{"name":"a\\\u0000","email":"a@b.example"}]}"#)
        #expect(third.problem?.status == 422)
    }

    @Test(
        "another content type is a 415",
        arguments: ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"]
    )
    func contentType(type: String) async throws {
        let response = try await answer(to: "{}", type: type)
        #expect(response.problem?.status == 415)
        #expect(response.headers[.accept] == "application/json")
    }

    @Test("over 1 MB is a 413, where the route does not allow more")
    func tooLarge() async throws {
        try await withEdge { router in
            router.post("/api/small") { request, context in
                try Response.json(await request.decodeJSON([String].self, context: context))
            }
            router.post("/api/large") { request, context in
                try Response.json(await request.decodeJSON([String].self, context: context, limit: BodyLimit.large))
            }
        } _: { client in
            let body = ["".padding(toLength: BodyLimit.standard, withPad: "a", startingAt: 0)]
            let small = try await client.send(.post, "/api/small", json: body, idempotencyKey: "")
            #expect(small.problem?.status == 413)
            let large = try await client.send(.post, "/api/large", json: body, idempotencyKey: "")
            #expect(large.status == .ok)
            // With a key the body is kept in memory: strangers get no more than the standard limit.
            let keyed = try await client.send(.post, "/api/large", json: body)
            #expect(keyed.problem?.status == 413)
        }
    }

    struct Form: Codable, Sendable {
        let email: EmailAddress
        let phone: String?
        let team: String
        let accepts: Bool?
    }

    @Test("a form is read; an empty field counts as not sent")
    func form() async throws {
        try await withEdge { router in
            router.post("/form") { request, context in
                try Response.json(await request.decodeForm(Form.self, context: context))
            }
        } _: { client in
            let headers: HTTPFields = [.accept: "application/json"]
            let good = try await client.submit(
                "/form",
                form: ["email": "a@b.example", "phone": "", "team": "風 & co = +1", "accepts": "true"],
                headers: headers
            )
            #expect(good.text == #"{"accepts":true,"email":"a@b.example","team":"風 & co = +1"}"#)
            let missing = try await client.submit("/form", form: ["email": "", "team": "x"], headers: headers)
            #expect(missing.problem?.pointers == ["/email"])
            let wrong = try await client.submit("/form", form: ["email": "none", "team": "x"], headers: headers)
            #expect(wrong.problem?.pointers == ["/email"])
            let null = try await client.submit("/form", form: ["email": "a@b.example", "team": "\0"], headers: headers)
            #expect(null.problem?.status == 422)
            let browser = try await client.execute(
                uri: "/form",
                method: .post,
                headers: [.contentType: "application/x-www-form-urlencoded; charset=UTF-8"],
                body: ByteBuffer(string: "email=a%40b.example&team=two+words=&phone&accepts=")
            )
            #expect(browser.text == #"{"email":"a@b.example","team":"two words="}"#)
            let twice = try await client.execute(
                uri: "/form",
                method: .post,
                headers: [.contentType: "application/x-www-form-urlencoded", .accept: "application/json"],
                body: ByteBuffer(string: "email=a%40b.example&team=x&team=y")
            )
            #expect(twice.problem?.status == 400)
            let json = try await client.send(.post, "/form", json: ["email": "a@b.example"])
            #expect(json.problem?.status == 415)
        }
    }
}
