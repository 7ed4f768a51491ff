import Postgres

extension Migrations {
    /// The rules of cohorts, who confirmed, left or was reminded, and whom to write to.
    static let rules = Migration(
        5,
        "rules and the cohort's life",
        sql: """
            -- Only ever added to. In force is, of those whose time has come, the one that came last.
            CREATE TABLE matchmaking.rules (
                tenant_id      uuid NOT NULL,
                cohort_id      uuid NOT NULL,
                version        bigint NOT NULL CHECK (version > 0),
                created_at     timestamptz NOT NULL,
                effective_from timestamptz NOT NULL,
                author         text NOT NULL,
                reason         text CHECK (reason <> ''),
                body           jsonb NOT NULL,
                PRIMARY KEY (tenant_id, cohort_id, version),
                FOREIGN KEY (tenant_id, cohort_id) REFERENCES matchmaking.cohorts
            );

            ALTER TABLE matchmaking.universities
                -- Name, address and language of whoever nominates and confirms.
                ADD COLUMN contact jsonb;
            ALTER TABLE matchmaking.firms
                ADD COLUMN contact jsonb,
                ADD COLUMN withdrawn_at timestamptz;
            ALTER TABLE matchmaking.applicants
                -- When the university confirmed that the student is enrolled.
                ADD COLUMN enrolled_at timestamptz,
                ADD COLUMN withdrawn_at timestamptz;

            ALTER TABLE matchmaking.rounds
                ADD COLUMN rules_version bigint NOT NULL,
                -- The cohort's when the round was computed.
                ADD COLUMN market_version bigint NOT NULL,
                ADD FOREIGN KEY (tenant_id, cohort_id, rules_version) REFERENCES matchmaking.rules;

            CREATE TABLE matchmaking.reminders (
                tenant_id   uuid NOT NULL,
                cohort_id   uuid NOT NULL,
                -- An applicant, a firm or a university.
                member_id   uuid NOT NULL,
                reminded_at timestamptz NOT NULL,
                PRIMARY KEY (tenant_id, cohort_id, member_id),
                FOREIGN KEY (tenant_id, cohort_id) REFERENCES matchmaking.cohorts
            );

            ALTER TABLE matchmaking.rules ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.reminders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY read ON matchmaking.rules FOR SELECT
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY add ON matchmaking.rules FOR INSERT
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY tenant ON matchmaking.reminders
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            """
    )
}
