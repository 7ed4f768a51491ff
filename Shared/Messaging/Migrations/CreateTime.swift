import Postgres

extension QueueMigrations {
    /// What waits for its time: keys that keep a message from being published twice, timers, schedules. Rows are few
    /// beside those of the log, and come and go.
    static let createTime = Migration(
        4,
        "deduplication, timers and schedules of the queue",
        sql: """
            -- A key publishes once until kept_until.
            create table queue.deduplication_keys (
                tenant uuid not null,
                topic text not null,
                key text not null check (length(key) between 1 and 255),
                -- The message that the key stands for.
                message uuid not null,
                kept_until timestamptz not null,
                primary key (tenant, topic, key)
            );
            create index deduplication_keys_old on queue.deduplication_keys (kept_until);

            -- Drops some keys whose time is over, so that the table stays small. Tells how many.
            create function queue.forget_keys(p_limit int default 10000) returns int
            language plpgsql security definer set search_path = pg_catalog, pg_temp
            set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            declare
                v_count int;
            begin
                delete from queue.deduplication_keys k
                using (select tenant, topic, key from queue.deduplication_keys where kept_until <= clock_timestamp()
                       order by kept_until limit p_limit for update skip locked) old
                where k.tenant = old.tenant and k.topic = old.topic and k.key = old.key;
                get diagnostics v_count = row_count;
                return v_count;
            end $$;

            -- Messages that enter the log when their time has come.
            create table queue.timers (
                -- Of the message.
                id uuid primary key,
                due timestamptz not null,
                tenant uuid not null,
                topic text not null,
                -- To cancel or replace it by; NULL: it stands.
                key text check (length(key) between 1 and 255),
                type text not null,
                subject text not null,
                headers jsonb not null,
                body json not null,
                unique (tenant, topic, key)
            );
            create index timers_due on queue.timers (due, id);

            -- Moves timers that are due at p_present into the log, in the order of their times: at most p_limit, and one
            -- worker at a time, so that the next ones come behind them. Leaves aside what a transaction is about to
            -- cancel or to replace. Tells how many entered and of which topics, and in how many seconds the next is due
            -- (NULL: none, or another worker is at it).
            create function queue.fire_timers(
                p_present timestamptz default clock_timestamp(), p_limit int default 1000,
                out fired int, out topics text[], out next_due_in float8
            ) language plpgsql security definer set search_path = pg_catalog, pg_temp
            set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            begin
                fired := 0;
                topics := '{}';
                if exists (select from queue.timers where due <= p_present) then
                    if not pg_try_advisory_xact_lock(hashtextextended('queue.fire_timers', 0)) then return; end if;
                    with chosen as materialized (
                             select id from queue.timers where due <= p_present
                             order by due, id limit p_limit for update skip locked),
                         gone as (delete from queue.timers t using chosen c where t.id = c.id returning t.*),
                         entered as (
                             insert into queue.log (id, tenant, lane, segment, type, subject, headers, body)
                             select g.id, g.tenant,
                                    t.first_lane + (hashtextextended(g.subject, 0) & 2147483647) % t.lanes,
                                    r.segment, g.type, g.subject, g.headers, g.body
                             from gone g left join queue.topics t using (topic) cross join queue.ring r
                             order by g.due, g.id)
                    select count(*), coalesce(array_agg(distinct g.topic), '{}') into fired, topics from gone g;
                end if;
                select extract(epoch from min(due) - p_present) into next_due_in from queue.timers;
            end $$;

            -- A row for each named schedule: the fence between the replicas that declare it. To fire is to move next_at
            -- on from the value that was read, in the transaction of the effects.
            create table queue.schedules (
                name text primary key,
                cron text not null,
                time_zone text not null,
                next_at timestamptz not null,
                -- The time that the last firing was meant for, and when it happened.
                fired_for timestamptz,
                fired_at timestamptz,
                fired bigint not null default 0,
                -- About when a process that declares it so looked last.
                served_at timestamptz not null default clock_timestamp()
            );

            grant select, insert, update on queue.deduplication_keys to tradewind_queue;
            grant select, insert, update, delete on queue.timers to tradewind_queue;
            grant select, insert, update on queue.schedules to tradewind_queue;
            revoke execute on function queue.forget_keys, queue.fire_timers from public;
            grant execute on function queue.forget_keys, queue.fire_timers to tradewind_queue;

            -- As with publishing: a transaction sees and writes what is its own tenant's. The functions above are the
            -- owner's and serve all.
            alter table queue.deduplication_keys enable row level security;
            create policy tenant on queue.deduplication_keys
                using (tenant = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            alter table queue.timers enable row level security;
            create policy tenant on queue.timers
                using (tenant = nullif(current_setting('tradewind.tenant', true), '')::uuid);
            """
    )
}
