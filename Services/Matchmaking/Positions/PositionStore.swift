import Domain
import Foundation
import Postgres
import ServiceKit

/// A position with the firm that fills it, as it is stored.
struct PositionRecord: Sendable {
    let position: Position
    let firmCode: Slug
    let firmName: LocalizedText
    /// 0 for a firm that is its one position.
    let version: Int
    /// The firm has left: nothing of it can be chosen any more, and it takes nobody.
    var isWithdrawn = false

    /// What it is called: the firm, and the position's title if it has one.
    func name(_ language: LanguageTag) -> String { Self.name(firmName, position.description?.title)[language] }

    /// The same in each language that one of the two has.
    static func name(_ firm: LocalizedText, _ title: LocalizedText?) -> LocalizedText {
        guard let title else { return firm }
        let languages = Set(firm.texts.keys).union(title.texts.keys)
        let texts = languages.map { ($0, "\(firm[$0]) – \(title[$0])") }
        return (try? LocalizedText(Dictionary(uniqueKeysWithValues: texts))) ?? firm
    }
}

/// The positions of a tenant's cohorts.
struct PositionStore: Sendable {
    let tenant: TenantID

    /// All that can be ranked in a cohort, in the order in which firms and then their positions joined.
    func all(of cohort: CohortID, in tx: borrowing Transaction) async throws -> [PositionRecord] {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.firms f
            LEFT JOIN matchmaking.positions p ON (p.tenant_id, p.firm_id) = (f.tenant_id, f.id)
            WHERE f.tenant_id = \(tenant.uuid) AND f.cohort_id = \(cohort.uuid) ORDER BY f.id, p.id
            """
        ).map(Self.record)
    }

    /// What can be ranked of one firm.
    func all(of firm: FirmID, in tx: borrowing Transaction) async throws -> [PositionRecord] {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.firms f
            LEFT JOIN matchmaking.positions p ON (p.tenant_id, p.firm_id) = (f.tenant_id, f.id)
            WHERE f.tenant_id = \(tenant.uuid) AND f.id = \(firm.uuid) ORDER BY p.id
            """
        ).map(Self.record)
    }

    /// A described position, or a firm that has none, and its cohort; `nil` if there is none with this id.
    func find(
        _ id: PositionID,
        in tx: borrowing Transaction
    ) async throws -> (record: PositionRecord, cohort: CohortID)? {
        let rows = try await tx.query(
            """
            SELECT \(Self.columns), f.cohort_id FROM matchmaking.firms f
            LEFT JOIN matchmaking.positions p ON (p.tenant_id, p.firm_id) = (f.tenant_id, f.id)
            WHERE f.tenant_id = \(tenant.uuid)
                AND f.id = coalesce((SELECT firm_id FROM matchmaking.positions
                    WHERE tenant_id = \(tenant.uuid) AND id = \(id.uuid)), \(id.uuid))
                AND coalesce(p.id, f.id) = \(id.uuid)
            """
        )
        guard let row = rows.first else { return nil }
        return (try Self.record(row), CohortID(try row.decode(UUID.self, column: "cohort_id")))
    }

    func insert(_ positions: [Position], into cohort: CohortID, in tx: borrowing Transaction) async throws {
        let described = positions.compactMap { position in position.description.map { (position, $0) } }
        try await tx.execute(
            """
            INSERT INTO matchmaking.positions (tenant_id, cohort_id, id, firm_id, version, places, code, language,
                location, title, description, eligibility, criteria)
            SELECT \(tenant.uuid), \(cohort.uuid), id, firm, 1, places, code, language, location, title, description,
                eligibility, criteria
            FROM unnest(\(described.map(\.0.id.uuid)), \(described.map(\.0.firm.uuid)),
                \(described.map { Int32($0.0.places) }), \(described.map(\.1.code.description)),
                \(described.map(\.1.workingLanguage.description)), \(described.map { $0.1.location?.description }),
                \(described.map { JSON($0.1.title) }), \(described.map { $0.1.text.map { JSON($0) } }),
                \(described.map { JSON($0.1.eligibility) }), \(described.map { JSON($0.1.criteria) }))
                AS entry (id, firm, places, code, language, location, title, description, eligibility, criteria)
            """
        )
    }

    /// Stores what the firm tells of a position by now. The caller saw `version`.
    func save(_ position: Position, version: Int, in tx: borrowing Transaction) async throws {
        guard let about = position.description else { return }
        try await tx.execute(
            """
            UPDATE matchmaking.positions SET version = \(version), places = \(Int32(position.places)),
                code = \(about.code.description), language = \(about.workingLanguage.description),
                location = \(about.location?.description), title = \(JSON(about.title)),
                description = \(about.text.map { JSON($0) }), eligibility = \(JSON(about.eligibility)),
                criteria = \(JSON(about.criteria))
            WHERE tenant_id = \(tenant.uuid) AND id = \(position.id.uuid)
            """
        )
    }

    /// Whether somebody's list names this already.
    func isRanked(_ id: PositionID, of cohort: CohortID, in tx: borrowing Transaction) async throws -> Bool {
        try await !tx.query(
            """
            SELECT 1 AS found FROM matchmaking.applicant_rankings
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND \(id.uuid) = ANY(choices)
            UNION ALL SELECT 1 FROM matchmaking.group_rankings
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND \(id.uuid) = ANY(choices)
            LIMIT 1
            """
        ).isEmpty
    }

    private static let columns: SQL = """
        f.id AS firm_id, f.code AS firm_code, f.name AS firm_name, f.capacity, f.withdrawn_at, p.id, p.version, p.places, p.code,
        p.language, p.location, p.title, p.description, p.eligibility, p.criteria
        """

    // Inlined into an asynchronous function, such a function crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func record(_ row: Row) throws -> PositionRecord {
        let firm = FirmID(try row.decode(UUID.self, column: "firm_id"))
        let code = try Slug(try row.decode(String.self, column: "firm_code"))
        let name = try row.decode(JSON<LocalizedText>.self, column: "firm_name").value
        let isWithdrawn = try row.decode(Date?.self, column: "withdrawn_at") != nil
        guard let id = try row.decode(UUID?.self, column: "id") else {
            let places = isWithdrawn ? 0 : Int(try row.decode(Int32.self, column: "capacity"))
            let position = Position(id: PositionID(firm.uuid), firm: firm, places: places, description: nil)
            return PositionRecord(
                position: position,
                firmCode: code,
                firmName: name,
                version: 0,
                isWithdrawn: isWithdrawn
            )
        }
        let position = Position(
            id: PositionID(id),
            firm: firm,
            places: isWithdrawn ? 0 : Int(try row.decode(Int32.self, column: "places")),
            description: try description(row)
        )
        let version = try row.decode(Int.self, column: "version")
        return PositionRecord(
            position: position,
            firmCode: code,
            firmName: name,
            version: version,
            isWithdrawn: isWithdrawn
        )
    }

    private static func description(_ row: Row) throws -> Position.Description {
        Position.Description(
            code: try Slug(try row.decode(String.self, column: "code")),
            title: try row.decode(JSON<LocalizedText>.self, column: "title").value,
            text: try row.decode(JSON<LocalizedText>?.self, column: "description")?.value,
            workingLanguage: try LanguageTag(try row.decode(String.self, column: "language")),
            location: try row.decode(String?.self, column: "location").map { try Slug($0) },
            eligibility: try row.decode(JSON<Eligibility>.self, column: "eligibility").value,
            criteria: try row.decode(JSON<[Criterion]>.self, column: "criteria").value
        )
    }
}
