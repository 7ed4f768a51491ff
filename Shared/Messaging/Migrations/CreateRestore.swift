import Postgres

extension QueueMigrations {
    /// What lets the queue live on after a dump and restore.
    static let createRestore = Migration(
        7,
        "restoring the queue from a dump",
        sql: """
            -- The ids of transactions, by which cursors know what commits behind them, mean nothing in another cluster.
            -- After a restore this writes them anew: low ones, which are long past there, and kept apart only where a cursor
            -- has yet to read what was committed behind it. Nobody may use the queue meanwhile; consumers refuse to
            -- begin before.
            create function queue.rebase() returns void
            language plpgsql set jit = off as $$
            declare
                v_first constant bigint := 10;
                v_end bigint;
            begin
                lock table queue.log, queue.ledger, queue.workers in access exclusive mode;
                create temp table cursors on commit drop as
                select c.*, queue.late_xids(c.snapshot, c.next_xid) as late
                from queue.subscriptions s join queue.topics t using (topic), generate_series(0, t.lanes - 1) n,
                     queue.newest(s.subscription, t.first_lane + n) c;

                create temp table unread on commit drop as
                select x.xid, v_first + row_number() over (order by x.xid) - 1 as new
                from (select distinct l.xid from cursors c, queue.log l
                      where l.xid = any (c.late) and l.lane = c.lane and l.position <= c.position) x;
                select v_first + count(*) into v_end from unread;
                if v_end > pg_snapshot_xmin(pg_current_snapshot())::text::bigint then
                    raise 'too many open transactions in the dump: run % others first', v_end using errcode = '55000';
                end if;

                insert into queue.ledger (subscription, lane, seq, position, snapshot, next_xid, late_position,
                                          late_snapshot, seen, handled)
                select c.subscription, c.lane, c.seq + 1, c.position, u.snapshot, v_end::text::xid8, c.late_position,
                       case when c.late_position is not null then u.late_snapshot end, c.seen, c.handled
                from cursors c,
                     lateral (select format('%s:%s:%s', coalesce(min(new), v_end), v_end,
                                            string_agg(new::text, ',' order by new))::pg_snapshot as snapshot,
                                     format('%s:%s:%s', coalesce(min(new) filter (where not is_in_page), v_end), v_end,
                                            string_agg(new::text, ',' order by new) filter (where not is_in_page)
                                     )::pg_snapshot as late_snapshot
                              from (select new, pg_visible_in_snapshot(xid, c.late_snapshot) as is_in_page
                                    from unread where xid = any (c.late)) x) u;

                update queue.log l
                set xid = coalesce((select new from unread u where u.xid = l.xid), v_first - 1)::text::xid8;
                delete from queue.workers;
                update queue.ring set cluster = (pg_control_system()).system_identifier;
            end $$;
            revoke execute on function queue.rebase from public;
            """
    )
}
