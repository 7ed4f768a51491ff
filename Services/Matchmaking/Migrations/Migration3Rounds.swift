import Postgres

extension Migrations {
    /// Rounds, where everybody was placed and why. The policies allow to read and to insert only: what was run and
    /// what was published can't be changed by the service afterwards.
    static let rounds = Migration(
        3,
        "rounds",
        sql: """
            CREATE TABLE matchmaking.rounds (
                tenant_id      uuid NOT NULL,
                id             uuid NOT NULL,
                cohort_id      uuid NOT NULL,
                created_at     timestamptz NOT NULL,
                -- Which round of the cohort: tentative runs of one round share it.
                number         bigint NOT NULL CHECK (number > 0),
                placed         bigint NOT NULL CHECK (placed >= 0),
                unplaced       bigint NOT NULL CHECK (unplaced >= 0),
                blocking_pairs bigint NOT NULL CHECK (blocking_pairs >= 0),
                run_id         text NOT NULL,
                engine         text NOT NULL,
                seed_hash      text NOT NULL,
                certificate    jsonb NOT NULL,
                statistics     jsonb NOT NULL,
                PRIMARY KEY (tenant_id, id),
                UNIQUE (tenant_id, cohort_id, id),
                UNIQUE (tenant_id, cohort_id, number, id),
                FOREIGN KEY (tenant_id, cohort_id) REFERENCES matchmaking.cohorts
            );

            CREATE TABLE matchmaking.round_firms (
                tenant_id            uuid NOT NULL,
                round_id             uuid NOT NULL,
                firm_id              uuid NOT NULL,
                cohort_id            uuid NOT NULL,
                capacity             integer NOT NULL,
                filled               integer NOT NULL CHECK (filled BETWEEN 0 AND capacity),
                -- The last applicant admitted: place on the firm's list, and number in the lottery.
                last_rank            bigint,
                last_lottery         text,
                PRIMARY KEY (tenant_id, round_id, firm_id),
                FOREIGN KEY (tenant_id, cohort_id, round_id) REFERENCES matchmaking.rounds (tenant_id, cohort_id, id),
                FOREIGN KEY (tenant_id, cohort_id, firm_id) REFERENCES matchmaking.firms (tenant_id, cohort_id, id)
            );

            CREATE TABLE matchmaking.placements (
                tenant_id    uuid NOT NULL,
                round_id     uuid NOT NULL,
                applicant_id uuid NOT NULL,
                cohort_id    uuid NOT NULL,
                -- Both null for an applicant without a place.
                firm_id      uuid,
                choice       integer CHECK (choice > 0),
                lottery      text NOT NULL,
                explanation  jsonb NOT NULL,
                CHECK ((firm_id IS NULL) = (choice IS NULL)),
                PRIMARY KEY (tenant_id, round_id, applicant_id),
                FOREIGN KEY (tenant_id, cohort_id, round_id) REFERENCES matchmaking.rounds (tenant_id, cohort_id, id),
                FOREIGN KEY (tenant_id, cohort_id, applicant_id)
                    REFERENCES matchmaking.applicants (tenant_id, cohort_id, id),
                FOREIGN KEY (tenant_id, round_id, firm_id) REFERENCES matchmaking.round_firms
            );

            -- One for each number of a cohort, ever.
            CREATE TABLE matchmaking.publications (
                tenant_id    uuid NOT NULL,
                cohort_id    uuid NOT NULL,
                number       bigint NOT NULL,
                round_id     uuid NOT NULL,
                published_at timestamptz NOT NULL,
                PRIMARY KEY (tenant_id, cohort_id, number),
                UNIQUE (tenant_id, round_id),
                FOREIGN KEY (tenant_id, cohort_id, number, round_id)
                    REFERENCES matchmaking.rounds (tenant_id, cohort_id, number, id)
            );

            ALTER TABLE matchmaking.rounds ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.round_firms ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.placements ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.publications ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY read ON matchmaking.rounds FOR SELECT
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY store ON matchmaking.rounds FOR INSERT
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY read ON matchmaking.round_firms FOR SELECT
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY store ON matchmaking.round_firms FOR INSERT
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY read ON matchmaking.placements FOR SELECT
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY store ON matchmaking.placements FOR INSERT
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY read ON matchmaking.publications FOR SELECT
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY store ON matchmaking.publications FOR INSERT
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            """
    )
}
