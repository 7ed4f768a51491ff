import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import NIOCore
import Postgres
import ServiceKit

/// Takes files, shows what they would change, and changes it. Staff only.
struct ImportRoutes: Sendable {
    let database: Database
    let pages: PersonalPages

    func add(to api: RouterGroup<AppContext>) {
        api.get("cohorts/:cohort/imports", use: list)
        api.post("cohorts/:cohort/imports/:kind", use: preview)
        api.get("imports/:import", use: read)
        api.get("imports/:import/faulty-rows.csv", use: faultyRows)
        api.post("imports/:import/application", use: apply)
    }

    @Sendable
    func preview(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let cohort: CohortID = try context.cohortID()
        guard let kind = context.parameters.get("kind").flatMap({ ImportKind(rawValue: $0) }) else {
            throw Problem.notFound("kind of import")
        }
        let bytes = try await request.collectBytes(as: "text/csv", limit: BodyLimit.large)
        let desk = desk(principal)
        return try await database.idempotent(request, context: context, principal: principal, schema: "matchmaking") {
            tx in
            let record = try await desk.preview(bytes, of: kind, for: cohort, at: Date(), in: tx)
            return try .json(
                ImportBody(record, pages),
                status: .created,
                headers: [.location: "/matchmaking/api/imports/\(record.id)"]
            )
        }
    }

    @Sendable
    func apply(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: ImportID = try context.importID()
        // The body may be missing.
        let body =
            request.headers[.contentType] == nil
            ? nil : try await request.decodeJSON(Closed<NewApplication>.self, context: context).body
        let desk = desk(principal)
        let record = try await database.transaction(tenant: principal.tenant) { tx in
            try await desk.apply(id, settingAside: body?.setAside ?? false, at: Date(), in: tx)
        }
        return try .json(ImportBody(record, pages))
    }

    private func desk(_ principal: Principal) -> ImportDesk {
        ImportDesk(tenant: principal.tenant, actor: Author(principal), pages: pages)
    }

    @Sendable
    func read(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: ImportID = try context.importID()
        let record = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            try await ImportRecords(tenant: principal.tenant).find(id, in: tx)
        }
        return try .json(ImportBody(record, pages))
    }

    @Sendable
    func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let cohort: CohortID = try context.cohortID()
        let records = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            _ = try await CohortStore(tenant: principal.tenant).find(cohort, in: tx)
            return try await ImportRecords(tenant: principal.tenant).list(of: cohort, limit: 50, in: tx)
        }
        return try .json(["items": records.map { ImportBody($0, pages) }])
    }

    @Sendable
    func faultyRows(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: ImportID = try context.importID()
        let content = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            try await ImportRecords(tenant: principal.tenant).content(of: id, in: tx)
        }
        return try .faultyRows(content)
    }
}

extension Response {
    /// The rows that were not stored, as a file to mend.
    static func faultyRows(_ content: ImportContent) throws -> Response {
        guard let rows = content.faultyRows else { throw Problem.notFound("faulty row") }
        return Response(
            status: .ok,
            headers: [
                .contentType: ExportTable.Format.csv.contentType, .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"faulty-rows.csv\"",
            ],
            body: .init(byteBuffer: ByteBuffer(bytes: rows))
        )
    }
}
