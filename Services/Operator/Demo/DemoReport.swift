/// What the demo came to, as `--json` prints it.
struct DemoReport: Sendable, Encodable {
    struct Registrations: Sendable, Encodable, Equatable {
        let confirmed: Int
        let waiting: Int
        let promoted: Int
    }
    struct Placements: Sendable, Encodable, Equatable {
        let placed: Int
        let unplaced: Int
        let blockingPairs: Int
    }
    struct Teams: Sendable, Encodable, Equatable {
        let placed: Int
        let unplaced: Int
        /// How many go with the placed teams.
        let students: Int
        let blockingPairs: Int
    }
    struct Mail: Sendable, Encodable, Equatable {
        let sent: Int
        let failed: Int
    }
    struct Queue: Sendable, Encodable, Equatable {
        let published: Int
        let handled: Int
        let dead: Int
        let pending: Int
    }

    let registrations: Registrations
    let placements: Placements
    let teams: Teams
    let mail: Mail
    let queue: Queue
    let seconds: Double

    /// What is not as it must be; empty if all is well.
    func faults(_ facts: ProgrammeFacts) -> [String] {
        let summit = facts.plan.summit
        let startups = (facts.summit.teams?.local ?? 0) + (facts.summit.teams?.foreign ?? 0)
        let people = startups + summit.attendees
        let students = facts.plan.talent.students
        // Recruiters are told when the alliance opens, when ranking begins and when lists are closed.
        let alliance = 2 * facts.alliance.students + teams.students + 3 * facts.alliance.tradingFirms
        // Each person is told at once, each who cancels and each who moves up once more; students twice, and of their
        // own answer.
        let mails = people + 2 * summit.cancellations + 2 * students + alliance
        func unless(_ holds: Bool, _ fault: String) -> String? { holds ? nil : fault }
        return [
            unless(registrations.confirmed == summit.capacity, "not every place of the summit is taken"),
            unless(
                registrations.waiting == people - summit.capacity - summit.cancellations,
                "the waiting list is not as long as it must be"
            ),
            unless(registrations.promoted == summit.cancellations, "not as many moved up as cancelled"),
            unless(placements.placed + placements.unplaced == students, "students are missing in the round"),
            unless(placements.placed == facts.talent.placesPerYear, "not every place at a firm is taken"),
            unless(placements.blockingPairs == 0, "the round is not stable"),
            unless(teams.placed + teams.unplaced == facts.alliance.teams, "teams are missing or were parted"),
            unless(teams.placed > 0, "no team is placed"),
            unless(teams.blockingPairs == 0, "the alliance's round is not stable"),
            unless(mail.sent == mails, "\(mail.sent) mails were sent, \(mails) were to be"),
            unless(mail.failed == 0, "mails failed"),
            unless(queue.dead == 0, "there are dead letters"),
            unless(queue.pending == 0, "messages are not handled yet"),
        ].compactMap(\.self)
    }

    var table: String {
        var table = Table("", "")
        table.add("Summit: places confirmed", registrations.confirmed.grouped)
        table.add("Summit: on the waiting list", registrations.waiting.grouped)
        table.add("Summit: moved up", registrations.promoted.grouped)
        table.add("Talent programme: students placed", placements.placed.grouped)
        table.add("Talent programme: without a place", placements.unplaced.grouped)
        table.add("Talent programme: blocking pairs", placements.blockingPairs.grouped)
        table.add("Alliance: teams placed", teams.placed.grouped)
        table.add("Alliance: teams without a place", teams.unplaced.grouped)
        table.add("Alliance: students who go with their teams", teams.students.grouped)
        table.add("Alliance: blocking pairs", teams.blockingPairs.grouped)
        table.add("Mails sent", mail.sent.grouped)
        table.add("Mails failed", mail.failed.grouped)
        table.add("Messages published", queue.published.grouped)
        table.add("Messages handled", queue.handled.grouped)
        table.add("Dead letters", queue.dead.grouped)
        table.add("Messages waiting", queue.pending.grouped)
        return String(table.text.drop { $0.isNewline })
    }
}
