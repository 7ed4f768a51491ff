import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import NIOCore
import Postgres
import ServiceKit

/// A cohort's files: `placements`, `unplaced`, `unfilled` and `audit`, each as `.csv` and `.jsonl`. Staff only: most
/// name people.
struct ExportRoutes: Sendable {
    static let names = ["placements", "unplaced", "unfilled", "audit"]

    let database: Database

    func add(to api: RouterGroup<AppContext>) {
        api.get("cohorts/:cohort/exports/:file", use: export)
    }

    @Sendable
    func export(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        return try await file(
            try context.parameters.require("file"),
            of: try context.cohortID(),
            tenant: principal.tenant
        )
    }

    /// A file by its name, such as `placements.csv`.
    func file(_ name: String, of cohort: CohortID, tenant: TenantID) async throws -> Response {
        let file = name.split(separator: ".").map(String.init)
        guard file.count == 2, let format = ExportTable.Format(rawValue: file[1]) else {
            throw Problem.notFound("export")
        }
        let (slug, table) = try await database.transaction(tenant: tenant, readOnly: true) { tx in
            let slug = try await CohortStore(tenant: tenant).find(cohort, in: tx).cohort.slug
            return (slug, try await self.table(file[0], of: cohort, ExportStore(tenant: tenant), in: tx))
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: format.contentType, .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"\(slug)-\(file[0]).\(format)\"",
            ],
            body: .init(byteBuffer: ByteBuffer(string: try table.text(format)))
        )
    }

    private func table(
        _ name: String,
        of cohort: CohortID,
        _ store: ExportStore,
        in tx: borrowing Transaction
    ) async throws -> ExportTable {
        switch name {
        case "placements": try await store.placements(of: cohort, in: tx)
        case "unplaced": try await store.unplaced(of: cohort, in: tx)
        case "unfilled": try await store.unfilled(of: cohort, in: tx)
        case "audit": try await store.audit(of: cohort, in: tx)
        default: throw Problem.notFound("export")
        }
    }
}
