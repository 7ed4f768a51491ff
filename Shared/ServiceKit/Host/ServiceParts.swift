import Configuration
public import Hummingbird
import Logging
public import Messaging
import NIOCore
public import Postgres
public import ServiceLifecycle

/// A host's parts, wired together but not running: for `ServiceHost.run`, and for tests that run some of them.
public struct ServiceParts: Sendable {
    /// One for each module, in their order, connected as its role.
    public let databases: [Database]
    public let consumers: [Consumer]
    public let backgroundServices: [any Service]
    /// Without services of its own.
    public let application: Application<RouterResponder<AppContext>>
}

extension ServiceHost {
    public func assemble(onRunning: (@Sendable (Int) async -> Void)? = nil) throws -> ServiceParts {
        let databases = modules.map(database(for:))
        let access = AccessStore(database: databases[0])
        let links = LinkSigner(database: databases[0])
        let running = try zip(modules, databases).map { type, database in
            let module = try type.init(
                environment: ServiceEnvironment(
                    database: database,
                    configuration: configuration,
                    access: access,
                    links: links,
                    logger: logger.naming(type.name),
                    publicURL: settings.publicURL
                )
            )
            return (module: module, database: database)
        }
        let consumers = running.filter { !$0.module.messageRouters.isEmpty }.map {
            Consumer(database: $0.database, routers: $0.module.messageRouters, logger: logger)
        }
        let schedulers = running.filter { !$0.module.schedules.isEmpty }.map {
            Scheduler(database: $0.database, schedules: $0.module.schedules, logger: logger)
        }
        let router = try router(access: access, databases: databases, modules: running.map(\.module))
        let application = Application(
            router: router,
            // A client that says nothing for so long is let go.
            server: .http1(configuration: .init(idleTimeout: .seconds(60))),
            configuration: .init(address: .hostname(settings.host, port: settings.port), serverName: nil),
            onServerRunning: { channel in await onRunning?(channel.localAddress?.port ?? settings.port) },
            logger: logger
        )
        return ServiceParts(
            databases: databases,
            consumers: consumers,
            backgroundServices: running.flatMap { $0.module.backgroundServices } + schedulers,
            application: application
        )
    }

    private func database(for module: any ServiceModule.Type) -> Database {
        var configuration = Database.Configuration(url: settings.databaseURL, role: settings.role ?? module.role)
        configuration.listenerURL = settings.listenerURL
        configuration.maximumConnections = settings.poolSize
        configuration.preparesStatements = settings.preparesStatements
        configuration.applicationName = module.role
        return Database(configuration: configuration, logger: logger)
    }

    private func router(
        access: AccessStore,
        databases: [Database],
        modules running: [any ServiceModule]
    ) throws -> Router<AppContext> {
        let router = Router(context: AppContext.self, options: .autoGenerateHeadEndpoints)
        let routes = RouteTable()
        router.add(middleware: TraceRequests())
        router.add(middleware: ObserveRequests())
        router.add(middleware: TellProblems(pages: try ProblemPages(), routes: routes))
        router.add(middleware: Authenticate(access: access))
        router.add(middleware: BufferedBodies())
        let health = HealthRoutes(
            modules: modules,
            databases: databases,
            migrator: Migrator(url: settings.databaseURL, logger: logger)
        )
        health.add(to: router)
        Stylesheet.asset.add(to: router)
        for module in running { module.addRoutes(to: router) }
        for addRoutes in extraRoutes { addRoutes(router) }
        routes.read(router)
        return router
    }
}

extension Logger {
    fileprivate func naming(_ service: String) -> Logger {
        var logger = self
        logger[metadataKey: "service"] = "\(service)"
        return logger
    }
}

extension ServiceModule {
    /// The role that the service's connections take on.
    static var role: String { "tradewind_\(name)" }
}
