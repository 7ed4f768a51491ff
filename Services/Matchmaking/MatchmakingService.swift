public import Foundation
public import Hummingbird
public import Postgres
public import ServiceKit

/// Cohorts of applicants and firms, what both sides rank, and the rounds that match them.
public struct MatchmakingService: ServiceModule {
    public static let name = "matchmaking"
    public static let migrations = Migrations.all

    private let environment: ServiceEnvironment
    private let now: @Sendable () -> Date
    private let pages: PersonalPages

    public init(environment: ServiceEnvironment) throws {
        try self.init(environment: environment, now: { Date() })
    }

    /// With a clock of the caller's, by which deadlines are judged.
    public init(environment: ServiceEnvironment, now: @escaping @Sendable () -> Date) throws {
        self.environment = environment
        self.now = now
        pages = try PersonalPages(environment: environment, now: now)
    }

    public func addRoutes(to router: Router<AppContext>) {
        let database = environment.database
        let links = PersonalLinks(signer: environment.links, publicURL: environment.publicURL)
        let api = router.group("matchmaking/api")
        CohortRoutes(database: database, now: now).add(to: api)
        MemberRoutes(database: database).add(to: api)
        NominationRoutes(database: database, links: links, now: now).add(to: api)
        RankingRoutes(database: database, now: now).add(to: api)
        RoundRoutes(database: database, links: links, now: now).add(to: api)
        PlacementRoutes(database: database, links: links, now: now).add(to: api)
        PersonalRoutes(pages: pages, signer: environment.links).add(to: router.group("matchmaking/l"))
    }
}
