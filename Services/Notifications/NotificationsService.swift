public import Hummingbird
public import Postgres
public import ServiceKit

public struct NotificationsService: ServiceModule {
    public static let name = "notifications"
    public static let migrations: [Migration] = []

    public init(environment: ServiceEnvironment) throws {}

    public func addRoutes(to router: Router<AppContext>) {}
}
