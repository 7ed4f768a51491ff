import Postgres

extension QueueMigrations {
    /// What operators ask. Nothing here counts over the log: each answer reads a bounded number of rows by an index.
    static let createInspection = Migration(
        8,
        "inspection of the queue",
        sql: """
            -- For people to read. What json takes and jsonb does not, an escaped NUL say, is shown as it stands.
            create function queue.pretty(p_body json) returns text
            language plpgsql immutable as $$
            begin
                return jsonb_pretty(p_body::jsonb);
            exception when data_exception or untranslatable_character then
                return p_body::text;
            end $$;

            -- Messages handled in a second, over the span that ends now: what the ledger has counted between its newest
            -- row and the last one before the span. That one is found by doubling and halving: a lane's rows have every
            -- seq, and are in order of time. Probes are for one seq each, so that rows that were trimmed cost nothing.
            create function queue.handled_rate(p_subscription int, p_lane int, p_span interval default '1 minute')
            returns float8
            language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            declare
                v_newest queue.ledger;
                v_row queue.ledger;
                v_base queue.ledger;
                v_begin timestamptz := clock_timestamp() - p_span;
                v_seq bigint;
                v_step bigint := 1;
            begin
                select * into v_newest from queue.newest(p_subscription, p_lane);
                if v_newest.seq is null or v_newest.written_at < v_begin then return 0; end if;
                -- Always within the span.
                v_base := v_newest;
                loop
                    v_seq := v_base.seq - v_step;
                    select * into v_row from queue.ledger
                    where subscription = p_subscription and lane = p_lane and seq = v_seq;
                    exit when not found or v_row.written_at < v_begin;
                    v_base := v_row;
                    v_step := v_step * 2;
                end loop;
                while v_step > 1 loop
                    v_step := v_step / 2;
                    select * into v_row from queue.ledger
                    where subscription = p_subscription and lane = p_lane and seq = v_base.seq - v_step;
                    if found and v_row.written_at >= v_begin then v_base := v_row; end if;
                end loop;
                select * into v_row from queue.ledger
                where subscription = p_subscription and lane = p_lane and seq = v_base.seq - 1;
                if found then
                    return (v_newest.handled - v_row.handled) / extract(epoch from p_span);
                end if;
                -- The subscription is younger than the span, or its older rows were trimmed.
                return (v_newest.handled - v_base.handled)
                    / greatest(1, extract(epoch from clock_timestamp() - v_base.written_at));
            end $$;

            -- Messages published to a lane in a second: over the span that ends now, or over its newest 500.
            create function queue.published_rate(p_lane int, p_span interval default '1 minute') returns float8
            language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            declare
                v_count bigint;
                v_oldest timestamptz;
            begin
                select count(*), min(published_at) into v_count, v_oldest
                from (select published_at from queue.log where lane = p_lane order by position desc limit 500) newest
                where published_at >= clock_timestamp() - p_span;
                return case when v_count < 500 then v_count / extract(epoch from p_span)
                       else v_count / greatest(0.001, extract(epoch from clock_timestamp() - v_oldest)) end;
            end $$;

            -- The timers of all tenants: how many (counted to 10,000: then they are at least so many), and when the first is
            -- due.
            create function queue.waiting_timers(out waiting bigint, out at_least boolean, out first_due timestamptz)
            language plpgsql stable security definer set search_path = pg_catalog, pg_temp
            set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            begin
                select count(*), count(*) = 10000, min(due) into waiting, at_least, first_due
                from (select due from queue.timers order by due, id limit 10000) t;
            end $$;

            -- Where in the log a message is that was published between two times: along each lane, from the first of them
            -- to the second.
            create function queue.find_message(p_id uuid, p_from timestamptz, p_until timestamptz)
            returns table (lane int, "position" bigint)
            language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            declare
                v_lane int;
                m record;
            begin
                for v_lane in select t.first_lane + n from queue.topics t, generate_series(0, t.lanes - 1) n loop
                    for m in select l.id, l.position, l.published_at from queue.log l
                             where l.lane = v_lane and l.position >= (select queue.position_near(v_lane, p_from))
                             order by l.position loop
                        if m.id = p_id then return query select v_lane, m.position; return; end if;
                        exit when m.published_at > p_until;
                    end loop;
                end loop;
            end $$;

            -- What became of a message of the log for each subscription of its topic: dead, retrying, settled, or waiting.
            create function queue.fates(p_lane int, p_position bigint, p_id uuid)
            returns table (subscription text, fate text, attempt int, error text, due timestamptz)
            language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            begin
                return query
                select s.name,
                       case when d.id is not null then 'dead'
                            when r.id is not null then 'retrying'
                            when c.position >= l.position and pg_visible_in_snapshot(l.xid, c.snapshot) then 'settled'
                            when c.late_position >= l.position and pg_visible_in_snapshot(l.xid, c.late_snapshot)
                            then 'settled'
                            else 'waiting' end,
                       coalesce(d.attempt, r.attempt), coalesce(d.error, r.error), r.due
                from queue.log l
                     join queue.topics t on l.lane >= t.first_lane and l.lane < t.first_lane + t.lanes
                     join queue.subscriptions s using (topic)
                     cross join lateral queue.newest(s.subscription, l.lane) c
                     left join queue.retries r on r.subscription = s.subscription and r.id = p_id
                     left join queue.dead_letters d on d.subscription = s.subscription and d.id = p_id
                where l.lane = p_lane and l.position = p_position
                order by s.name;
            end $$;

            -- The newest failures, of all subscriptions.
            create index retries_failed on queue.retries (failed_at);
            create index dead_letters_failed on queue.dead_letters (failed_at);

            revoke execute on function queue.waiting_timers from public;
            grant execute on function queue.waiting_timers to tradewind_queue;
            """
    )
}
