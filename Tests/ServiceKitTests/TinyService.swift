import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Messaging
import NIOCore
import Postgres
import ServiceKit
import Synchronization
import Tracing

/// The smallest service that uses everything: notes of a tenant.
struct TinyService: ServiceModule {
    static let name = "tiny"
    static let configurationKeys = [
        ConfigurationKey("tiny.greeting", "What the page says", default: "Hello"),
        ConfigurationKey("tiny.password", "Opens nothing", isSecret: true),
    ]
    static let migrations = [
        Migration(
            1,
            "notes",
            sql: """
                CREATE TABLE tiny.notes (
                    tenant_id uuid NOT NULL,
                    note_id uuid NOT NULL,
                    text text NOT NULL,
                    version integer NOT NULL DEFAULT 1,
                    PRIMARY KEY (tenant_id, note_id)
                );
                ALTER TABLE tiny.notes ENABLE ROW LEVEL SECURITY;
                ALTER TABLE tiny.notes FORCE ROW LEVEL SECURITY;
                CREATE POLICY tenant ON tiny.notes
                    USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                    WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
                """
        )
    ]

    struct Note: Codable, Sendable, Hashable {
        let id: UUID
        let text: String
        let version: Int
    }

    struct NewNote: Codable, Sendable {
        let text: String
    }

    /// What the body must not do: break after it has written.
    struct Broken: Error, CustomStringConvertible { let description = "broken on purpose" }

    let environment: ServiceEnvironment

    init(environment: ServiceEnvironment) throws {
        self.environment = environment
    }

    var messageRouters: [MessageRouter] {
        var router = MessageRouter(subscription: "tiny.events", topic: NoteWritten.topic)
        router.on(NoteWritten.self) { message, delivery, tx in
            var carrier: [String: String] = [:]
            if let context = ServiceContext.current {
                InstrumentationSystem.instrument.inject(context, into: &carrier, using: DictionaryInjector())
            }
            let seen = NoteReader.Seen(trace: carrier["traceparent"], tenant: delivery.tenant)
            NoteReader.seen.withLock { $0[message.note] = seen }
            await NoteReader.gate?.pass()
            try await tx.execute("UPDATE tiny.notes SET text = text || ' (read)' WHERE note_id = \(message.note)")
        }
        return [router]
    }

    func addRoutes(to router: Router<AppContext>) {
        router.post("/tiny/api/notes", use: create)
        router.get("/tiny/api/notes", use: list)
        router.put("/tiny/api/notes/:id", use: change)
        router.post("/tiny/api/prepared", use: prepare)
        router.get("/tiny/api/broken") { _, _ -> Response in throw Broken() }
        router.get("/tiny/l/:link") { _, context in
            let link = try await environment.links.verify(context.parameters.require("link"), purpose: "note")
            return try Response.json(["subject": link.subject.uuidString])
        }
        router.get("/tiny/:tenant") { _, context in
            let slug = try context.parameters.require("tenant")
            guard let tenant = try await environment.access.tenant(slug: slug) else { throw Problem.notFound("tenant") }
            return try Response.json(["name": tenant.name[.english]])
        }
    }

    private func create(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let new = try await request.decodeJSON(NewNote.self, context: context)
        return try await environment.database.idempotent(
            request,
            context: context,
            principal: principal,
            schema: "tiny"
        ) { tx in
            let id = UUID()
            try await tx.execute(
                """
                INSERT INTO tiny.notes (tenant_id, note_id, text)
                VALUES (\(principal.tenant.uuid), \(id), \(new.text))
                """
            )
            try tx.publish(NoteWritten(note: id))
            if new.text == "refused" { throw Problem.invalid(.init("/text", "must be something else")) }
            if new.text == "broken" { throw Broken() }
            return try .json(
                Note(id: id, text: new.text, version: 1),
                status: .created,
                headers: [.location: "/tiny/api/notes/\(id)", .eTag: entityTag(version: 1)]
            )
        }
    }

    /// How often a note of this text was prepared.
    static let prepared = Mutex<[String: Int]>([:])

    private func prepare(_ request: Request, _ context: AppContext) async throws -> Response {
        let new = try await request.decodeJSON(NewNote.self, context: context)
        return try await environment.database.idempotent(
            request,
            context: context,
            principal: try context.require(.staff),
            schema: "tiny",
            preparing: { Self.prepared.withLock { $0[new.text, default: 0] += 1 } },
            body: { _, _ in try .json(new, status: .created) }
        )
    }

    private func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let page = try PageRequest(request)
        let rows = try await environment.database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            try await tx.query(
                """
                SELECT note_id, text, version FROM tiny.notes
                WHERE text > \(page.after ?? "") ORDER BY text LIMIT \(page.limit + 1)
                """
            )
        }
        let notes = try rows.map { row in
            let (id, text, version) = try row.decode(UUID.self, String.self, Int32.self)
            return Note(id: id, text: text, version: Int(version))
        }
        return try PageResponse(notes, request: page, key: \.text).response(for: request)
    }

    private func change(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id = try context.parameters.require("id", as: UUID.self)
        let new = try await request.decodeJSON(NewNote.self, context: context)
        return try await environment.database.transaction(tenant: principal.tenant) { tx in
            let rows = try await tx.query("SELECT version FROM tiny.notes WHERE note_id = \(id) FOR UPDATE")
            guard let row = rows.first else { throw Problem.notFound("note") }
            let version = Int(try row.decode(Int32.self, column: "version"))
            try request.requireMatch(version: version)
            try await tx.execute(
                "UPDATE tiny.notes SET text = \(new.text), version = version + 1 WHERE note_id = \(id)"
            )
            return try .json(
                Note(id: id, text: new.text, version: version + 1),
                headers: [.eTag: entityTag(version: version + 1)]
            )
        }
    }
}

struct NoteWritten: Message {
    static let type = "note.written.v1"
    static let topic = Topic.events
    let note: UUID
    var key: String { note.uuidString }
}

/// What the handlers of `NoteWritten` saw, and where the test may hold them up.
enum NoteReader {
    struct Seen: Sendable {
        let trace: String?
        let tenant: TenantID
    }
    static let seen = Mutex<[UUID: Seen]>([:])
    /// Handlers announce themselves in the first stream and wait for the second.
    @TaskLocal static var gate: Gate?

    struct Gate: Sendable {
        let arrived = AsyncStream.makeStream(of: Void.self)
        let opened = AsyncStream.makeStream(of: Void.self)

        func pass() async {
            arrived.continuation.yield()
            for await _ in opened.stream { break }
        }
    }
}

/// A neighbour, whose tables `tiny` must not see.
struct NeighbourService: ServiceModule {
    static let name = "neighbour"
    static let migrations = [
        Migration(1, "secrets", sql: "CREATE TABLE neighbour.secrets (tenant_id uuid, text text)")
    ]
    init(environment: ServiceEnvironment) throws {}
    func addRoutes(to router: Router<AppContext>) {}
}
