import Configuration
import Logging
import ServiceKit

extension Installation {
    /// All services as one host on `address`, with what the command decides and what it would rather have.
    static func host(
        _ access: DatabaseAccess,
        at address: ServingAddress,
        deciding values: Settings.Values = [:],
        logger: Logger
    ) async throws -> ServiceHost {
        let decided: Settings.Values = [
            "database.url": ConfigValue(.string(access.url), isSecret: true),
            "http.host": ConfigValue(.string(address.host), isSecret: false),
            "http.port": ConfigValue(.int(address.port), isSecret: false),
        ]
        let settings = try await Settings(
            decided: decided.merging(values) { $1 },
            fallbacks: ["public.url": ConfigValue(.string(address.url), isSecret: false)]
        )
        return try ServiceHost(modules: modules, configuration: settings.reader, logger: logger)
    }
}
