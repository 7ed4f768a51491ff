import Foundation
import HTTPTypes
public import Hummingbird
import NIOCore
public import Postgres
public import ServiceKit

/// Events, registrations and waiting lists.
public struct EventsService: ServiceModule {
    public static let name = "events"
    public static let migrations: [Migration] = [.eventsAndRegistrations]

    private let events: EventRoutes
    private let registrations: RegistrationRoutes
    private let publicPages: PublicPages
    private let personalPages: PersonalPages
    private let staffPages: StaffPages
    private let links: LinkSigner
    private let description: ByteBuffer

    public init(environment: ServiceEnvironment) throws {
        links = environment.links
        let addresses = Addresses(environment: environment)
        let views = try PageViews()
        events = EventRoutes(environment: environment, addresses: addresses)
        registrations = RegistrationRoutes(environment: environment, addresses: addresses)
        publicPages = PublicPages(environment: environment, addresses: addresses, views: views)
        personalPages = PersonalPages(environment: environment, addresses: addresses, views: views)
        staffPages = StaffPages(environment: environment, addresses: addresses, views: views)
        let file = Bundle.module.bundleURL.appending(path: "Resources/openapi.yaml")
        description = ByteBuffer(bytes: try Data(contentsOf: file))
    }

    public func addRoutes(to router: Router<AppContext>) {
        let api = router.group("events/api")
        api.get("openapi.yaml") { [description] _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "application/yaml"],
                body: .init(byteBuffer: description)
            )
        }
        events.add(to: api)
        registrations.add(to: api)
        let pages = router.group("events")
        pages.get("l/{link}", use: openLink)
        personalPages.add(to: pages)
        publicPages.add(to: pages)
    }

    /// One address for all that a link may open.
    @Sendable private func openLink(_ request: Request, _ context: AppContext) async throws -> Response {
        let text = context.parameters.get("link") ?? ""
        let link = try await links.verify(text, purpose: Addresses.registration, Addresses.registrations)
        return link.purpose == Addresses.registration
            ? try await personalPages.show(request, context, link)
            : try await staffPages.show(request, context, link)
    }
}
