import Postgres

extension Migrations {
    /// Positions, what firms know and say of those who chose them, and groups of applicants.
    static let positions = Migration(
        6,
        "positions and groups",
        sql: """
            -- Of firms that describe several. A firm without one is its one position, by its own id.
            CREATE TABLE matchmaking.positions (
                tenant_id   uuid NOT NULL,
                id          uuid NOT NULL,
                cohort_id   uuid NOT NULL,
                firm_id     uuid NOT NULL,
                version     bigint NOT NULL CHECK (version > 0),
                places      integer NOT NULL CHECK (places BETWEEN 0 AND 10000),
                code        text NOT NULL,
                language    text NOT NULL,
                location    text CHECK (location <> ''),
                title       jsonb NOT NULL,
                description jsonb,
                eligibility jsonb NOT NULL,
                criteria    jsonb NOT NULL,
                PRIMARY KEY (tenant_id, id),
                UNIQUE (tenant_id, cohort_id, id),
                UNIQUE (tenant_id, firm_id, code),
                FOREIGN KEY (tenant_id, cohort_id, firm_id) REFERENCES matchmaking.firms (tenant_id, cohort_id, id)
            );

            -- As matchmaking.firm_rankings.
            CREATE TABLE matchmaking.position_rankings (
                tenant_id uuid NOT NULL,
                owner_id  uuid NOT NULL,
                cohort_id uuid NOT NULL,
                version   bigint NOT NULL CHECK (version > 0),
                choices   uuid[] NOT NULL,
                tiers     bigint[] NOT NULL CHECK (cardinality(tiers) = cardinality(choices)),
                PRIMARY KEY (tenant_id, cohort_id, owner_id),
                FOREIGN KEY (tenant_id, cohort_id, owner_id)
                    REFERENCES matchmaking.positions (tenant_id, cohort_id, id)
            );

            ALTER TABLE matchmaking.placements
                -- Of a firm with positions.
                ADD COLUMN position_id uuid CHECK (position_id IS NULL OR firm_id IS NOT NULL),
                ADD FOREIGN KEY (tenant_id, cohort_id, position_id)
                    REFERENCES matchmaking.positions (tenant_id, cohort_id, id);
            ALTER TABLE matchmaking.offers
                ADD COLUMN position_id uuid,
                ADD FOREIGN KEY (tenant_id, cohort_id, position_id)
                    REFERENCES matchmaking.positions (tenant_id, cohort_id, id);

            -- How the positions came out of a round; matchmaking.round_firms has their firms' sums.
            CREATE TABLE matchmaking.round_positions (
                tenant_id    uuid NOT NULL,
                round_id     uuid NOT NULL,
                position_id  uuid NOT NULL,
                cohort_id    uuid NOT NULL,
                firm_id      uuid NOT NULL,
                capacity     integer NOT NULL,
                filled       integer NOT NULL CHECK (filled BETWEEN 0 AND capacity),
                last_rank    bigint,
                last_lottery text,
                PRIMARY KEY (tenant_id, round_id, position_id),
                FOREIGN KEY (tenant_id, round_id, firm_id) REFERENCES matchmaking.round_firms,
                FOREIGN KEY (tenant_id, cohort_id, position_id)
                    REFERENCES matchmaking.positions (tenant_id, cohort_id, id)
            );

            -- What positions ask of an applicant.
            CREATE TABLE matchmaking.profiles (
                tenant_id    uuid NOT NULL,
                applicant_id uuid NOT NULL,
                cohort_id    uuid NOT NULL,
                discipline   text CHECK (discipline <> ''),
                -- Numbers by name, such as grade.
                facts        jsonb NOT NULL,
                -- Agrees to be seen by firms that they did not choose.
                consents     boolean NOT NULL,
                PRIMARY KEY (tenant_id, applicant_id),
                FOREIGN KEY (tenant_id, cohort_id, applicant_id)
                    REFERENCES matchmaking.applicants (tenant_id, cohort_id, id)
            );

            -- What a firm gives an applicant by a criterion of a position.
            CREATE TABLE matchmaking.scores (
                tenant_id    uuid NOT NULL,
                position_id  uuid NOT NULL,
                -- An applicant or a team.
                candidate_id uuid NOT NULL,
                value        integer NOT NULL CHECK (value >= 0),
                criterion    text NOT NULL,
                PRIMARY KEY (tenant_id, position_id, candidate_id, criterion),
                FOREIGN KEY (tenant_id, position_id) REFERENCES matchmaking.positions
            );

            -- Whom a position does not take under any circumstances.
            CREATE TABLE matchmaking.unacceptable (
                tenant_id    uuid NOT NULL,
                -- A position, or a firm that is its one position.
                position_id  uuid NOT NULL,
                -- An applicant or a team.
                candidate_id uuid NOT NULL,
                cohort_id    uuid NOT NULL,
                at           timestamptz NOT NULL,
                reason       text NOT NULL CHECK (reason <> ''),
                PRIMARY KEY (tenant_id, position_id, candidate_id),
                FOREIGN KEY (tenant_id, cohort_id) REFERENCES matchmaking.cohorts
            );

            -- A ranking that its owner declared final. It holds for the version that was seen: a change ends it.
            CREATE TABLE matchmaking.certifications (
                tenant_id uuid NOT NULL,
                -- An applicant, a group, a position or a firm that is its one position.
                owner_id  uuid NOT NULL,
                cohort_id uuid NOT NULL,
                at        timestamptz NOT NULL,
                version   bigint NOT NULL,
                actor     text NOT NULL,
                PRIMARY KEY (tenant_id, cohort_id, owner_id),
                FOREIGN KEY (tenant_id, cohort_id) REFERENCES matchmaking.cohorts
            );

            -- Applicants who go together: a whole team to one position, or a couple to two that are near each other.
            CREATE TABLE matchmaking.groups (
                tenant_id uuid NOT NULL,
                id        uuid NOT NULL,
                cohort_id uuid NOT NULL,
                version   bigint NOT NULL CHECK (version > 0),
                -- A couple that would rather be far from each other than without two places.
                apart     boolean NOT NULL,
                kind      text NOT NULL CHECK (kind IN ('team', 'couple')),
                -- Formed once every member has agreed.
                state     text NOT NULL CHECK (state IN ('forming', 'formed', 'dissolved')),
                name      text NOT NULL CHECK (name <> ''),
                platform  text CHECK (platform <> ''),
                PRIMARY KEY (tenant_id, id),
                UNIQUE (tenant_id, cohort_id, id),
                FOREIGN KEY (tenant_id, cohort_id) REFERENCES matchmaking.cohorts
            );

            -- Nobody is in two groups. A dissolved group has no members any more.
            CREATE TABLE matchmaking.group_members (
                tenant_id    uuid NOT NULL,
                applicant_id uuid NOT NULL,
                group_id     uuid NOT NULL,
                cohort_id    uuid NOT NULL,
                agreed_at    timestamptz,
                -- In the order of the members' list, from 1.
                number       integer NOT NULL CHECK (number > 0),
                PRIMARY KEY (tenant_id, applicant_id),
                UNIQUE (tenant_id, group_id, number),
                FOREIGN KEY (tenant_id, cohort_id, group_id) REFERENCES matchmaking.groups (tenant_id, cohort_id, id),
                FOREIGN KEY (tenant_id, cohort_id, applicant_id)
                    REFERENCES matchmaking.applicants (tenant_id, cohort_id, id)
            );

            -- A team's one ranking; as matchmaking.applicant_rankings.
            CREATE TABLE matchmaking.group_rankings (
                tenant_id uuid NOT NULL,
                owner_id  uuid NOT NULL,
                cohort_id uuid NOT NULL,
                version   bigint NOT NULL CHECK (version > 0),
                choices   uuid[] NOT NULL,
                tiers     bigint[] NOT NULL CHECK (cardinality(tiers) = cardinality(choices)),
                PRIMARY KEY (tenant_id, cohort_id, owner_id),
                FOREIGN KEY (tenant_id, cohort_id, owner_id) REFERENCES matchmaking.groups (tenant_id, cohort_id, id)
            );

            ALTER TABLE matchmaking.positions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.position_rankings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.round_positions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.profiles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.scores ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.unacceptable ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.certifications ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.groups ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.group_members ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE matchmaking.group_rankings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON matchmaking.positions
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY tenant ON matchmaking.position_rankings
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY read ON matchmaking.round_positions FOR SELECT
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY store ON matchmaking.round_positions FOR INSERT
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY tenant ON matchmaking.profiles
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY tenant ON matchmaking.scores
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY tenant ON matchmaking.unacceptable
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY tenant ON matchmaking.certifications
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY tenant ON matchmaking.groups
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY tenant ON matchmaking.group_members
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY tenant ON matchmaking.group_rankings
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            """
    )
}
