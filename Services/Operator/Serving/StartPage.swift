import Domain
import Hummingbird
import Logging
import Postgres
import ServiceKit
import Synchronization

/// The page at `/`, which leads to the tenants' pages. It is only there where all services share one port.
final class StartPage: Sendable {
    /// Logs in as the owner: services may not list tenants.
    let database: Database
    private let pages: PageRenderer
    /// The pages of a play, staff's among them.
    private let places = Mutex<[DemoLinks.Place]>([])

    private struct Model: Sendable {
        struct Tenant: Sendable {
            let slug: String
            let name: String
        }
        let tenants: [Tenant]
        let isEmpty: Bool
        let hasPlaces: Bool
        let places: [DemoLinks.Place]
    }

    init(access: DatabaseAccess) throws {
        var configuration = Database.Configuration(url: access.url)
        configuration.maximumConnections = 2
        configuration.applicationName = "tradewind start page"
        database = Database(configuration: configuration, logger: Logger(label: "start page"))
        pages = try PageRenderer(bundle: .module)
    }

    /// Leads to these pages as well, from now on.
    func show(_ links: DemoLinks) {
        places.withLock { $0 = links.places }
    }

    func addRoutes(to router: Router<AppContext>) {
        router.get("/") { [self] request, _ in
            let language = Strings.negotiate(request.headers[.acceptLanguage], default: .english)
            let tenants = try await TenantList(database: database).all()
            let places = places.withLock(\.self)
            return try pages.page(
                "start",
                Model(
                    tenants: tenants.map { .init(slug: $0.slug, name: $0.name[language]) },
                    isEmpty: tenants.isEmpty,
                    hasPlaces: !places.isEmpty,
                    places: places
                ),
                title: "Tradewind",
                language: language,
                isPersonal: false
            )
        }
    }
}
