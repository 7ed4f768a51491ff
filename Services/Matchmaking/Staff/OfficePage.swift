import Domain
import Foundation
import ServiceKit

/// A cohort's office. What its template shows as it is stands in `words`.
struct OfficePage: Sendable {
    struct Figure: Sendable {
        let label: String
        let value: Int
    }

    struct Run: Sendable {
        let id: String
        let name: String
        let placed: Int
        let unplaced: Int
        let blockingPairs: Int
        let state: String
        let kind: String
        let report: String
        let seatValues: String
    }

    struct File: Sendable {
        let url: String
        let name: String
        let state: String
    }

    struct Export: Sendable {
        let name: String
        let csv: String
        let jsonLines: String
    }

    struct Change: Sendable {
        let time: String
        let actor: String
        let action: String
        let details: String
    }

    struct Option: Sendable {
        let value: String
        let name: String
    }

    struct Kind: Sendable {
        let value: String
        let name: String
        let columns: String
    }

    struct Forms: Sendable {
        let home: String
        let query: String
        let version: Int
        let mayRemind: Bool
        let contacts: [Option]
        let mayInvite: Bool
        let mayMoveDeadline: Bool
        /// As the host's clocks show it.
        let deadline: String
        let mayRun: Bool
        let mayCloseEarly: Bool
        let maySupplement: Bool
        let publishable: [Run]
        let mayPublish: Bool
        let mayCompare: Bool
        let kinds: [Kind]
    }

    let frame: StaffFrame
    let words: [String: String]
    let notice: Notice?
    let state: String
    let link: String
    let deadline: String
    let figures: [Figure]
    let waiting: WaitingMembers
    let runs: [Run]
    let hasRuns: Bool
    let forms: Forms
    let files: [File]
    let hasFiles: Bool
    let exports: [Export]
    let changes: [Change]
    let links: [Link]
}

extension OfficePage {
    init(_ view: OfficeView, _ session: StaffSession, notice: Notice?) {
        let cohort = view.record.cohort
        frame = StaffFrame(session, title: session.text("staff.title", ["cohort": cohort.title[session.language]]))
        words = session.pages.strings.words("staff.", session.language)
            .merging(session.pages.strings.words("round.", session.language)) { own, _ in own }
            .merging(["blockingPairs": session.text("round.proof.blockingPairs")]) { own, _ in own }
        self.notice = notice
        state = session.text("staff.state.\(cohort.state.rawValue)")
        link = session.text(
            "staff.link",
            ["name": session.link.name.description, "time": session.time(session.link.expiresAt)]
        )
        deadline = session.text("staff.deadline", ["time": session.time(cohort.rankingDeadline)])
        figures = [
            Figure(label: session.text("staff.universities"), value: view.counts.universities),
            Figure(label: session.text("staff.firms"), value: view.counts.firms),
            Figure(label: session.text("staff.places"), value: view.counts.places),
            Figure(label: session.text("staff.applicants"), value: view.counts.applicants),
        ]
        waiting = WaitingMembers(view.waiting, under: cohort.rules, session)
        runs = view.rounds.map { Run($0, session) }
        hasRuns = !runs.isEmpty
        forms = Forms(view, session)
        files = view.imports.map { record in
            let values = ["kind": session.text("import.kind.\(record.kind)"), "time": session.time(record.createdAt)]
            return File(
                url: session.url("/imports/\(record.id)"),
                name: session.text("import.title", values),
                state: session.text(record.appliedAt == nil ? "staff.previewed" : "staff.applied")
            )
        }
        hasFiles = !files.isEmpty
        exports = ExportRoutes.names.map { name in
            Export(
                name: session.text("staff.export.\(name)"),
                csv: "\(session.home)/exports/\(name).csv",
                jsonLines: "\(session.home)/exports/\(name).jsonl"
            )
        }
        changes = view.changes.map { entry in
            Change(
                time: session.time(entry.at),
                actor: entry.actor,
                action: entry.action,
                details: ExportStore.text(entry.after)
            )
        }
        let now = Date()
        links = view.links.map { Link($0, session, at: now) }
    }
}

extension OfficePage.Run {
    fileprivate init(_ round: StoredRound, _ session: StaffSession) {
        let record = round.record
        id = record.id.description
        name = session.name(of: record)
        placed = record.placed
        unplaced = record.unplaced
        blockingPairs = record.blockingPairs
        state = session.text(round.publishedAt == nil ? "staff.tentative" : "staff.published")
        kind = round.publishedAt == nil ? "warn" : "good"
        report = session.url("/rounds/\(record.id)/report")
        seatValues = session.url("/rounds/\(record.id)/seat-values")
    }
}

extension OfficePage.Forms {
    fileprivate init(_ view: OfficeView, _ session: StaffSession) {
        let cohort = view.record.cohort
        let published = Set(view.rounds.filter { $0.publishedAt != nil }.map(\.record.number))
        home = session.home
        query = session.url().hasPrefix("\(session.home)?") ? String(session.url().dropFirst(session.home.count)) : ""
        version = cohort.version
        mayRemind = !view.waiting.members.isEmpty
        contacts = view.contacts.map {
            .init(value: $0.member.field, name: "\($0.name[session.language]) – \($0.recipient.name)")
        }
        mayInvite = !contacts.isEmpty && cohort.state != .draft && cohort.state != .closed
        mayMoveDeadline = cohort.state.isJoining
        deadline = LocalTime(cohort.rankingDeadline, in: session.tenant.timeZone).description
        mayRun = published.isEmpty
        mayCloseEarly = cohort.isRanking(at: Date())
        maySupplement = !published.isEmpty
        publishable = view.rounds.filter { !published.contains($0.record.number) }.map { .init($0, session) }
        mayPublish = !publishable.isEmpty
        mayCompare = view.rounds.count > 1
        kinds = ImportKind.allCases.map { kind in
            let name = session.text("import.kind.\(kind)")
            let values = ["kind": name, "columns": kind.columns.joined(separator: ", ")]
            return .init(value: kind.rawValue, name: name, columns: session.text("import.columns", values))
        }
    }
}
