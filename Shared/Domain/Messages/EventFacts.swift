public import Foundation

/// What a person has to know of an event to come to it: enough for a mail and a calendar entry.
public struct EventFacts: Hashable, Sendable, Codable {
    public let id: EventID
    /// The path of the public page below the public URL: `/events/kaohsiung/o2o-summit-2018`.
    public let path: String
    public let title: LocalizedText
    public let startsAt: Date
    public let endsAt: Date
    public let timeZone: TimeZoneID
    public let venue: LocalizedText

    public init(
        id: EventID,
        path: String,
        title: LocalizedText,
        startsAt: Date,
        endsAt: Date,
        timeZone: TimeZoneID,
        venue: LocalizedText
    ) {
        self.id = id
        self.path = path
        self.title = title
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.timeZone = timeZone
        self.venue = venue
    }
}
