import Postgres

extension QueueMigrations {
    /// Setting a subscription back, to deliver again, or forward, over what it lags behind: while it is worked on or not.
    static let createReplay = Migration(
        6,
        "replaying and cutting off subscriptions of the queue",
        sql: """
            -- A position of a lane before which all was published before a time: found by halving, since positions are
            -- nearly in order of time. The clocks of those that wrote at once may differ by ten seconds.
            create function queue.position_near(p_lane int, p_time timestamptz) returns bigint
            language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            declare
                v_low bigint := (select position from queue.log where lane = p_lane order by position limit 1);
                v_high bigint := (select position from queue.log where lane = p_lane order by position desc limit 1);
                v_middle bigint;
                v_time timestamptz;
            begin
                while v_low < v_high loop
                    v_middle := (v_low + v_high) / 2;
                    select published_at into v_time from queue.log
                    where lane = p_lane and position > v_middle order by position limit 1;
                    if v_time < p_time - interval '10 s' then v_low := v_middle + 1; else v_high := v_middle; end if;
                end loop;
                return coalesce(v_low, 0);
            end $$;

            -- The position in a lane before what was published at a time or later: 0 for '-infinity', and p_last where
            -- nothing was.
            create function queue.position_before(p_lane int, p_time timestamptz, p_last bigint) returns bigint
            language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            begin
                return case p_time when '-infinity' then 0 when 'infinity' then p_last
                       else coalesce((select position - 1 from queue.log
                                      where lane = p_lane and position >= (select queue.position_near(p_lane, p_time))
                                        and published_at >= p_time
                                      order by position limit 1), p_last) end;
            end $$;

            -- Takes a lane from whoever works on it, who will find it taken over when he acknowledges. Tells the row that
            -- it appended, which stands where the lane stood.
            create function queue.fence(p_subscription int, p_lane int) returns queue.ledger
            language plpgsql set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            declare
                c queue.ledger;
            begin
                loop
                    insert into queue.ledger (subscription, lane, seq, position, snapshot, next_xid, late_position,
                                              late_snapshot, seen, handled)
                    select n.subscription, n.lane, n.seq + 1, n.position, n.snapshot, n.next_xid, n.late_position,
                           n.late_snapshot, n.seen, n.handled
                    from queue.newest(p_subscription, p_lane) n
                    on conflict do nothing
                    returning * into c;
                    if found then return c; end if;
                end loop;
            end $$;

            -- How many messages a lane holds after a position and up to another: counted to p_limit, and from there on
            -- reckoned by the positions.
            create function queue.count_between(p_lane int, p_after bigint, p_until bigint, p_limit int default 1000000)
            returns bigint
            language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            declare
                v_count bigint;
                v_last bigint;
            begin
                select count(*), max(position) into v_count, v_last
                from (select position from queue.log where lane = p_lane and position > p_after and position <= p_until
                      order by position limit p_limit) x;
                return case when v_count < p_limit then v_count
                       else v_count * ((p_until - p_after)::float8 / (v_last - p_after)) end;
            end $$;

            -- How many messages lie behind a cursor and after a position that it has not settled: those committed late.
            create function queue.count_late(c queue.ledger, p_after bigint) returns bigint
            language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            begin
                return (select count(*)
                        from unnest(queue.late_xids(c.snapshot, c.next_xid)) late (xid),
                             lateral (select from queue.log l
                                      where l.xid = late.xid and l.lane = c.lane
                                        and l.position > p_after and l.position <= c.position
                                        and (c.late_position is null or l.position > c.late_position
                                             or not pg_visible_in_snapshot(l.xid, c.late_snapshot)) offset 0) g);
            end $$;

            -- Appends to a fenced lane's row one that stands further back, so that what the lane has passed since is
            -- delivered again. What was committed behind the cursor and is not read yet still comes.
            create function queue.set_back(c queue.ledger, p_position bigint) returns void
            language sql as $$
                insert into queue.ledger (subscription, lane, seq, position, snapshot, next_xid, late_position,
                                          late_snapshot, seen, handled)
                select c.subscription, c.lane, c.seq + 1, p_position, c.snapshot, c.next_xid,
                       case when c.late_position is not null then least(c.late_position, p_position) end,
                       c.late_snapshot,
                       c.seen - queue.count_between(c.lane, p_position, c.position) + queue.count_late(c, p_position),
                       c.handled
                where p_position < c.position
            $$;

            -- One that stands further on: what can be seen now of all that lies between never comes.
            create function queue.set_forward(c queue.ledger, p_position bigint) returns void
            language sql as $$
                insert into queue.ledger (subscription, lane, seq, position, snapshot, next_xid, seen, handled)
                select c.subscription, c.lane, c.seq + 1, p_position, pg_current_snapshot(), pg_current_xact_id(),
                       c.seen + queue.count_between(c.lane, c.position, p_position) + queue.count_late(c, 0), c.handled
                where p_position >= c.position
            $$;

            -- Fences every lane of a subscription.
            create function queue.fence_all(p_name text) returns setof queue.ledger
            language plpgsql as $$
            begin
                return query
                select c.*
                from queue.subscriptions s join queue.topics t using (topic), generate_series(0, t.lanes - 1) n,
                     queue.fence(s.subscription, t.first_lane + n) c
                where s.name = p_name;
                if not found then
                    raise 'there is no subscription %', p_name using errcode = '42704';
                end if;
                perform pg_notify('queue lanes', '');
            end $$;

            -- Delivers again what was published at a time or later: of '-infinity', all that the log holds. Lanes that have
            -- not come so far stay where they are. Retries and dead letters stay as they are.
            create function queue.replay(p_name text, p_from timestamptz) returns void
            language sql as $$
                select queue.set_back(c, queue.position_before(c.lane, p_from, c.position))
                from queue.fence_all(p_name) c
            $$;

            -- Again from a message of the log, which is found by a scan.
            create function queue.replay_message(p_name text, p_message uuid) returns void
            language plpgsql as $$
            declare
                v_position bigint := (select min(position) from queue.log where id = p_message);
            begin
                if v_position is null then
                    raise 'the log holds no message %', p_message using errcode = '42704';
                end if;
                perform queue.set_back(c, v_position - 1) from queue.fence_all(p_name) c;
            end $$;

            -- Jumps over what was published before a time and is not read: with 'infinity', over all of it.
            create function queue.cut_off(p_name text, p_until timestamptz) returns void
            language plpgsql as $$
            declare
                v_last bigint := queue.last_position();
            begin
                perform queue.set_forward(c, queue.position_before(c.lane, p_until, v_last))
                from queue.fence_all(p_name) c;
            end $$;

            revoke execute on function queue.fence, queue.fence_all, queue.set_back, queue.set_forward, queue.replay,
                queue.replay_message, queue.cut_off from public;
            """
    )
}
