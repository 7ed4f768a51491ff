import Domain
import Foundation
import Postgres

/// All tenants, as only the owner of the schema `access` may see them.
struct TenantList: Sendable {
    struct Tenant: Sendable {
        let id: TenantID
        let slug: String
        let name: LocalizedText
        let language: String
        let timeZone: String
    }

    let database: Database

    func all() async throws -> [Tenant] {
        try await database.query(
            "SELECT tenant_id, slug, name, language, time_zone FROM access.tenants ORDER BY slug"
        ).map { row in
            let (id, slug, name, language, zone) = try row.decode(
                UUID.self,
                String.self,
                JSON<LocalizedText>.self,
                String.self,
                String.self
            )
            return Tenant(id: TenantID(id), slug: slug, name: name.value, language: language, timeZone: zone)
        }
    }
}
