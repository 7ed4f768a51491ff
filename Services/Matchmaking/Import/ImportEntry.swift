import Domain
import Foundation
import Postgres

/// What kinds of files there are.
enum ImportKind: String, Codable, Sendable, CaseIterable {
    case universities, firms, students

    /// What its first line names, as an example.
    var columns: [String] {
        switch self {
        case .universities: UniversityEntry.columns.all
        case .firms: FirmEntry.columns.all
        case .students: StudentEntry.columns.all
        }
    }
}

/// What a row of a file says.
protocol ImportEntry: Sendable, Hashable {
    static var columns: ImportColumns { get }
    static var keyColumn: String { get }
    /// By which a row is known again: no two rows of a file share it.
    var key: String { get }
    /// Whom to write to, where a row says so.
    var contact: Recipient? { get }
    /// The row as it is stored over what was there: what it does not say stays.
    func keeping(_ old: Self) -> Self
    static func member(_ id: UUID) -> CohortMember
    /// The column that names a university by its code, which the cohort must have.
    static var universityColumn: String? { get }

    init?(_ row: inout RowReader)

    /// What the cohort holds already, by key.
    static func stored(in store: ImportStore, _ tx: borrowing Transaction) async throws -> [String: Stored<Self>]
    static func insert(_ entries: [Stored<Self>], in store: ImportStore, _ tx: borrowing Transaction) async throws
    static func update(_ entries: [Stored<Self>], in store: ImportStore, _ tx: borrowing Transaction) async throws
}

extension ImportEntry {
    static var universityColumn: String? { nil }
    var contact: Recipient? { nil }
    func keeping(_ old: Self) -> Self { self }
}

/// An entry under its id.
struct Stored<Entry: Sendable>: Sendable {
    let id: UUID
    let entry: Entry
    /// What has left the cohort stays as it was.
    var hasLeft = false
}

struct UniversityEntry: ImportEntry {
    static let columns = ImportColumns(required: ["code"], hasNames: true, hasContact: true)
    static let keyColumn = "code"
    let code: Slug
    let name: LocalizedText
    let contact: Recipient?
    var key: String { code.description }

    func keeping(_ old: Self) -> Self { Self(code: code, name: name, contact: contact ?? old.contact) }
    static func member(_ id: UUID) -> CohortMember { CohortMember(UniversityID(id)) }
}

extension UniversityEntry {
    init?(_ row: inout RowReader) {
        let code: Slug? = row.value("code", orElse: .code)
        let name = row.names()
        let contact = row.contact()
        guard let code, let name else { return nil }
        self.init(code: code, name: name, contact: contact)
    }

    static func stored(
        in store: ImportStore,
        _ tx: borrowing Transaction
    ) async throws -> [String: Stored<UniversityEntry>] {
        try await store.universities(in: tx)
    }

    static func insert(
        _ entries: [Stored<UniversityEntry>],
        in store: ImportStore,
        _ tx: borrowing Transaction
    ) async throws {
        let universities = entries.map {
            University(
                id: UniversityID($0.id),
                code: $0.entry.code,
                name: $0.entry.name,
                contact: $0.entry.contact
            )
        }
        try await MemberStore(tenant: store.tenant).insert(universities, into: store.cohort, in: tx)
    }

    static func update(
        _ entries: [Stored<UniversityEntry>],
        in store: ImportStore,
        _ tx: borrowing Transaction
    ) async throws {
        try await store.update(entries, in: tx)
    }
}

struct FirmEntry: ImportEntry {
    static let columns = ImportColumns(required: ["code", "capacity"], hasNames: true, hasContact: true)
    static let keyColumn = "code"
    let code: Slug
    let name: LocalizedText
    let capacity: Int
    let contact: Recipient?
    var key: String { code.description }

    func keeping(_ old: Self) -> Self {
        Self(code: code, name: name, capacity: capacity, contact: contact ?? old.contact)
    }
    static func member(_ id: UUID) -> CohortMember { CohortMember(FirmID(id)) }
}

extension FirmEntry {
    init?(_ row: inout RowReader) {
        let code: Slug? = row.value("code", orElse: .code)
        let name = row.names()
        let capacity = row.number("capacity", in: 0...10_000, orElse: .capacity)
        let contact = row.contact()
        guard let code, let name, let capacity else { return nil }
        self.init(code: code, name: name, capacity: capacity, contact: contact)
    }

    static func stored(in store: ImportStore, _ tx: borrowing Transaction) async throws -> [String: Stored<FirmEntry>] {
        let firms = try await MemberStore(tenant: store.tenant).firms(of: store.cohort, in: tx)
        return Dictionary(
            uniqueKeysWithValues: firms.map { firm in
                let entry = FirmEntry(
                    code: firm.code,
                    name: firm.name,
                    capacity: firm.capacity,
                    contact: firm.contact
                )
                return (entry.key, Stored(id: firm.id.uuid, entry: entry, hasLeft: firm.withdrawnAt != nil))
            }
        )
    }

    static func insert(
        _ entries: [Stored<FirmEntry>],
        in store: ImportStore,
        _ tx: borrowing Transaction
    ) async throws {
        let firms = entries.map {
            Firm(
                id: FirmID($0.id),
                code: $0.entry.code,
                name: $0.entry.name,
                capacity: $0.entry.capacity,
                contact: $0.entry.contact
            )
        }
        try await MemberStore(tenant: store.tenant).insert(firms, into: store.cohort, in: tx)
    }

    static func update(
        _ entries: [Stored<FirmEntry>],
        in store: ImportStore,
        _ tx: borrowing Transaction
    ) async throws {
        try await store.update(entries, in: tx)
    }
}
