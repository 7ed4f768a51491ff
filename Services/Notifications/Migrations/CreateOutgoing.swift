import Postgres

extension NotificationsMigrations {
    /// The mails, and how the mailer takes them.
    ///
    /// The mailer serves all tenants while row-level security shows a role one tenant at a time. Taking is therefore a
    /// function of the owner's that hands out ids and nothing else; what a mail holds is read and its outcome written
    /// with the tenant set. Only roles with USAGE on the schema can call it, which is the service's own.
    static let createOutgoing = Migration(
        1,
        "create outgoing",
        sql: """
            CREATE TABLE notifications.outgoing (
                tenant_id uuid NOT NULL,
                id uuid NOT NULL,
                -- The message that asked for the mail: handled twice, it asks once.
                source_message_id uuid NOT NULL,
                kind text NOT NULL CHECK (kind IN ('confirmed', 'moved-up', 'waiting', 'cancelled', 'link-requested',
                    'ranking-invited', 'placed', 'unplaced', 'accepted', 'declined', 'expired', 'withdrawn',
                    'revoked', 'deferred', 'deferral-refused', 'applicant-withdrew', 'cohort-joined',
                    'cohort-opened', 'ranking-opened', 'deadline-moved', 'cohort-locked', 'cohort-closed',
                    'cohort-abandoned', 'rank-reminder', 'certify-reminder', 'confirm-reminder')),
                -- The registration, the applicant, the firm or the university.
                subject_id uuid NOT NULL,
                recipient_name text NOT NULL,
                recipient_email text NOT NULL,
                language text NOT NULL,
                model jsonb NOT NULL,
                message_id text NOT NULL,
                traceparent text,
                state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'leased', 'sent', 'failed')),
                attempts int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
                -- When it may be taken: the next attempt, or the end of its lease.
                due timestamptz NOT NULL,
                lease_token uuid CHECK ((state = 'leased') = (lease_token IS NOT NULL)),
                smtp_code int,
                outcome text,
                created_at timestamptz NOT NULL,
                sent_at timestamptz CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
                PRIMARY KEY (tenant_id, id),
                UNIQUE (tenant_id, source_message_id, kind)
            ) WITH (fillfactor = 80);

            -- The mailer's: what is not settled, by tenant, so that each gets its turn.
            CREATE INDEX outgoing_open ON notifications.outgoing (tenant_id, due) WHERE state IN ('pending', 'leased');
            -- For lists of a state, newest first, and for the counts.
            CREATE INDEX outgoing_state ON notifications.outgoing (tenant_id, state, id);
            -- What a person was told before.
            CREATE INDEX outgoing_subject ON notifications.outgoing (tenant_id, subject_id);

            ALTER TABLE notifications.outgoing ENABLE ROW LEVEL SECURITY;
            ALTER TABLE notifications.outgoing FORCE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON notifications.outgoing
                USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            -- Under FORCE the owner is bound too, where it is no superuser: the function below needs this.
            CREATE POLICY taking ON notifications.outgoing TO CURRENT_USER USING (true) WITH CHECK (true);

            -- Leases up to max_rows due mails until lease_end: of one tenant after the other, beginning behind
            -- after_tenant, at most per_tenant of each. Mails that others are taking at this moment are passed over.
            CREATE FUNCTION notifications.take_outgoing(
                after_tenant uuid, max_rows int, per_tenant int, present timestamptz, lease_end timestamptz, token uuid
            ) RETURNS TABLE (taken_tenant uuid, taken_id uuid)
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
            -- Statistics of a table that fills and empties within seconds are always late: the indexes are right.
            SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
            DECLARE
                nobody CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
                last_tenant uuid := coalesce(after_tenant, nobody);
                next_tenant uuid;
                has_wrapped boolean := after_tenant IS NULL;
                room int := max_rows;
                taken int;
            BEGIN
                WHILE room > 0 LOOP
                    SELECT o.tenant_id INTO next_tenant FROM notifications.outgoing o
                    WHERE o.state IN ('pending', 'leased') AND o.tenant_id > last_tenant
                    ORDER BY o.tenant_id LIMIT 1;
                    IF next_tenant IS NULL THEN
                        EXIT WHEN has_wrapped;
                        has_wrapped := true;
                        last_tenant := nobody;
                        CONTINUE;
                    END IF;
                    EXIT WHEN has_wrapped AND next_tenant > after_tenant;
                    RETURN QUERY
                        UPDATE notifications.outgoing o
                        SET state = 'leased', lease_token = token, due = lease_end, attempts = o.attempts + 1
                        WHERE o.tenant_id = next_tenant AND o.id = ANY (ARRAY(
                            SELECT c.id FROM notifications.outgoing c
                            WHERE c.tenant_id = next_tenant AND c.state IN ('pending', 'leased') AND c.due <= present
                            ORDER BY c.due LIMIT least(room, per_tenant)
                            FOR UPDATE SKIP LOCKED
                        ))
                        RETURNING o.tenant_id, o.id;
                    GET DIAGNOSTICS taken = ROW_COUNT;
                    room := room - taken;
                    last_tenant := next_tenant;
                END LOOP;
            END $$;
            """
    )
}
