import Postgres

extension QueueMigrations {
    /// Emptying segments, trimming the ledger, and who may do what.
    static let createMaintenance = Migration(
        3,
        "maintenance and rights of the queue",
        sql: """
            -- Whether a cursor still needs something of a segment.
            create function queue.is_read(p_segment int) returns boolean
            language plpgsql set enable_seqscan = off set enable_bitmapscan = off as $$
            declare
                c record;
                v_unread boolean;
            begin
                for c in
                    select x.lane, z.position, z.snapshot, z.next_xid, z.late_position
                    from (select s.subscription, t.first_lane + n as lane
                          from queue.subscriptions s join queue.topics t using (topic), generate_series(0, t.lanes - 1) n) x,
                         lateral (select * from queue.ledger l where l.subscription = x.subscription and l.lane = x.lane
                                  order by l.seq desc limit 1) z
                loop
                    execute format(
                        'select $3 is not null
                             or exists (select from queue.log_%1$s where lane = $1 and position > $2)
                             or exists (select from unnest(
                                            array(select x from pg_snapshot_xip($4) x where x < $5)
                                            || array(select n::text::xid8 from generate_series(
                                                 pg_snapshot_xmax($4)::text::bigint, $5::text::bigint - 1) n)
                                        ) late (xid)
                                        join queue.log_%1$s g on g.xid = late.xid and g.lane = $1 and g.position <= $2)',
                        p_segment
                    ) into v_unread using c.lane, c.position, c.late_position, c.snapshot, c.next_xid;
                    if v_unread then return false; end if;
                end loop;
                return true;
            end $$;

            -- Moves publishing to the next segment once every cursor has passed what is in it, which is then dropped:
            -- when the present one is p_bytes large or p_age old. Waits at most 50 ms for its lock, and so gives way to
            -- publishers whose transaction is still open. Tells whether it did.
            create function queue.rotate(p_age interval default '1 hour', p_bytes bigint default 268435456)
            returns boolean
            language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '50ms' as $$
            declare
                r queue.ring;
                v_next smallint;
                v_bytes bigint;
            begin
                if not pg_try_advisory_xact_lock(hashtextextended('queue.rotate', 0)) then return false; end if;
                select * into r from queue.ring;
                v_next := (r.segment + 1) % r.segments;
                v_bytes := pg_relation_size(format('queue.log_%s', r.segment)::regclass);
                if v_bytes = 0 or (v_bytes < p_bytes and r.since > clock_timestamp() - p_age) then return false; end if;
                begin
                    execute format('lock table queue.log_%s in access exclusive mode', v_next);
                exception when lock_not_available then return false;
                end;
                if not queue.is_read(v_next) then return false; end if;
                execute format('truncate queue.log_%s', v_next);
                update queue.ring set segment = v_next, since = clock_timestamp();
                return true;
            end $$;

            -- Drops rows of the ledger that newer ones have replaced, and workers that have long been gone.
            create function queue.trim(p_age interval default '10 minutes') returns bigint
            language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
            declare
                v_count bigint;
            begin
                if not pg_try_advisory_xact_lock(hashtextextended('queue.trim', 0)) then return 0; end if;
                delete from queue.workers where alive_until < clock_timestamp() - p_age;
                delete from queue.ledger l
                using (select s.subscription, t.first_lane + n as lane,
                              (select max(z.seq) from queue.ledger z
                               where z.subscription = s.subscription and z.lane = t.first_lane + n) as newest
                       from queue.subscriptions s join queue.topics t using (topic), generate_series(0, t.lanes - 1) n) x
                where l.subscription = x.subscription and l.lane = x.lane and l.seq < x.newest
                  and l.written_at < clock_timestamp() - p_age;
                get diagnostics v_count = row_count;
                return v_count;
            end $$;

            -- What lies beyond a position of a lane: how much (counted to 10,000) and since when.
            create function queue.lag(p_lane int, p_position bigint, out pending bigint, out oldest timestamptz)
            language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off as $$
            begin
                select count(*), min(published_at) into pending, oldest
                from (select published_at from queue.log where lane = p_lane and position > p_position
                      order by position limit 10000) x;
            end $$;

            select queue.create_topic(topic) from unnest(array['events', 'matchmaking', 'notifications']) topic;

            -- Roles belong to the whole cluster: another database may have made this one, or be making it now.
            do $$ begin
                create role tradewind_queue nologin;
            exception when duplicate_object or unique_violation then null;
            end $$;

            grant usage on schema queue to tradewind_queue;
            grant select on all tables in schema queue to tradewind_queue;
            grant insert on queue.log, queue.ledger, queue.subscriptions, queue.workers, queue.retries,
                queue.dead_letters to tradewind_queue;
            grant update (recovered) on queue.subscriptions to tradewind_queue;
            grant update, delete on queue.workers, queue.retries to tradewind_queue;
            grant delete on queue.dead_letters to tradewind_queue;
            grant usage, select on all sequences in schema queue to tradewind_queue;
            revoke execute on function queue.create_topic, queue.rotate, queue.trim, queue.is_read from public;
            grant execute on function queue.rotate, queue.trim to tradewind_queue;

            -- A service reads the messages of all tenants, since it handles them for all; that a transaction publishes
            -- for its own tenant only is held here. Retries and dead letters are copies of what a service read.
            alter table queue.log enable row level security;
            create policy read on queue.log for select using (true);
            create policy publish on queue.log for insert
                with check (tenant = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            """
    )
}
