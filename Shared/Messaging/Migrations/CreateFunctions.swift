import Postgres

extension QueueMigrations {
    /// What consumers do with lanes. `read` and `take` carry their planner settings with them, so that the plan stays
    /// on the index whatever autoanalyze last saw (a freshly truncated segment, a ledger full of dead rows), and the
    /// handlers' own statements keep the server's settings.
    static let createFunctions = Migration(
        2,
        "functions of the queue",
        sql: #"""
            create function queue.create_topic(p_topic text, p_lanes int default 8) returns void
            language plpgsql as $$
            begin
                lock table queue.topics in share row exclusive mode;
                insert into queue.topics (topic, first_lane, lanes)
                select p_topic, coalesce(max(first_lane + lanes), 0), p_lanes from queue.topics
                on conflict (topic) do nothing;
            end $$;

            -- Declares a subscription that begins with what the log still holds. Does nothing where it exists.
            create function queue.declare(p_name text, p_topic text) returns int
            language plpgsql as $$
            declare
                v_subscription int;
                v_topic text;
            begin
                insert into queue.subscriptions (name, topic) values (p_name, p_topic)
                on conflict (name) do nothing returning subscription into v_subscription;
                if v_subscription is null then
                    select subscription, topic into v_subscription, v_topic from queue.subscriptions where name = p_name;
                    if v_topic <> p_topic then
                        raise 'subscription % is declared for topic %', p_name, v_topic using errcode = '42710';
                    end if;
                else
                    insert into queue.ledger (subscription, lane, seq, position, snapshot, next_xid)
                    select v_subscription, t.first_lane + n, 1, 0, pg_current_snapshot(), pg_current_xact_id()
                    from queue.topics t, generate_series(0, t.lanes - 1) n where t.topic = p_topic;
                end if;
                return v_subscription;
            end $$;

            -- Takes those of the lanes that are free: given back, or of an owner that is no longer alive.
            create function queue.take(p_subscription int, p_lanes int[], p_worker uuid) returns setof queue.ledger
            language plpgsql set enable_seqscan = off set enable_bitmapscan = off as $$
            begin
                return query
                insert into queue.ledger (subscription, lane, seq, owner, attempt, position, snapshot, next_xid,
                                          late_position, late_snapshot, seen, handled)
                select c.subscription, c.lane, c.seq + 1, p_worker, c.attempt + (c.owner is not null)::int, c.position,
                       c.snapshot, c.next_xid, c.late_position, c.late_snapshot, c.seen, c.handled
                from unnest(p_lanes) as wanted (lane),
                     lateral (select * from queue.ledger l where l.subscription = p_subscription and l.lane = wanted.lane
                              order by l.seq desc limit 1) c
                where c.owner is null or c.owner = p_worker
                   or not exists (select from queue.workers w
                                  where w.worker = c.owner and w.alive_until > clock_timestamp())
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
            language plpgsql set enable_seqscan = off set enable_bitmapscan = off as $$
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
            -- beyond it. The first row has no position: it tells the snapshot that all of this was read in. Types that
            -- nobody here knows come without their body. STABLE: all its statements see the caller's snapshot.
            -- p_next_xid NULL: as the ledger's row p_seq has it.
            create function queue.read(
                p_subscription int, p_lane int, p_seq bigint, p_position bigint, p_snapshot pg_snapshot,
                p_next_xid xid8, p_late_position bigint, p_late_snapshot pg_snapshot, p_limit int, p_types text[],
                p_families text[]
            ) returns table (
                "position" bigint, is_late boolean, id uuid, published_at timestamptz, tenant uuid, type text,
                subject text, headers jsonb, body jsonb,
                is_known boolean, snapshot text, next_xid text
            )
            language plpgsql stable
            set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set jit = off
            as $$
            #variable_conflict use_column
            declare
                v_late xid8[];
                v_count bigint := 0;
            begin
                if p_next_xid is null then
                    select l.next_xid into p_next_xid from queue.ledger l
                    where l.subscription = p_subscription and l.lane = p_lane and l.seq = p_seq;
                end if;
                return query select null::bigint, false, null::uuid, null::timestamptz, null::uuid, null, null,
                                    null::jsonb, null::jsonb, false, pg_current_snapshot()::text, p_next_xid::text;
                -- The transactions that may have written behind the cursor after it passed.
                v_late := array(
                    select x from pg_snapshot_xip(p_snapshot) x where x < p_next_xid
                    union all
                    select n::text::xid8
                    from generate_series(pg_snapshot_xmax(p_snapshot)::text::bigint, p_next_xid::text::bigint - 1) n
                );
                if p_late_snapshot is not null then
                    -- The next page: along the lane, since late rows lie densely here.
                    return query
                    select g.position, true, g.id, g.published_at, g.tenant, g.type, g.subject, g.headers,
                           case when queue.is_known(g.type, p_types, p_families) then g.body end,
                           queue.is_known(g.type, p_types, p_families), null, null
                    from queue.log g
                    where g.lane = p_lane and g.position > p_late_position and g.position <= p_position
                      and g.xid = any (v_late) and pg_visible_in_snapshot(g.xid, p_late_snapshot)
                    order by g.position limit p_limit;
                    return;
                end if;
                if cardinality(v_late) > 0 then
                    return query
                    select g.position, true, g.id, g.published_at, g.tenant, g.type, g.subject, g.headers,
                           case when queue.is_known(g.type, p_types, p_families) then g.body end,
                           queue.is_known(g.type, p_types, p_families), null, null
                    from unnest(v_late) as late (xid),
                         lateral (select * from queue.log l
                                  where l.xid = late.xid and l.lane = p_lane and l.position <= p_position) g
                    order by g.position limit p_limit;
                    get diagnostics v_count = row_count;
                end if;
                if v_count < p_limit then
                    return query
                    select g.position, false, g.id, g.published_at, g.tenant, g.type, g.subject, g.headers,
                           case when queue.is_known(g.type, p_types, p_families) then g.body end,
                           queue.is_known(g.type, p_types, p_families), null, null
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
