import Foundation
public import Hummingbird
public import Messaging
public import Postgres
public import ServiceKit

/// Cohorts of applicants and firms, what both sides rank, and the rounds that match them.
public struct MatchmakingService: ServiceModule {
    public static let name = "matchmaking"
    public static let migrations = Migrations.all

    private let environment: ServiceEnvironment
    private let pages: PersonalPages
    private let description: DescriptionRoute

    public init(environment: ServiceEnvironment) throws {
        self.environment = environment
        pages = try PersonalPages(bundle: .module)
        description = try DescriptionRoute()
    }

    public var messageRouters: [MessageRouter] { [OfferHandlers().router] }

    public func addRoutes(to router: Router<AppContext>) {
        let database = environment.database
        let links = PersonalLinks(signer: environment.links, publicURL: environment.publicURL)
        let api = router.group("matchmaking/api")
        description.add(to: api)
        pages.orderScript.add(to: router)
        CohortRoutes(database: database).add(to: api)
        StepRoutes(database: database).add(to: api)
        RuleRoutes(database: database).add(to: api)
        MemberRoutes(database: database).add(to: api)
        PositionRoutes(database: database).add(to: api)
        CandidateRoutes(database: database, links: links).add(to: api)
        GroupRoutes(database: database).add(to: api)
        NominationRoutes(database: database, links: links).add(to: api)
        RankingRoutes(database: database).add(to: api)
        RoundRoutes(database: database, links: links).add(to: api)
        PlacementRoutes(database: database, links: links).add(to: api)
        WithdrawalRoutes(database: database, links: links).add(to: api)
        InvitationRoutes(database: database).add(to: api)
        ReminderRoutes(database: database).add(to: api)
        OfferRoutes(database: database).add(to: api)
        AuditRoutes(database: database).add(to: api)
        ImportRoutes(database: database, pages: pages).add(to: api)
        ComparisonRoutes(database: database).add(to: api)
        StaffLinkRoutes(database: database, links: links).add(to: api)
        ExportRoutes(database: database).add(to: api)
        let personal = router.group("matchmaking/l")
        let office = StaffRoutes(database: database, access: environment.access, links: links, pages: pages)
        office.add(to: personal)
        PersonalRoutes(database: database, access: environment.access, links: links, pages: pages, office: office)
            .add(to: personal)
    }
}

/// Where the service's templates, texts and description are.
enum ResourceFolder {
    static var url: URL { Bundle.module.bundleURL.appending(path: "Resources") }
}
