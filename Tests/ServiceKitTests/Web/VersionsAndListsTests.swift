import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestKit
import Testing

@Suite("Versions and lists")
struct VersionsAndListsTests {
    typealias Note = TinyService.Note

    private struct List: Decodable {
        let items: [Note]
        let next: String?
    }

    @Test("a change needs the version it starts from")
    func versions() async throws {
        try await TestService.run(TinyService.self) { client, fixture in
            let token = fixture.tenant.staffToken
            let made = try await client.send(.post, "/tiny/api/notes", token: token, json: ["text": "a"])
            let note = try made.decode(Note.self)
            let path = "/tiny/api/notes/\(note.id)"
            let change = { (ifMatch: String?) in
                var headers = HTTPFields()
                headers[.ifMatch] = ifMatch
                return try await client.send(.put, path, token: token, json: ["text": "b"], headers: headers)
            }
            #expect(try await change(nil).problem?.status == 428)
            let stale = try await change("\"v7\"")
            #expect(stale.problem?.status == 412 && stale.headers[.eTag] == "\"v1\"")
            #expect(try await change("W/\"v1\"").problem?.status == 412)
            let changed = try await change("\"v7\", \"v1\"")
            #expect(changed.status == .ok && changed.headers[.eTag] == "\"v2\"")
            #expect(try await change("\"v1\"").problem?.status == 412)
            #expect(try await change("*").status == .ok)
        }
    }

    @Test("pages follow each other and hold under inserts")
    func pages() async throws {
        try await TestService.run(TinyService.self) { client, fixture in
            let token = fixture.tenant.staffToken
            for text in ["b", "c/ü", "d", "e", "f"] {
                _ = try await client.send(.post, "/tiny/api/notes", token: token, json: ["text": text])
            }
            let first = try await client.send(.get, "/tiny/api/notes?x=1&limit=2", token: token)
            let list = try first.decode(List.self)
            #expect(list.items.map(\.text) == ["b", "c/ü"])
            let next = try #require(list.next)
            #expect(first.headers[.link] == "</tiny/api/notes?x=1&limit=2&cursor=\(next)>; rel=\"next\"")
            for text in ["a", "c"] {
                _ = try await client.send(.post, "/tiny/api/notes", token: token, json: ["text": text])
            }
            let second = try await client.send(.get, "/tiny/api/notes?limit=3&cursor=\(next)", token: token)
            let rest = try second.decode(List.self)
            #expect(rest.items.map(\.text) == ["d", "e", "f"])
            #expect(rest.next == nil && second.headers[.link] == nil)
        }
    }

    @Test(
        "a bad cursor or limit is a 400",
        arguments: [
            "limit=0", "limit=501", "limit=x", "limit=", "cursor=", "cursor=abc", "cursor=%00", "cursor=MTph==",
            "cursor=MjphYg", "cursor=MTphAA",
        ]
    )
    func bad(query: String) async throws {
        try await withEdge { router in
            router.get("/list") { request, _ in
                try PageResponse([Int](), request: PageRequest(request), key: \.description).response(for: request)
            }
        } _: { client in
            let answer = try await client.send(.get, "/list?\(query)")
            #expect(answer.problem?.status == 400)
            let name = query.split(separator: "=")[0]
            if query != "cursor=%00" { #expect(answer.problem?.pointers == ["/query/\(name)"]) }
        }
    }
}
