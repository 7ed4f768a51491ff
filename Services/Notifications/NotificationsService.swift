import Foundation
public import Hummingbird
import Logging
public import Messaging
public import Postgres
public import ServiceKit
public import ServiceLifecycle

/// Tells people by mail what happened in the other services, and shows staff the queue's state.
public struct NotificationsService: ServiceModule {
    public static let name = "notifications"
    public static let migrations: [Migration] = NotificationsMigrations.all
    public static let configurationKeys = NotificationsSettings.keys

    private let environment: ServiceEnvironment
    private let settings: NotificationsSettings
    private let store: OutgoingStore
    private let composer: MailComposer
    private let pages: QueuePages

    public init(environment: ServiceEnvironment) throws {
        self.environment = environment
        settings = try NotificationsSettings(environment.configuration)
        store = OutgoingStore(database: environment.database)
        let strings = try Self.strings()
        composer = MailComposer(
            writer: try MailWriter(strings: strings),
            links: environment.links,
            publicURL: environment.publicURL,
            sender: settings.sender,
            replyTo: settings.replyTo
        )
        pages = QueuePages(
            inspector: QueueInspector(database: environment.database),
            store: store,
            access: environment.access,
            links: environment.links,
            renderer: try PageRenderer(bundle: .module),
            strings: strings
        )
    }

    static func strings() throws -> Strings { try Strings(bundle: .module) }

    public func addRoutes(to router: Router<AppContext>) {
        OutgoingRoutes(store: store).add(to: router)
        pages.add(to: router)
    }

    public var messageRouters: [MessageRouter] {
        OutgoingHandlers(store: store, domain: settings.sender.domain).routers
    }

    public var backgroundServices: [any Service] {
        guard let endpoint = settings.endpoint else {
            environment.logger.warning("smtp.url is not set: mails wait until it is")
            return []
        }
        var options = Mailer.Options()
        options.lanes = settings.lanes
        return [
            Mailer(
                endpoint: endpoint,
                store: store,
                composer: composer,
                access: environment.access,
                options: options,
                logger: environment.logger
            )
        ]
    }
}
