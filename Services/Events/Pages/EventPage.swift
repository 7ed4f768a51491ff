import Domain
import Foundation
import ServiceKit

/// The public page of one event.
struct EventPage: Sendable {
    let t: [String: String]
    let languages: [Reader.LanguageLink]
    let title: String
    let kind: String
    let facts: [Fact]
    let paragraphs: [String]
    let figures: [Fact]
    let notice: String?
    let form: FormModel?

    init(
        _ event: EventRecord,
        path: String,
        form: RegistrationForm = .init(),
        invalid: [RegistrationForm.Field] = [],
        reader: Reader,
        views: PageViews,
        now: Date = .now
    ) {
        let it = event.definition
        let language = reader.language
        let strings = views.strings
        t = views.texts(language)
        languages = reader.languages
        title = it.title[language]
        kind = views.kind(it.kind, language)
        facts = views.facts(it, language)
        paragraphs = (it.description?[language] ?? "").split(whereSeparator: \.isNewline).map(String.init)
        let free = Fact(label: strings("placesLeft", language), value: views.count(event.places.free, language))
        let waiting = Fact(
            label: strings("waitingLength", language),
            value: views.count(event.places.waiting, language)
        )
        figures = event.places.waiting > 0 ? [free, waiting] : [free]
        func time(_ date: Date) -> String { LocalizedTime.dateTime(date, it.timeZone, language) }
        do throws(RegistrationRefusal) {
            try it.window.check(at: now)
            notice = it.window.closes.map { strings("closesAt", language, ["time": time($0)]) }
            self.form = FormModel(
                form,
                invalid: invalid,
                event: event,
                action: "\(path)?lang=\(language)",
                views: views,
                language: language
            )
        } catch {
            self.form = nil
            switch error {
            case .notOpenYet: notice = it.window.opens.map { strings("opensAt", language, ["time": time($0)]) }
            case .closed: notice = strings("closed", language)
            }
        }
    }
}

/// After a second registration with one address.
struct AlreadyPage: Sendable {
    let t: [String: String]
    let languages: [Reader.LanguageLink]
    let language: String
    let eventPath: String

    init(eventPath: String, reader: Reader, views: PageViews) {
        t = views.texts(reader.language)
        languages = reader.languages
        language = reader.language.description
        self.eventPath = eventPath
    }
}

/// The events of a tenant.
struct EventsPage: Sendable {
    struct Item: Sendable {
        let href, title, time, venue: String
    }

    struct Group: Sendable {
        let heading: String
        let events: [Item]
    }

    let t: [String: String]
    let languages: [Reader.LanguageLink]
    let language: String
    let title: String
    let groups: [Group]
    let isEmpty: Bool

    /// Precondition: `events` are the latest first.
    init(
        _ events: [EventRecord],
        tenant: AccessStore.TenantRecord,
        reader: Reader,
        views: PageViews,
        now: Date = .now
    ) {
        let language = reader.language
        t = views.texts(language)
        languages = reader.languages
        self.language = language.description
        title = views.strings("eventsOf", language, ["tenant": tenant.name[language]])
        isEmpty = events.isEmpty
        func item(_ event: EventRecord) -> Item {
            let it = event.definition
            return Item(
                href: event.path(tenantSlug: tenant.slug),
                title: it.title[language],
                time: LocalizedTime.interval(from: it.startsAt, to: it.endsAt, it.timeZone, language),
                venue: it.venue[language]
            )
        }
        let coming = events.filter { $0.definition.endsAt > now }.reversed().map(item)
        let past = events.filter { $0.definition.endsAt <= now }.map(item)
        groups = [("upcoming", coming), ("past", past)].compactMap { key, items in
            items.isEmpty ? nil : Group(heading: views.strings(key, language), events: items)
        }
    }
}
