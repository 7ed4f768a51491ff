import Postgres

extension Migrations {
    /// What becomes of published places, and the record of who did what.
    static let offers = Migration(
        4,
        "offers and audit",
        sql: """
            ALTER TABLE matchmaking.publications
                -- Of the offers that were made with it. Each may get a later one.
                ADD COLUMN answer_deadline timestamptz NOT NULL;

            CREATE TABLE matchmaking.offers (
                tenant_id    uuid NOT NULL,
                id           uuid NOT NULL,
                cohort_id    uuid NOT NULL,
                round_id     uuid NOT NULL,
                applicant_id uuid NOT NULL,
                firm_id      uuid NOT NULL,
                created_at   timestamptz NOT NULL,
                changed_at   timestamptz NOT NULL,
                deadline     timestamptz NOT NULL,
                version      bigint NOT NULL CHECK (version > 0),
                state        text NOT NULL CHECK (state IN ('offered', 'accepted', 'declined', 'deferral-asked',
                                 'deferred', 'expired', 'withdrawn', 'revoked')),
                PRIMARY KEY (tenant_id, id),
                UNIQUE (tenant_id, cohort_id, id),
                UNIQUE (tenant_id, round_id, applicant_id),
                FOREIGN KEY (tenant_id, round_id, applicant_id) REFERENCES matchmaking.placements,
                FOREIGN KEY (tenant_id, cohort_id, firm_id) REFERENCES matchmaking.firms (tenant_id, cohort_id, id)
            ) WITH (fillfactor = 80);

            -- Nobody holds two places.
            CREATE UNIQUE INDEX offers_held ON matchmaking.offers (tenant_id, applicant_id)
                WHERE state IN ('offered', 'accepted', 'deferral-asked');
            -- What ends when a deadline has come.
            CREATE INDEX offers_due ON matchmaking.offers (tenant_id, cohort_id, deadline) WHERE state = 'offered';
            CREATE INDEX offers_of_applicant ON matchmaking.offers (tenant_id, applicant_id, id);

            -- Only ever added to: its policies know no change.
            CREATE TABLE matchmaking.audit (
                tenant_id  uuid NOT NULL,
                id         uuid NOT NULL,
                cohort_id  uuid NOT NULL,
                at         timestamptz NOT NULL,
                -- A token's role and name, an applicant by id, a timer or a rule.
                actor      text NOT NULL,
                action     text NOT NULL,
                -- What it was done to, if not to the cohort as a whole.
                subject_id uuid,
                before     jsonb NOT NULL,
                after      jsonb NOT NULL,
                reason     text CHECK (reason <> ''),
                PRIMARY KEY (tenant_id, id),
                UNIQUE (tenant_id, cohort_id, id),
                FOREIGN KEY (tenant_id, cohort_id) REFERENCES matchmaking.cohorts
            );

            ALTER TABLE matchmaking.offers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.audit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON matchmaking.offers
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY read ON matchmaking.audit FOR SELECT
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY add ON matchmaking.audit FOR INSERT
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            """
    )
}
