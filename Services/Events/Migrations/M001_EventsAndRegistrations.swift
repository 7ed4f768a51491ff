import Postgres

extension Migration {
    static let eventsAndRegistrations = Migration(
        1,
        "events and registrations",
        sql: """
            -- An event and the counts of its registrations. Whoever registers, cancels or changes the capacity holds
            -- this row's lock until the commit; the checks are the last guard should the code ever forget it.
            CREATE TABLE events.events (
                tenant_id uuid NOT NULL,
                id uuid NOT NULL,
                slug text NOT NULL CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$'),
                kind text NOT NULL CHECK (kind IN ('forum', 'summit', 'tradeShow', 'training')),
                title jsonb NOT NULL,
                venue jsonb NOT NULL,
                description jsonb,
                starts_at timestamptz NOT NULL,
                ends_at timestamptz NOT NULL,
                time_zone text NOT NULL,
                registration_opens_at timestamptz,
                registration_closes_at timestamptz,
                version bigint NOT NULL CHECK (version > 0),
                capacity bigint NOT NULL CHECK (capacity BETWEEN 1 AND 1000000),
                confirmed bigint NOT NULL DEFAULT 0 CHECK (confirmed >= 0),
                waiting bigint NOT NULL DEFAULT 0 CHECK (waiting >= 0),
                cancelled bigint NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
                promoted bigint NOT NULL DEFAULT 0 CHECK (promoted >= 0),
                -- The number of the last registration.
                registered bigint NOT NULL DEFAULT 0,
                -- The capacity, or what was confirmed already when the capacity was lowered. Registering leaves it alone.
                ceiling bigint NOT NULL,
                PRIMARY KEY (tenant_id, id),
                CONSTRAINT events_slug UNIQUE (tenant_id, slug),
                CONSTRAINT events_order CHECK (ends_at > starts_at),
                CONSTRAINT events_window CHECK (registration_closes_at > registration_opens_at),
                CONSTRAINT events_not_overbooked CHECK (confirmed <= ceiling AND ceiling >= capacity),
                CONSTRAINT events_nobody_waits_beside_a_free_place CHECK (waiting = 0 OR confirmed >= capacity),
                CONSTRAINT events_all_counted CHECK (registered = confirmed + waiting + cancelled)
            ) WITH (fillfactor = 70);

            CREATE TABLE events.registrations (
                tenant_id uuid NOT NULL,
                id uuid NOT NULL,
                event_id uuid NOT NULL,
                -- From 1 for each event, in the order of registration: also the order of the waiting list.
                number bigint NOT NULL CHECK (number > 0),
                state text NOT NULL CHECK (state IN ('confirmed', 'waiting', 'cancelled')),
                -- Rises with each change of the state.
                version bigint NOT NULL CHECK (version > 0),
                team_name text,
                name text NOT NULL,
                email text NOT NULL,
                -- Equal for addresses that count as one person's.
                mailbox_key text NOT NULL,
                language text NOT NULL,
                economy text NOT NULL CHECK (economy ~ '^[A-Z]{2}$'),
                organisation text,
                registered_at timestamptz NOT NULL,
                -- When the personal link was asked for again.
                link_requested_at timestamptz,
                PRIMARY KEY (tenant_id, id),
                FOREIGN KEY (tenant_id, event_id) REFERENCES events.events (tenant_id, id),
                CONSTRAINT registrations_number UNIQUE (tenant_id, event_id, number)
            ) WITH (fillfactor = 85);

            CREATE UNIQUE INDEX registrations_one_per_mailbox ON events.registrations
                (tenant_id, event_id, mailbox_key) WHERE state <> 'cancelled';
            -- Of their own, since those who wait come after all who have a place: an index of all would be read from
            -- its start to find the first of them.
            CREATE INDEX registrations_waiting ON events.registrations
                (tenant_id, event_id, number) WHERE state = 'waiting';
            CREATE INDEX registrations_cancelled ON events.registrations
                (tenant_id, event_id, number) WHERE state = 'cancelled';

            ALTER TABLE events.events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE events.registrations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON events.events
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            CREATE POLICY tenant ON events.registrations
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            """
    )
}
