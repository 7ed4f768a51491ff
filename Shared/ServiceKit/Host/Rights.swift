import Postgres

/// Who may do what in the database. Everything here may be repeated, and run by several processes at once.
struct Rights: Sendable {
    let database: Database

    /// Roles belong to the whole cluster: another process, at work on another database, may be making the same ones.
    /// Its commit makes ours fail with one of these codes, and then the role or the membership is there.
    private static let madeMeanwhile: Set<String> = ["42710", "23505", "XX000"]

    func createRoles(_ roles: [String]) async throws {
        try await createRole("tradewind_queue", canLogIn: false)
        for role in roles {
            try await createRole(role, canLogIn: true)
            try await grant("tradewind_queue", to: role)
        }
    }

    private func createRole(_ role: String, canLogIn: Bool) async throws {
        try await unlessMadeMeanwhile {
            try await database.query("SELECT 1 FROM pg_roles WHERE rolname = \(role)").isEmpty
        } then: {
            try await database.execute(
                canLogIn ? "CREATE ROLE \(identifier: role) LOGIN" : "CREATE ROLE \(identifier: role) NOLOGIN"
            )
        }
        // So that the one who migrates, and services that log in like it, may take the role on.
        let mayAct = try await database.query("SELECT 1 WHERE pg_has_role(current_user, \(role), 'MEMBER')")
        guard mayAct.isEmpty else { return }
        let rows = try await database.query("SELECT current_user::text AS name")
        guard let user = try rows.first?.decode(String.self, column: "name") else { return }
        try await grant(role, to: user)
    }

    private func grant(_ group: String, to member: String) async throws {
        try await unlessMadeMeanwhile {
            try await database.query(
                """
                SELECT 1 FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
                WHERE g.rolname = \(group) AND r.rolname = \(member)
                """
            ).isEmpty
        } then: {
            try await database.execute("GRANT \(identifier: group) TO \(identifier: member)")
        }
    }

    private func unlessMadeMeanwhile(
        isMissing: () async throws -> Bool,
        then make: () async throws -> Void
    ) async throws {
        guard try await isMissing() else { return }
        do {
            try await make()
        } catch let error as PostgresError where Self.madeMeanwhile.contains(error.sqlState ?? "") {
            guard try await !isMissing() else { throw error }
        }
    }

    /// The table of idempotency keys in a service's schema, and the role's rights: on the rows of its own schema and on
    /// the look-ups of `access`, and on nothing else.
    func prepare(schema: String, role: String) async throws {
        try await database.transaction { tx in
            try await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('tradewind rights', 0))")
            try await IdempotencyTable.create(in: schema, tx)
            try await tx.execute("GRANT USAGE ON SCHEMA \(identifier: schema) TO \(identifier: role)")
            try await tx.execute(
                """
                GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \(identifier: schema)
                TO \(identifier: role)
                """
            )
            try await tx.execute(
                """
                REVOKE INSERT, UPDATE, DELETE ON \(identifier: schema).applied_migrations FROM \(identifier: role)
                """
            )
            try await tx.execute(
                "GRANT USAGE ON ALL SEQUENCES IN SCHEMA \(identifier: schema) TO \(identifier: role)"
            )
            try await tx.execute("GRANT USAGE ON SCHEMA access TO \(identifier: role)")
            try await tx.execute(
                """
                GRANT EXECUTE ON FUNCTION access.find_tenant(text, uuid), access.find_principal(bytea),
                    access.find_link_keys(uuid) TO \(identifier: role)
                """
            )
        }
    }
}

/// `<schema>.idempotency`, of the same form in each service.
enum IdempotencyTable {
    static func create(in schema: String, _ tx: borrowing Transaction) async throws {
        let rows = try await tx.query(
            "SELECT 1 FROM pg_tables WHERE schemaname = \(schema) AND tablename = 'idempotency'"
        )
        guard rows.isEmpty else { return }
        try await tx.execute(
            """
            CREATE TABLE \(identifier: schema).idempotency (
                tenant_id uuid NOT NULL,
                key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
                fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32),
                status smallint NOT NULL,
                headers jsonb NOT NULL,
                body bytea NOT NULL,
                created_at timestamptz NOT NULL,
                PRIMARY KEY (tenant_id, key)
            )
            """
        )
        try await tx.execute(
            "CREATE INDEX idempotency_age ON \(identifier: schema).idempotency (tenant_id, created_at)"
        )
        try await tx.execute("ALTER TABLE \(identifier: schema).idempotency ENABLE ROW LEVEL SECURITY")
        try await tx.execute("ALTER TABLE \(identifier: schema).idempotency FORCE ROW LEVEL SECURITY")
        try await tx.execute(
            """
            CREATE POLICY tenant ON \(identifier: schema).idempotency
            USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
            WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
            """
        )
    }
}
