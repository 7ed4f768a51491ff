import Crypto
import Domain
import Foundation
import HTTPTypes
import Messaging
import Postgres
import ServiceKit

/// Takes files of universities, firms and students: first to look at what they would change, then to change it.
struct ImportDesk: Sendable {
    static let maximumRows = 20_000

    let tenant: TenantID
    let actor: Author
    let pages: PersonalPages

    /// Keeps a file and tells what it would change. Nothing of the cohort changes yet.
    func preview(
        _ bytes: [UInt8],
        of kind: ImportKind,
        for cohort: CohortID,
        language: LanguageTag = .english,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws -> ImportRecord {
        // No change between the cohort's version and what the plan reads.
        let current = try await CohortStore(tenant: tenant).find(cohort, .share, in: tx).cohort
        let (summary, faultyRows) =
            switch kind {
            case .universities: try await look(UniversityEntry.self, bytes, current, language, in: tx)
            case .firms: try await look(FirmEntry.self, bytes, current, language, in: tx)
            case .students: try await look(StudentEntry.self, bytes, current, language, in: tx)
            }
        let record = ImportRecord(
            id: ImportID(),
            cohort: cohort,
            kind: kind,
            createdAt: now,
            cohortVersion: current.version,
            hash: SHA256.hash(data: bytes).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined(),
            summary: summary
        )
        let content = ImportContent(file: bytes, faultyRows: faultyRows.map { Array($0.utf8) })
        try await ImportRecords(tenant: tenant).insert(record, content, in: tx)
        return record
    }

    private func look<Entry: ImportEntry>(
        _ type: Entry.Type,
        _ bytes: [UInt8],
        _ cohort: Cohort,
        _ language: LanguageTag,
        in tx: borrowing Transaction
    ) async throws -> (ImportSummary, faultyRows: String?) {
        let store = ImportStore(tenant: tenant, cohort: cohort.id)
        let plan = try await ImportPlan<Entry>.read(bytes, for: store, under: cohort.rules, in: tx)
        guard plan.file.rows.count + plan.file.faultyRows.count <= Self.maximumRows else {
            throw Problem.invalid(.init("", "must have at most \(Self.maximumRows) rows"))
        }
        return (plan.summary, try plan.faultyRows { $0.text(pages, language) })
    }

    /// Stores what was looked at, if the cohort is as it was then. To apply the same import again changes nothing.
    func apply(
        _ id: ImportID,
        of cohort: CohortID? = nil,
        settingAside: Bool,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws -> ImportRecord {
        let records = ImportRecords(tenant: tenant)
        var record = try await records.find(id, locks: true, in: tx)
        guard cohort == nil || cohort == record.cohort else { throw Problem.notFound("import") }
        guard record.appliedAt == nil else { return record }
        guard record.summary.isReadable else { throw Problem(ImportRefusal.unreadable) }
        guard record.summary.faulty == 0 || settingAside else { throw Problem(ImportRefusal.faulty) }
        let current = try await CohortStore(tenant: tenant).find(record.cohort, .update, in: tx).cohort
        guard current.version == record.cohortVersion else { throw Problem(ImportRefusal.changedMeanwhile) }
        guard let bytes = try await records.content(of: id, in: tx).file else { throw Problem(ImportRefusal.expired) }
        let invitations = InvitationDesk(tenant: tenant, actor: actor)
        switch record.kind {
        case .universities:
            let plan = try await store(UniversityEntry.self, bytes, record, current, at: now, in: tx)
            try invitations.tell(plan.contacts, of: current, in: tx)
        case .firms:
            let plan = try await store(FirmEntry.self, bytes, record, current, at: now, in: tx)
            try invitations.tell(plan.contacts, of: current, in: tx)
        case .students:
            let plan = try await store(StudentEntry.self, bytes, record, current, at: now, in: tx)
            // Those who come earlier are invited when ranking opens.
            if current.state == .ranking {
                try tx.publish(contentsOf: plan.new.map { RankingInvited(StudentEntry.applicant($0), to: current) })
            }
        }
        records.apply(id, at: now, in: tx)
        record.appliedAt = now
        return record
    }

    private func store<Entry: ImportEntry>(
        _ type: Entry.Type,
        _ bytes: [UInt8],
        _ record: ImportRecord,
        _ current: Cohort,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws -> ImportPlan<Entry> {
        let store = ImportStore(tenant: tenant, cohort: record.cohort)
        let plan = try await ImportPlan<Entry>.read(bytes, for: store, under: current.rules, in: tx)
        // Other rules may have come into force without a change of the cohort.
        guard plan.summary == record.summary else { throw Problem(ImportRefusal.changedMeanwhile) }
        guard !plan.new.isEmpty || !plan.changed.isEmpty else { return plan }
        _ = try await CohortStore(tenant: tenant).change(record.cohort, in: tx) { (cohort) throws(CohortRefusal) in
            if record.kind == .students, !plan.new.isEmpty {
                try cohort.nominate(at: now)
            } else {
                try cohort.extend()
            }
        }
        if !plan.new.isEmpty { try await Entry.insert(plan.new, in: store, tx) }
        if !plan.changed.isEmpty { try await Entry.update(plan.changed, in: store, tx) }
        AuditStore(tenant: tenant).add(AuditEntry(applied: record, plan, by: actor, at: now), in: tx)
        return plan
    }
}

extension AuditEntry {
    fileprivate init<Entry>(
        applied record: ImportRecord,
        _ plan: ImportPlan<Entry>,
        by actor: Author,
        at now: Date
    ) {
        self.init(
            .imported,
            of: record.cohort,
            by: actor,
            at: now,
            subject: record.id.uuid,
            after: [
                "kind": record.kind.rawValue, "sha256": record.hash, "setAside": "\(record.summary.faulty)",
                "new": plan.new.map(\.id.uuidString).joined(separator: " ").lowercased(),
                "changed": plan.changed.map(\.id.uuidString).joined(separator: " ").lowercased(),
            ]
        )
    }
}

/// Why a file is not stored.
enum ImportRefusal: String, Sendable {
    case unreadable = "import-unreadable"
    case faulty = "import-faulty"
    case changedMeanwhile = "changed-meanwhile"
    case expired = "import-expired"

    fileprivate var title: String {
        switch self {
        case .unreadable: "The file's columns are not in order; mend it and send it again"
        case .faulty: "Some rows are faulty; mend them, or set them aside"
        case .changedMeanwhile: "The cohort has changed since the file was looked at; send it again"
        case .expired: "The file is not kept any longer; send it again"
        }
    }
}

extension Problem {
    init(_ refusal: ImportRefusal) {
        let isPrecondition = refusal == .changedMeanwhile
        self.init(isPrecondition ? .preconditionFailed : .conflict, type: refusal.rawValue, title: refusal.title)
    }
}
