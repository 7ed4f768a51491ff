import Postgres

extension QueueMigrations {
    /// What the queue keeps. Hot tables are only ever inserted into; a row that changes is an exception.
    static let createTables = Migration(
        1,
        "tables of the queue",
        sql: """
            -- Where publishers write now. The log is a set of segments, each emptied by TRUNCATE when all have read it.
            create table queue.ring (
                one boolean primary key default true check (one),
                segment smallint not null default 0,
                since timestamptz not null default clock_timestamp(),
                -- How long segments are kept that all have read, so that a subscription can be replayed.
                retention interval not null default '0' check (retention >= '0'),
                -- Where the transaction ids in these tables mean something. See queue.rebase.
                cluster bigint not null default (pg_control_system()).system_identifier
            );
            insert into queue.ring default values;

            create table queue.segments (
                segment smallint primary key,
                -- When publishing moved on from it, until it is emptied.
                closed_at timestamptz,
                -- Since when it is empty. Both NULL: it is the present one.
                emptied_at timestamptz,
                check (closed_at is null or emptied_at is null)
            );
            insert into queue.segments (segment, emptied_at)
            select n, case when n > 0 then clock_timestamp() end from generate_series(0, 2) n;

            -- A topic owns the lanes first_lane ..< first_lane + lanes, and may be given more of its 4096.
            create table queue.topics (
                topic text primary key,
                first_lane int not null unique check (first_lane % 4096 = 0),
                lanes int not null check (lanes between 1 and 4096)
            );

            -- How lanes were raised. The keys of a new lane come from the lane n % lanes_before, where what was published
            -- of them until then has at most this position.
            create table queue.splits (
                topic text not null references queue.topics,
                lanes_before int not null,
                position bigint not null,
                primary key (topic, lanes_before)
            );

            create table queue.subscriptions (
                subscription int generated always as identity primary key,
                name text not null unique,
                topic text not null references queue.topics,
                -- Messages that were handled from the retries: the ledger counts the others.
                recovered bigint not null default 0,
                -- While set, nobody takes its lanes or retries.
                paused_at timestamptz
            );

            -- Must stay CACHE 1: a later position must be drawn later.
            create sequence queue.positions;

            create table queue.log (
                -- First column: the transaction's id is assigned before the position is drawn. A cursor that has
                -- passed a position knows by this which transactions may still commit behind it.
                xid xid8 not null default pg_current_xact_id(),
                position bigint not null default nextval('queue.positions'),
                published_at timestamptz not null default clock_timestamp(),
                id uuid not null,
                tenant uuid not null,
                lane int not null,
                segment smallint not null,
                type text not null,
                subject text not null,
                headers jsonb not null,
                body json not null
            ) partition by list (segment);
            create table queue.log_0 partition of queue.log for values in (0);
            create table queue.log_1 partition of queue.log for values in (1);
            create table queue.log_2 partition of queue.log for values in (2);
            -- Reads beyond a cursor.
            create index log_forward on queue.log (lane, position);
            -- Commits that land behind a cursor.
            create index log_late on queue.log (xid, lane, position);

            -- One row for each take, acknowledgement and release of a lane by a subscription; the newest row is the
            -- cursor and the ownership. Its primary key is the fence: two workers that both believe they own the lane
            -- collide on seq, and the later one's whole transaction is rolled back.
            -- No foreign keys: an acknowledgement must not lock rows that all share.
            create table queue.ledger (
                subscription int not null,
                lane int not null,
                seq bigint not null,
                written_at timestamptz not null default clock_timestamp(),
                -- NULL: given back.
                owner uuid,
                -- Takeovers from an owner that vanished, since the lane last made progress.
                attempt int not null default 0,
                -- Settled is what has position <= this one and is visible in the snapshot. What is at or before the
                -- position and not visible was written by a transaction below next_xid.
                position bigint not null,
                snapshot pg_snapshot not null,
                next_xid xid8 not null,
                -- Set while late commits are settled in parts.
                late_position bigint,
                late_snapshot pg_snapshot,
                -- Messages passed and messages handled since the subscription began.
                seen bigint not null default 0,
                handled bigint not null default 0,
                primary key (subscription, lane, seq)
            );

            -- Who consumes, and what. See queue.living.
            create table queue.workers (
                worker uuid primary key,
                name text not null,
                alive_until timestamptz not null,
                -- Of the session lock that it holds on a connection of its own. NULL: it lives by its lease alone.
                lock int check (lock > 0),
                -- Empty while it ends.
                subscriptions int[] not null
            );

            -- A worker is dead at once when its connection is gone, and when it stands still for longer than its lease.
            create view queue.living as
            select w.worker, w.name, w.lock, w.subscriptions from queue.workers w
            where w.alive_until > clock_timestamp()
              and (w.lock is null or w.lock in (
                  select k.objid::bigint from pg_locks k
                  where k.locktype = 'advisory' and k.classid = 1953984876 and k.objsubid = 2
                    and k.database = (select oid from pg_database where datname = current_database())));

            -- Failed messages that will be tried again, and those that won't.
            create table queue.retries (
                subscription int not null,
                id uuid not null,
                -- 'infinity': waits behind an earlier one of its key.
                due timestamptz not null,
                -- A worker has it in hand, until it is due again.
                is_claimed boolean not null default false,
                -- The attempt that comes next: from 2, or 1 where none was made yet.
                attempt int not null,
                failed_at timestamptz not null default clock_timestamp(),
                error text not null,
                published_at timestamptz not null,
                tenant uuid not null,
                type text not null,
                subject text not null,
                headers jsonb not null,
                body json not null,
                -- In the order of delivery.
                place bigint not null generated always as identity,
                primary key (subscription, id)
            );
            create index retries_due on queue.retries (subscription, due);
            create index retries_of_key on queue.retries (subscription, subject, place);

            create table queue.dead_letters (
                subscription int not null,
                id uuid not null,
                attempt int not null,
                failed_at timestamptz not null default clock_timestamp(),
                error text not null,
                published_at timestamptz not null,
                tenant uuid not null,
                type text not null,
                subject text not null,
                headers jsonb not null,
                body json not null,
                primary key (subscription, id)
            );
            """
    )
}
