import Postgres

extension Migrations {
    /// What both sides ranked. A ranking is one value that is replaced as a whole: ids by preference, and for each the
    /// number of its group (1, 1, 2, …: the first two are tied). No row: nothing was ranked yet.
    static let rankings = Migration(
        2,
        "rankings",
        sql: """
            CREATE TABLE matchmaking.applicant_rankings (
                tenant_id uuid NOT NULL,
                owner_id  uuid NOT NULL,
                cohort_id uuid NOT NULL,
                version   bigint NOT NULL CHECK (version > 0),
                choices   uuid[] NOT NULL,
                tiers     bigint[] NOT NULL CHECK (cardinality(tiers) = cardinality(choices)),
                PRIMARY KEY (tenant_id, cohort_id, owner_id),
                FOREIGN KEY (tenant_id, cohort_id, owner_id)
                    REFERENCES matchmaking.applicants (tenant_id, cohort_id, id)
            );

            CREATE TABLE matchmaking.firm_rankings (
                tenant_id uuid NOT NULL,
                owner_id  uuid NOT NULL,
                cohort_id uuid NOT NULL,
                version   bigint NOT NULL CHECK (version > 0),
                choices   uuid[] NOT NULL,
                tiers     bigint[] NOT NULL CHECK (cardinality(tiers) = cardinality(choices)),
                PRIMARY KEY (tenant_id, cohort_id, owner_id),
                FOREIGN KEY (tenant_id, cohort_id, owner_id)
                    REFERENCES matchmaking.firms (tenant_id, cohort_id, id)
            );

            ALTER TABLE matchmaking.applicant_rankings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.firm_rankings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON matchmaking.applicant_rankings
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY tenant ON matchmaking.firm_rankings
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            """
    )
}
