public import Hummingbird
public import Postgres
public import ServiceKit

public struct EventsService: ServiceModule {
    public static let name = "events"
    public static let migrations: [Migration] = []

    public init(environment: ServiceEnvironment) throws {}

    public func addRoutes(to router: Router<AppContext>) {}
}
