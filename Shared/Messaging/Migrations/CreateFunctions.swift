import Postgres

extension QueueMigrations {
    /// What consumers do with lanes. Functions carry their planner settings with them, so that the plan stays on the
    /// index whatever autoanalyze last saw (a freshly truncated segment, a ledger full of dead rows), and the handlers'
    /// own statements keep the server's settings.
    static let createFunctions = Migration(
        2,
        "functions of the queue",
        sql: #"""
            -- The transactions that may have written behind a cursor after it passed. (Without a query in it: to begin one
            -- costs more than all the rest.)
            create function queue.late_xids(p_snapshot pg_snapshot, p_next_xid xid8) returns xid8[]
            language plpgsql immutable parallel safe as $$
            declare
                v_late xid8[] := '{}';
                v_xid xid8;
                v_number bigint := pg_snapshot_xmax(p_snapshot)::text::bigint;
            begin
                if p_next_xid > pg_snapshot_xmin(p_snapshot) then
                    foreach v_xid in array string_to_array(split_part(p_snapshot::text, ':', 3), ',')::xid8[] loop
                        if v_xid < p_next_xid then v_late := v_late || v_xid; end if;
                    end loop;
                    while v_number < p_next_xid::text::bigint loop
                        v_late := v_late || v_number::text::xid8;
                        v_number := v_number + 1;
                    end loop;
                end if;
                return v_late;
            end $$;

            -- The newest row of a lane: its cursor and its owner.
            create function queue.newest(p_subscription int, p_lane int) returns setof queue.ledger
            language sql stable rows 1 as $$
                select * from queue.ledger where subscription = p_subscription and lane = p_lane
                order by seq desc limit 1
            $$;

            -- Whether a subscription has something before it in a lane up to p_until.
            create function queue.has_unread(p_subscription int, p_lane int, p_until bigint) returns boolean
            language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            begin
                return exists (
                    select from queue.newest(p_subscription, p_lane) c
                    where c.late_position is not null
                       or exists (select from queue.log
                                  where lane = p_lane and position > c.position and position <= p_until)
                       or exists (select from unnest(queue.late_xids(c.snapshot, c.next_xid)) late (xid)
                                  join queue.log l on l.xid = late.xid and l.lane = p_lane
                                                      and l.position <= least(c.position, p_until)));
            end $$;

            -- Whether a lane's time has come: where lanes were raised, its keys wait until the lanes that they came from
            -- have been read up to there.
            create function queue.is_open(p_subscription int, p_lane int) returns boolean
            language sql stable as $$
                select not exists (
                    select from queue.topics t join queue.splits s using (topic)
                    where t.first_lane = p_lane / 4096 * 4096 and p_lane % 4096 >= s.lanes_before
                      and queue.has_unread(p_subscription, t.first_lane + p_lane % 4096 % s.lanes_before, s.position))
            $$;

            -- The lanes of subscriptions that may be worked on, who owns them, and whether that one lives.
            create function queue.standings(p_subscriptions int[])
            returns table (subscription int, lane int, owner uuid, is_alive boolean)
            language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            begin
                return query
                select c.subscription, c.lane, c.owner, w.worker is not null
                from queue.subscriptions s join queue.topics t using (topic), generate_series(0, t.lanes - 1) n,
                     queue.newest(s.subscription, t.first_lane + n) c
                     left join queue.living w on w.worker = c.owner
                where s.subscription = any (p_subscriptions) and s.paused_at is null
                  and (w.worker is not null or queue.is_open(s.subscription, c.lane));
            end $$;

            -- Takes those of the lanes that are free: given back, or of an owner that is no longer alive.
            create function queue.take(p_subscription int, p_lanes int[], p_worker uuid) returns setof queue.ledger
            language plpgsql set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            begin
                return query
                insert into queue.ledger (subscription, lane, seq, owner, attempt, position, snapshot, next_xid,
                                          late_position, late_snapshot, seen, handled)
                select c.subscription, c.lane, c.seq + 1, p_worker, c.attempt + (c.owner is not null)::int, c.position,
                       c.snapshot, c.next_xid, c.late_position, c.late_snapshot, c.seen, c.handled
                from unnest(p_lanes) as wanted (lane), queue.newest(p_subscription, wanted.lane) c
                where (c.owner is null or c.owner = p_worker
                       or not exists (select from queue.living w where w.worker = c.owner))
                  and queue.is_open(p_subscription, wanted.lane)
                  and exists (select from queue.subscriptions s
                              where s.subscription = p_subscription and s.paused_at is null)
                -- In one order, so that rivals can't wait for each other.
                order by wanted.lane
                on conflict do nothing
                returning *;
            end $$;

            -- Appends the row after p_seq: an acknowledgement, or with no owner a release. Raises TWQ01 or collides on
            -- the primary key where another worker has gone on from p_seq. (The key stops a rival that writes the same
            -- seq now, the check one whose row was trimmed long ago.)
            create function queue.acknowledge(
                p_subscription int, p_lane int, p_seq bigint, p_owner uuid, p_attempt int, p_position bigint,
                p_snapshot pg_snapshot, p_next_xid xid8, p_late_position bigint, p_late_snapshot pg_snapshot,
                p_seen bigint, p_handled bigint
            ) returns void
            language plpgsql set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            begin
                insert into queue.ledger (subscription, lane, seq, owner, attempt, position, snapshot, next_xid,
                                          late_position, late_snapshot, seen, handled)
                select p_subscription, p_lane, p_seq + 1, p_owner, p_attempt, p_position, p_snapshot,
                       coalesce(p_next_xid, pg_current_xact_id()), p_late_position, p_late_snapshot, p_seen, p_handled
                where not exists (select from queue.ledger l where l.subscription = p_subscription and l.lane = p_lane
                                  and l.seq > p_seq);
                if not found then
                    raise 'lane % was taken over', p_lane using errcode = 'TWQ01';
                end if;
            end $$;

            -- What a cursor has not settled, in order of position: first commits that landed behind it, then what lies
            -- beyond it. The first row has no position: it tells the snapshot that all of this was read in. What is usual
            -- is NULL, which costs nothing to send: not late, no headers, need not wait. Types that nobody here knows
            -- come without their body. STABLE: all its statements see the caller's snapshot.
            -- p_next_xid NULL: as the ledger's row p_seq has it. p_is_strict: tell what must wait, since an earlier
            -- message of its key is among the retries.
            create function queue.read(
                p_subscription int, p_lane int, p_seq bigint, p_position bigint, p_snapshot pg_snapshot,
                p_next_xid xid8, p_late_position bigint, p_late_snapshot pg_snapshot, p_limit int, p_types text[],
                p_families text[], p_is_strict boolean
            ) returns table (
                "position" bigint, is_late boolean, id uuid, published_at timestamptz, tenant uuid, type text,
                subject text, headers jsonb, body json, must_wait boolean, snapshot text, next_xid text
            )
            language plpgsql stable
            set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set jit = off
            as $$
            #variable_conflict use_column
            declare
                v_late xid8[];
                v_count bigint := 0;
                v_some_wait boolean := false;
            begin
                if p_is_strict then
                    v_some_wait := exists (select from queue.retries r where r.subscription = p_subscription);
                end if;
                if p_next_xid is null then
                    select l.next_xid into p_next_xid from queue.ledger l
                    where l.subscription = p_subscription and l.lane = p_lane and l.seq = p_seq;
                end if;
                snapshot := pg_current_snapshot()::text;
                next_xid := p_next_xid::text;
                return next;
                v_late := queue.late_xids(p_snapshot, p_next_xid);
                if p_late_snapshot is not null then
                    -- The next page: along the lane, since late rows lie densely here.
                    return query
                    select g.position, true, g.id, g.published_at, g.tenant, g.type, g.subject,
                           nullif(g.headers, '{}'), case when queue.is_known(g.type, p_types, p_families) then g.body end,
                           case when v_some_wait then queue.has_retries(p_subscription, g.subject) end, null, null
                    from queue.log g
                    where g.lane = p_lane and g.position > p_late_position and g.position <= p_position
                      and g.xid = any (v_late) and pg_visible_in_snapshot(g.xid, p_late_snapshot)
                    order by g.position limit p_limit;
                    return;
                end if;
                if cardinality(v_late) > 0 then
                    return query
                    select g.position, true, g.id, g.published_at, g.tenant, g.type, g.subject,
                           nullif(g.headers, '{}'), case when queue.is_known(g.type, p_types, p_families) then g.body end,
                           case when v_some_wait then queue.has_retries(p_subscription, g.subject) end, null, null
                    from unnest(v_late) as late (xid),
                         -- OFFSET 0: from the transactions to their rows, and never along all of the lane behind the
                         -- cursor, which a planner without statistics takes for short.
                         lateral (select * from queue.log l
                                  where l.xid = late.xid and l.lane = p_lane and l.position <= p_position offset 0) g
                    order by g.position limit p_limit;
                    get diagnostics v_count = row_count;
                end if;
                if v_count < p_limit then
                    return query
                    select g.position, null::boolean, g.id, g.published_at, g.tenant, g.type, g.subject,
                           nullif(g.headers, '{}'), case when queue.is_known(g.type, p_types, p_families) then g.body end,
                           case when v_some_wait then queue.has_retries(p_subscription, g.subject) end, null, null
                    from queue.log g
                    where g.lane = p_lane and g.position > p_position
                    order by g.position limit p_limit;
                end if;
            end $$;

            -- Whether the type has a handler, or is another version of one that has.
            create function queue.is_known(p_type text, p_types text[], p_families text[]) returns boolean
            language sql immutable as $$
                select p_type = any (p_types) or regexp_replace(p_type, '\.v\d+$', '') = any (p_families)
            $$;
            """#
    )
}
