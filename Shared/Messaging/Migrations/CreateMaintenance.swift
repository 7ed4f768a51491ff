import Postgres

extension QueueMigrations {
    /// Emptying segments, trimming the ledger, and who may do what.
    static let createMaintenance = Migration(
        3,
        "maintenance and rights of the queue",
        sql: """
            -- Whether no cursor needs anything of a segment any more.
            create function queue.is_read(p_segment int) returns boolean
            language plpgsql set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            declare
                c record;
                v_is_unread boolean;
            begin
                for c in
                    select z.*, queue.late_xids(z.snapshot, z.next_xid) as late
                    from queue.subscriptions s join queue.topics t using (topic), generate_series(0, t.lanes - 1) n,
                         queue.newest(s.subscription, t.first_lane + n) z
                loop
                    execute format(
                        'select $3 is not null
                             or exists (select from queue.log_%1$s where lane = $1 and position > $2)
                             or exists (select from unnest($4) late (xid)
                                        join queue.log_%1$s g on g.xid = late.xid and g.lane = $1 and g.position <= $2)',
                        p_segment
                    ) into v_is_unread using c.lane, c.position, c.late_position, c.late;
                    if v_is_unread then return false; end if;
                end loop;
                return true;
            end $$;

            -- Empties a segment that all have read. Waits at most 50 ms for its lock, and so gives way to publishers whose
            -- transaction is still open. Tells whether it did.
            create function queue.empty_segment(p_segment int) returns boolean
            language plpgsql set lock_timeout = '50ms' as $$
            begin
                if not queue.is_read(p_segment) then return false; end if;
                execute format('lock table queue.log_%s in access exclusive mode', p_segment);
                -- Again, now that nobody can write to it.
                if not queue.is_read(p_segment) then raise using errcode = '55P03'; end if;
                execute format('truncate queue.log_%s', p_segment);
                update queue.segments set closed_at = null, emptied_at = clock_timestamp() where segment = p_segment;
                return true;
            exception when lock_not_available then return false;
            end $$;

            -- Drops a segment that is empty, for each one makes reading dearer. Waits at most 10 ms for the lock on the log,
            -- since publishers have to wait behind it. Tells whether it did.
            create function queue.drop_segment(p_segment int) returns boolean
            language plpgsql set lock_timeout = '10ms' as $$
            declare
                v_is_empty boolean;
            begin
                lock table only queue.log in access exclusive mode;
                -- A transaction that still saw it as the present one may have written to it.
                execute format('select not exists (select from queue.log_%s)', p_segment) into v_is_empty;
                if not v_is_empty then return false; end if;
                execute format('drop table queue.log_%s', p_segment);
                delete from queue.segments where segment = p_segment;
                return true;
            exception when lock_not_available then return false;
            end $$;

            -- Takes one step of what the log needs and tells which; NULL: nothing.
            --   Empties the oldest segment that all have read and the retention lets go.
            --   Makes one where none is empty, since a subscription lags: the log grows until it has caught up, or is cut
            -- off or removed. Afterwards drops those beyond two that have been empty for p_idle.
            --   Moves publishing on to an empty one when the present one is p_age old (from the fourth that waits on each
            -- by a third older), or p_bytes large and no less than a quarter of the log: so that there are never many.
            create function queue.rotate(
                p_age interval default '1 hour', p_bytes bigint default 268435456, p_idle interval default '1 hour'
            ) returns text
            language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
            declare
                r queue.ring;
                v_segment int;
                v_bytes bigint;
                v_age interval;
            begin
                if not pg_try_advisory_xact_lock(hashtextextended('queue.rotate', 0)) then return null; end if;
                select * into r from queue.ring;
                for v_segment in select segment from queue.segments
                                 where closed_at <= clock_timestamp() - r.retention order by closed_at
                loop
                    if queue.empty_segment(v_segment) then return 'emptied ' || v_segment; end if;
                end loop;
                select segment into v_segment from queue.segments
                where emptied_at <= clock_timestamp() - p_idle
                  and (select count(*) from queue.segments where emptied_at is not null) > 2
                order by segment desc limit 1;
                if found and queue.drop_segment(v_segment) then return 'dropped ' || v_segment; end if;
                select min(segment) into v_segment from queue.segments where emptied_at is not null;
                if v_segment is null then
                    select max(segment) + 1 into v_segment from queue.segments;
                    execute format('create table queue.log_%s (like queue.log including defaults)', v_segment);
                    execute format('alter table queue.log attach partition queue.log_%1$s for values in (%1$s)', v_segment);
                    insert into queue.segments (segment, emptied_at) values (v_segment, clock_timestamp());
                    return 'made ' || v_segment;
                end if;
                select greatest(p_age * power(4 / 3.0, greatest(0, count(*) - 4)), r.retention / 8) into v_age
                from queue.segments where closed_at is not null;
                v_bytes := pg_relation_size(format('queue.log_%s', r.segment)::regclass);
                if v_bytes > 0 and (r.since <= clock_timestamp() - v_age
                        or v_bytes >= greatest(p_bytes, (select sum(pg_relation_size(format('queue.log_%s', segment)::regclass))
                                                         from queue.segments) / 4)) then
                    update queue.segments set closed_at = clock_timestamp() where segment = r.segment;
                    update queue.segments set emptied_at = null where segment = v_segment;
                    update queue.ring set segment = v_segment, since = clock_timestamp();
                    return 'moved to ' || v_segment;
                end if;
                return null;
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
                using (select c.subscription, c.lane, c.seq
                       from queue.subscriptions s join queue.topics t using (topic), generate_series(0, t.lanes - 1) n,
                            queue.newest(s.subscription, t.first_lane + n) c) x
                where l.subscription = x.subscription and l.lane = x.lane and l.seq < x.seq
                  and l.written_at < clock_timestamp() - p_age;
                get diagnostics v_count = row_count;
                return v_count;
            end $$;

            -- What lies beyond a position of a lane: how much (counted to 10,000: then it is at least so much) and since
            -- when.
            create function queue.lag(
                p_lane int, p_position bigint, out pending bigint, out at_least boolean, out oldest timestamptz
            ) language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            begin
                select count(*), count(*) = 10000, min(published_at) into pending, at_least, oldest
                from (select published_at from queue.log where lane = p_lane and position > p_position
                      order by position limit 10000) x;
            end $$;

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
            revoke execute on function queue.rotate, queue.trim, queue.is_read, queue.empty_segment, queue.drop_segment
                from public;
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
