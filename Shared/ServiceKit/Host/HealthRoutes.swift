import HTTPTypes
import Hummingbird
import Logging
import Metrics
import NIOCore
import Postgres
import Synchronization

/// `/health/live`: the process answers. `/health/ready`: its databases do, and they are migrated. `/metrics`.
struct HealthRoutes: Sendable {
    let modules: [any ServiceModule.Type]
    let databases: [Database]
    let migrator: Migrator
    private let isMigrated = Remembered()

    init(modules: [any ServiceModule.Type], databases: [Database], migrator: Migrator) {
        self.modules = modules
        self.databases = databases
        self.migrator = migrator
    }

    func add(to router: Router<AppContext>) {
        router.get("/health/live") { _, _ in try Response.json(["status": "ok"], headers: [.cacheControl: "no-store"]) }
        router.get("/health/ready") { _, context in
            let failed = await failedChecks(context)
            guard failed.isEmpty else {
                var problem = Problem.unavailable("Not ready.")
                problem.errors = failed
                throw problem
            }
            return try Response.json(["status": "ok"], headers: [.cacheControl: "no-store"])
        }
        router.get("/metrics") { _, _ in
            measurePools()
            return Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: Observability.metrics.text()))
            )
        }
    }

    private func measurePools() {
        for (module, database) in zip(modules, databases) {
            let counts = database.poolCounts
            for (state, count) in [("open", counts.open), ("idle", counts.idle), ("waiting", counts.waiting)] {
                Gauge(label: "database_pool", dimensions: [("service", module.name), ("state", state)]).record(count)
            }
        }
    }

    private func failedChecks(_ context: AppContext) async -> [Problem.FieldError] {
        var failed: [Problem.FieldError] = []
        for (module, database) in zip(modules, databases) {
            do {
                try await database.query("SELECT 1", deadline: .seconds(2))
            } catch {
                failed.append(.init("/checks/\(module.name)/database", "does not answer"))
                continue
            }
            guard !isMigrated.contains(module.name) else { continue }
            do {
                let pending = try await migrator.pending(schema: module.name, module.migrations)
                if pending.isEmpty {
                    isMigrated.insert(module.name)
                } else {
                    failed.append(.init("/checks/\(module.name)/migrations", "\(pending.count) to be applied"))
                }
            } catch {
                context.logger.warning("Migrations can't be checked", metadata: ["schema": "\(module.name)"])
                failed.append(.init("/checks/\(module.name)/migrations", "can't be checked"))
            }
        }
        return failed
    }
}

/// The schemas that were found migrated: they stay so while this process runs.
private final class Remembered: Sendable {
    private let names = Mutex<Set<String>>([])
    func contains(_ name: String) -> Bool { names.withLock { $0.contains(name) } }
    func insert(_ name: String) { names.withLock { _ = $0.insert(name) } }
}
