import Domain
import Postgres
import ServiceKit

/// The id of the tenant with this slug.
func tenantID(_ slug: String, in database: Database) async throws -> TenantID {
    guard let tenant = try await AccessStore(database: database).tenant(slug: slug) else {
        throw CommandFailure("There is no tenant \(slug).", hint: "See `tradewind tenant list`.")
    }
    return tenant.id
}
