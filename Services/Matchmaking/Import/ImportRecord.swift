import Domain
import Foundation
import ServiceKit

enum ImportSubject {}
typealias ImportID = ID<ImportSubject>

/// A file that was sent: what it would change, and whether it was applied.
struct ImportRecord: Sendable {
    let id: ImportID
    let cohort: CohortID
    let kind: ImportKind
    let createdAt: Date
    /// The cohort's, for which the summary holds.
    let cohortVersion: Int
    /// SHA-256 of the file.
    let hash: String
    let summary: ImportSummary
    var appliedAt: Date?
}

/// The file itself, for as long as it is kept.
struct ImportContent: Sendable {
    let file: [UInt8]?
    /// The faulty rows with their faults, as CSV.
    let faultyRows: [UInt8]?
}

/// An import as staff read it.
struct ImportBody: Encodable, Sendable {
    struct Fault: Encodable, Sendable {
        let line: Int
        let column: Int
        let code: ImportFault.Kind
        let detail: String
    }

    enum State: String, Encodable, Sendable { case previewed, applied }

    let id: ImportID
    let cohort: CohortID
    let kind: ImportKind
    let state: State
    let sha256: String
    let readable: Bool
    let new: Int
    let changed: Int
    let same: Int
    let faulty: Int
    let faultCount: Int
    let faults: [Fault]
    let createdAt: Date
    let appliedAt: Date?

    init(_ record: ImportRecord, _ pages: PersonalPages) {
        let summary = record.summary
        id = record.id
        cohort = record.cohort
        kind = record.kind
        state = record.appliedAt == nil ? .previewed : .applied
        sha256 = record.hash
        readable = summary.isReadable
        new = summary.new
        changed = summary.changed
        same = summary.same
        faulty = summary.faulty
        faultCount = summary.faultCount
        faults = summary.faults.map { fault in
            Fault(line: fault.line, column: fault.column, code: fault.kind, detail: fault.text(pages, .english))
        }
        createdAt = record.createdAt
        appliedAt = record.appliedAt
    }
}

struct NewApplication: ClosedBody {
    enum CodingKeys: String, CodingKey, CaseIterable { case setAside }

    /// Whether faulty rows are left out; else there must be none.
    let setAside: Bool?
}
