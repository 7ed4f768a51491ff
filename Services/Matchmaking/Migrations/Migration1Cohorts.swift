import Postgres

extension Migrations {
    /// Cohorts and who belongs to them.
    static let cohorts = Migration(
        1,
        "cohorts",
        sql: """
            CREATE TABLE matchmaking.cohorts (
                tenant_id          uuid NOT NULL,
                id                 uuid NOT NULL,
                created_at         timestamptz NOT NULL,
                ranking_deadline   timestamptz NOT NULL,
                version            bigint NOT NULL CHECK (version > 0),
                -- Rises when somebody leaves or a capacity changes: older tentative rounds can't be published then.
                market_version     bigint NOT NULL CHECK (market_version > 0),
                state              text NOT NULL CHECK (state IN ('draft', 'open', 'ranking', 'locked', 'run',
                                       'published', 'closed')),
                slug               text NOT NULL,
                title              jsonb NOT NULL,
                -- Secret until a round is published. Its SHA-256 is shown from the start.
                lottery_seed       text NOT NULL CHECK (lottery_seed ~ '^[0-9a-f]{64}$'),
                lottery_commitment text NOT NULL CHECK (lottery_commitment ~ '^[0-9a-f]{64}$'),
                PRIMARY KEY (tenant_id, id),
                UNIQUE (tenant_id, slug)
            );

            -- The unique keys that end in id let other tables point at a member of the same cohort, and list by id.
            CREATE TABLE matchmaking.universities (
                tenant_id uuid NOT NULL,
                id        uuid NOT NULL,
                cohort_id uuid NOT NULL,
                code      text NOT NULL,
                name      jsonb NOT NULL,
                PRIMARY KEY (tenant_id, id),
                UNIQUE (tenant_id, cohort_id, id),
                UNIQUE (tenant_id, cohort_id, code),
                FOREIGN KEY (tenant_id, cohort_id) REFERENCES matchmaking.cohorts
            );

            CREATE TABLE matchmaking.firms (
                tenant_id uuid NOT NULL,
                id        uuid NOT NULL,
                cohort_id uuid NOT NULL,
                capacity  integer NOT NULL CHECK (capacity BETWEEN 0 AND 10000),
                code      text NOT NULL,
                name      jsonb NOT NULL,
                PRIMARY KEY (tenant_id, id),
                UNIQUE (tenant_id, cohort_id, id),
                UNIQUE (tenant_id, cohort_id, code),
                FOREIGN KEY (tenant_id, cohort_id) REFERENCES matchmaking.cohorts
            );

            CREATE TABLE matchmaking.applicants (
                tenant_id     uuid NOT NULL,
                id            uuid NOT NULL,
                cohort_id     uuid NOT NULL,
                university_id uuid NOT NULL,
                economy       text NOT NULL CHECK (economy ~ '^[A-Z]{2}$'),
                language      text NOT NULL,
                name          text NOT NULL,
                email         text NOT NULL,
                -- Equal for addresses that count as one person's.
                mailbox       text NOT NULL,
                PRIMARY KEY (tenant_id, id),
                UNIQUE (tenant_id, cohort_id, id),
                -- Not with the cohort before the mailbox: where there are no statistics yet, checks of foreign keys would read
                -- all of the cohort by that index for each row.
                UNIQUE (tenant_id, mailbox, cohort_id),
                FOREIGN KEY (tenant_id, cohort_id) REFERENCES matchmaking.cohorts,
                FOREIGN KEY (tenant_id, cohort_id, university_id)
                    REFERENCES matchmaking.universities (tenant_id, cohort_id, id)
            );

            ALTER TABLE matchmaking.cohorts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.universities ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.firms ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.applicants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON matchmaking.cohorts
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY tenant ON matchmaking.universities
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY tenant ON matchmaking.firms
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY tenant ON matchmaking.applicants
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            """
    )
}
