import Domain

/// An event as the API shows it.
struct EventView: Encodable, Sendable {
    let id: EventID
    let slug: Slug
    let kind: EventKind
    let title: LocalizedText
    let venue: LocalizedText
    let description: LocalizedText?
    let startsAt: LocalTime
    let endsAt: LocalTime
    let timeZone: TimeZoneID
    let capacity: Capacity
    let registrationOpensAt: LocalTime?
    let registrationClosesAt: LocalTime?
    let version: Int
    let page: String
    /// For staff only.
    let registrationsPage: String?

    init(_ event: EventRecord, page: String, registrationsPage: String?) {
        let it = event.definition
        id = event.id
        slug = it.slug
        kind = it.kind
        title = it.title
        venue = it.venue
        description = it.description
        startsAt = LocalTime(it.startsAt, in: it.timeZone)
        endsAt = LocalTime(it.endsAt, in: it.timeZone)
        timeZone = it.timeZone
        capacity = it.capacity
        registrationOpensAt = it.window.opens.map { LocalTime($0, in: it.timeZone) }
        registrationClosesAt = it.window.closes.map { LocalTime($0, in: it.timeZone) }
        version = event.version
        self.page = page
        self.registrationsPage = registrationsPage
    }
}

/// The counts of an event's registrations.
struct SummaryView: Encodable, Sendable {
    let confirmed: Int
    let waiting: Int
    let cancelled: Int
    let promoted: Int
    let capacity: Int

    init(_ places: Places) {
        confirmed = places.confirmed
        waiting = places.waiting
        cancelled = places.cancelled
        promoted = places.promoted
        capacity = places.capacity.count
    }
}
