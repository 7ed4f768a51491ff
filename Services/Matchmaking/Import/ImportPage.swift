import Domain
import Foundation
import ServiceKit

/// What a file would change, every fault, and the form that stores it.
struct ImportPage: Sendable {
    struct Figure: Sendable {
        let label: String
        let value: Int
    }

    struct Fault: Sendable {
        let line: Int
        let column: Int
        let text: String
    }

    struct Form: Sendable {
        let action: String
        let hasFaulty: Bool
    }

    static let maximumFaults = 200

    let frame: StaffFrame
    let words: [String: String]
    let notice: Notice?
    let figures: [Figure]
    /// How the file stands, where there is no form.
    let outcome: Notice?
    let faults: [Fault]
    let hasFaults: Bool
    let more: String?
    let download: String?
    let form: Form?
}

extension ImportPage {
    init(_ record: ImportRecord, _ session: StaffSession, notice: Notice?) {
        let summary = record.summary
        let values = ["kind": session.text("import.kind.\(record.kind)"), "time": session.time(record.createdAt)]
        frame = StaffFrame(session, title: session.text("import.title", values))
        words = session.pages.strings.words("import.", session.language)
        self.notice = notice
        figures = [
            Figure(label: session.text("import.new"), value: summary.new),
            Figure(label: session.text("import.changed"), value: summary.changed),
            Figure(label: session.text("import.same"), value: summary.same),
            Figure(label: session.text("import.faulty"), value: summary.faulty),
        ]
        faults = summary.faults.prefix(Self.maximumFaults).map { fault in
            Fault(line: fault.line, column: fault.column, text: fault.text(session.pages, session.language))
        }
        hasFaults = !faults.isEmpty
        let hidden = summary.faultCount - faults.count
        more = hidden > 0 ? session.text("import.more", ["count": "\(hidden)"]) : nil
        download = summary.faulty > 0 ? "\(session.home)/imports/\(record.id)/faulty-rows.csv" : nil
        let hasRows = summary.new + summary.changed > 0
        form =
            record.appliedAt == nil && summary.isReadable && hasRows
            ? Form(action: session.url("/imports/\(record.id)/application"), hasFaulty: summary.faulty > 0) : nil
        if let appliedAt = record.appliedAt {
            outcome = Notice(kind: "good", text: session.text("import.applied", ["time": session.time(appliedAt)]))
        } else if !summary.isReadable {
            outcome = Notice(kind: "bad", text: session.text("import.unreadable"))
        } else if !hasRows, summary.faulty == 0 {
            outcome = Notice(kind: "good", text: session.text("import.nothing"))
        } else {
            outcome = nil
        }
    }
}
