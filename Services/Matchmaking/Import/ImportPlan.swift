import Domain
import Foundation
import Postgres

/// What a file would change in a cohort as it is now.
struct ImportPlan<Entry: ImportEntry>: Sendable {
    let file: ImportFile<Entry>
    let new: [Stored<Entry>]
    let changed: [Stored<Entry>]
    /// Who is written to from now on.
    let contacts: [(member: CohortMember, recipient: Recipient)]

    static func read(
        _ bytes: [UInt8],
        for store: ImportStore,
        under rules: CohortRules,
        in tx: borrowing Transaction
    ) async throws -> Self {
        var file = ImportFile<Entry>(bytes)
        let universities = try await store.universities(in: tx)
        file.check(universities: Set(universities.keys), rules.eligibility)
        let stored = try await Entry.stored(in: store, tx)
        return Self(file, stored)
    }

    private init(_ file: ImportFile<Entry>, _ stored: [String: Stored<Entry>]) {
        var (new, changed): ([Stored<Entry>], [Stored<Entry>]) = ([], [])
        var contacts: [(member: CohortMember, recipient: Recipient)] = []
        for row in file.rows {
            let old = stored[row.entry.key]
            if old?.hasLeft == true { continue }
            let entry = old.map { row.entry.keeping($0.entry) } ?? row.entry
            let id = old?.id ?? ID<Entry>().uuid
            if old == nil { new.append(Stored(id: id, entry: entry)) }
            if let old, old.entry != entry { changed.append(Stored(id: id, entry: entry)) }
            if let contact = entry.contact, contact != old?.entry.contact {
                contacts.append((Entry.member(id), contact))
            }
        }
        self.contacts = contacts
        self.file = file
        self.new = new
        self.changed = changed
    }

    var summary: ImportSummary {
        let faults = file.faults
        return ImportSummary(
            isReadable: file.headerFaults.isEmpty,
            new: new.count,
            changed: changed.count,
            same: file.rows.count - new.count - changed.count,
            faulty: file.faultyRows.count,
            faultCount: faults.count,
            faults: Array(faults.prefix(ImportSummary.maximumFaults))
        )
    }

    /// The faulty rows as a file that can be mended and sent; `nil` where there are none.
    func faultyRows(_ text: (ImportFault) -> String) throws -> String? {
        guard !file.faultyRows.isEmpty else { return nil }
        let kept = file.header.indices.filter { !ImportColumns.ignored.contains(file.header[$0]) }
        let table = ExportTable(
            columns: ["line", "faults"] + kept.map { file.header[$0] },
            rows: file.faultyRows.map { row in
                let fields = row.record.fields.map(\.text)
                // A row of another length is shown as it is.
                let values = fields.count == file.header.count ? kept.map { fields[$0] } : fields
                return ["\(row.record.line)", row.faults.map(text).joined(separator: " ")] + values
            }
        )
        return try table.text(.csv)
    }
}

/// What a file would change, in figures, and what is wrong with it.
struct ImportSummary: Codable, Sendable, Hashable {
    /// Of all faults, the first so many are listed; the file of faulty rows has every one.
    static let maximumFaults = 1000

    /// Whether the columns are in order.
    let isReadable: Bool
    let new: Int
    let changed: Int
    let same: Int
    let faulty: Int
    let faultCount: Int
    let faults: [ImportFault]
}
