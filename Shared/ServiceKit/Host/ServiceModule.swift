public import Configuration
public import Hummingbird
public import Logging
public import Messaging
public import Postgres
public import ServiceLifecycle

/// A service of floor 4, so that it can run alone or beside others in one process.
public protocol ServiceModule: Sendable {
    /// Also its schema, its topic, its path (`/<name>`), and with `tradewind_` before it its role.
    static var name: String { get }
    static var migrations: [Migration] { get }
    static var configurationKeys: [ConfigurationKey] { get }

    init(environment: ServiceEnvironment) throws

    func addRoutes(to router: Router<AppContext>)
    var messageRouters: [MessageRouter] { get }
    /// What is due again and again; fired once for all replicas.
    var schedules: [Schedule] { get }
    /// What else runs as long as the service does.
    var backgroundServices: [any Service] { get }
}

extension ServiceModule {
    public static var configurationKeys: [ConfigurationKey] { [] }
    public var messageRouters: [MessageRouter] { [] }
    public var schedules: [Schedule] { [] }
    public var backgroundServices: [any Service] { [] }
}

/// A documented setting: `smtp.url` is read from `SMTP_URL`.
public struct ConfigurationKey: Sendable {
    public let key: String
    public let summary: String
    public let defaultValue: String?
    public let isSecret: Bool
    public init(_ key: String, _ summary: String, default defaultValue: String? = nil, isSecret: Bool = false) {
        self.key = key
        self.summary = summary
        self.defaultValue = defaultValue
        self.isSecret = isSecret
    }
}

/// What a service is given to work with.
public struct ServiceEnvironment: Sendable {
    /// Connected as the service's role.
    public let database: Database
    public let configuration: ConfigReader
    public let access: AccessStore
    public let links: LinkSigner
    public let logger: Logger
    /// Where people reach the pages, without a slash at the end: `https://programmes.example`.
    public let publicURL: String
    public init(
        database: Database,
        configuration: ConfigReader,
        access: AccessStore,
        links: LinkSigner,
        logger: Logger,
        publicURL: String
    ) {
        self.database = database
        self.configuration = configuration
        self.access = access
        self.links = links
        self.logger = logger
        self.publicURL = publicURL
    }
}
