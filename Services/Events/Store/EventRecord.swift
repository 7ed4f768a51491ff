import Domain
import Foundation

/// What staff decide about an event.
struct EventDefinition: Sendable {
    let slug: Slug
    let kind: EventKind
    let title: LocalizedText
    let venue: LocalizedText
    let description: LocalizedText?
    let startsAt: Date
    let endsAt: Date
    let timeZone: TimeZoneID
    let window: RegistrationWindow
    let capacity: Capacity
}

/// An event as it is stored.
struct EventRecord: Sendable {
    let id: EventID
    let definition: EventDefinition
    /// Rises with each change of the definition, not with registrations.
    let version: Int
    var places: Places

    func path(tenantSlug: String) -> String { "/events/\(tenantSlug)/\(definition.slug)" }

    func facts(tenantSlug: String) -> EventFacts {
        EventFacts(
            id: id,
            path: path(tenantSlug: tenantSlug),
            title: definition.title,
            startsAt: definition.startsAt,
            endsAt: definition.endsAt,
            timeZone: definition.timeZone,
            venue: definition.venue
        )
    }
}
