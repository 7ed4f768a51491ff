import Postgres

extension Migrations {
    /// What staff do over files and over personal links.
    static let staff = Migration(
        7,
        "imports and staff links",
        sql: """
            CREATE TABLE matchmaking.imports (
                tenant_id      uuid NOT NULL,
                id             uuid NOT NULL,
                cohort_id      uuid NOT NULL,
                created_at     timestamptz NOT NULL,
                -- Of the cohort as the summary saw it.
                cohort_version bigint NOT NULL,
                kind           text NOT NULL CHECK (kind IN ('universities', 'firms', 'students')),
                hash           text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
                summary        jsonb NOT NULL,
                -- They name people, and go when the file is applied, or when they are old.
                content        bytea,
                faulty_rows    bytea,
                applied_at     timestamptz,
                PRIMARY KEY (tenant_id, id),
                UNIQUE (tenant_id, cohort_id, id),
                FOREIGN KEY (tenant_id, cohort_id) REFERENCES matchmaking.cohorts
            );

            -- Whom a link to a cohort's staff page was made for.
            CREATE TABLE matchmaking.staff_links (
                tenant_id  uuid NOT NULL,
                id         uuid NOT NULL,
                cohort_id  uuid NOT NULL,
                created_at timestamptz NOT NULL,
                expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
                -- When somebody opened it last, to the minute.
                used_at    timestamptz,
                -- It opens nothing any more.
                revoked_at timestamptz,
                -- The person, as the record of changes names them.
                name       text NOT NULL CHECK (name <> ''),
                PRIMARY KEY (tenant_id, id),
                FOREIGN KEY (tenant_id, cohort_id) REFERENCES matchmaking.cohorts
            );

            ALTER TABLE matchmaking.imports ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.staff_links ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON matchmaking.imports
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY tenant ON matchmaking.staff_links
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            """
    )
}
