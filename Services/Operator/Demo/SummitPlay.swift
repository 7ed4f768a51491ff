import Domain

/// Plays the summit: teams and attendees register until it is full, the rest waits, some cancel.
///
/// Every step looks at what is there first, so that it can be run again after it was broken off at any point.
struct SummitPlay: Sendable {
    struct Event: Decodable, Sendable {
        let id: String
        let slug: String
        let page: String
        let registrationsPage: String?
    }
    struct Summary: Decodable, Sendable {
        let confirmed: Int
        let waiting: Int
        let cancelled: Int
        let promoted: Int
    }
    struct Outcome: Sendable {
        let event: Event
        let summary: Summary
    }
    private struct Registration: Decodable, Sendable {
        let id: String
        let email: String
        let state: String
    }

    let facts: ProgrammeFacts
    let client: ProgrammeClient
    let progress: Progress
    private let api = "/events/api"

    init(facts: ProgrammeFacts, client: ProgrammeClient, progress: Progress) {
        self.facts = facts
        self.client = client
        self.progress = progress
    }

    func run() async throws -> Outcome {
        let event = try await progress.step("Making the summit") { try await ensureEvent() }
        let people = try Self.people(facts)
        try await progress.step("Registering teams and attendees", of: people.count) {
            try await register(people, for: event)
        }
        let cancelling = Self.cancelling(people, facts)
        try await progress.step("Cancelling, so that the waiting list moves up", of: cancelling.count) {
            try await cancel(cancelling, of: event)
        }
        let summary: Summary = try await client.get("\(api)/events/\(event.id)/summary")
        return Outcome(event: event, summary: summary)
    }

    /// The teams of the record first, then the attendees.
    static func people(_ facts: ProgrammeFacts) throws -> [GeneratedPerson] {
        let plan = facts.plan.summit
        var generator = PeopleGenerator(names: facts.names, random: SplitMix64(seed: facts.plan.seed))
        let local = facts.summit.teams?.local ?? 0
        let teamCount = local + (facts.summit.teams?.foreign ?? 0)
        let names = generator.teamNames(teamCount)
        let foreign = plan.economies.keys.filter { $0 != "TW" }.sorted()
        let teams = try (0..<teamCount).map { index in
            let economy = index < local ? "TW" : foreign[index % foreign.count]
            var person = try generator.person(economy: economy, number: index + 1, domain: "startups.example")
            person.teamName = names[index]
            return person
        }
        let attendees = try generator.people(plan.attendees, shares: plan.economies, domain: "visitors.example")
        return teams + attendees
    }

    /// Those who cancel are among the first, so that each of them has a place to give up.
    static func cancelling(_ people: [GeneratedPerson], _ facts: ProgrammeFacts) -> [GeneratedPerson] {
        var random = SplitMix64(seed: facts.plan.seed &+ 1)
        let early = people.prefix(facts.plan.summit.capacity * 9 / 10).filter { $0.teamName == nil }
        return random.sample(facts.plan.summit.cancellations, of: early)
    }

    private func ensureEvent() async throws -> Event {
        let plan = facts.plan.summit
        if let event = try await client.all("\(api)/events", as: Event.self).first(where: { $0.slug == plan.slug }) {
            return event
        }
        let date = facts.summit.date ?? ""
        let definition = EventDefinition(
            slug: plan.slug,
            kind: facts.summit.kind,
            title: plan.title,
            venue: plan.venue,
            description: plan.description,
            startsAt: date + plan.startsAt,
            endsAt: date + plan.endsAt,
            timeZone: facts.summit.timeZone,
            capacity: plan.capacity
        )
        return try await client.post("\(api)/events", definition, key: "demo-event-\(plan.slug)")
    }

    private func register(_ people: [GeneratedPerson], for event: Event) async throws {
        let present = try await Set(registrations(of: event).map(\.email))
        let missing = people.filter { !present.contains($0.email) }
        progress.advance(to: people.count - missing.count)
        try await forEach(missing, atOnce: 16) { person in
            let request = RegistrationRequest(
                party: person.teamName == nil ? "person" : "team",
                teamName: person.teamName,
                name: person.name,
                email: person.email,
                language: person.language,
                economy: person.economy
            )
            let _: Ignored = try await client.post(
                "\(api)/events/\(event.id)/registrations",
                request,
                key: "demo-registration-\(person.email)"
            )
            progress.advance()
        }
    }

    private func cancel(_ people: [GeneratedPerson], of event: Event) async throws {
        let emails = Set(people.map(\.email))
        let theirs = try await registrations(of: event).filter { emails.contains($0.email) }
        try await forEach(theirs, atOnce: 16) { registration in
            if registration.state != "cancelled" {
                let _: Ignored = try await client.post("\(api)/registrations/\(registration.id)/cancellation")
            }
            progress.advance()
        }
    }

    private func registrations(of event: Event) async throws -> [Registration] {
        try await client.all("\(api)/events/\(event.id)/registrations")
    }
}

private struct EventDefinition: Encodable {
    let slug: String
    let kind: String
    let title: LocalizedText
    let venue: LocalizedText
    let description: LocalizedText
    let startsAt: String
    let endsAt: String
    let timeZone: String
    let capacity: Int
}

private struct RegistrationRequest: Encodable {
    let party: String
    let teamName: String?
    let name: String
    let email: String
    let language: LanguageTag
    let economy: String
}
