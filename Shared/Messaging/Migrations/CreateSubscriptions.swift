import Postgres

extension QueueMigrations {
    /// The life of topics and subscriptions: where they begin, how they are halted and ended.
    static let createSubscriptions = Migration(
        5,
        "topics and subscriptions of the queue",
        sql: """
            create function queue.create_topic(p_topic text, p_lanes int default 8) returns void
            language plpgsql as $$
            begin
                lock table queue.topics in share row exclusive mode;
                insert into queue.topics (topic, first_lane, lanes)
                select p_topic, coalesce(max(first_lane) + 4096, 0), p_lanes from queue.topics
                on conflict (topic) do nothing;
            end $$;
            select queue.create_topic(topic) from unnest(array['events', 'matchmaking', 'notifications']) topic;

            -- Gives a topic a multiple of its lanes, while it is published to and consumed. Tells false where a transaction
            -- that has published is still open after 100 ms: try again.
            create function queue.raise_lanes(p_topic text, p_lanes int) returns boolean
            language plpgsql set lock_timeout = '100ms' as $$
            declare
                t queue.topics;
            begin
                -- Publishers read this table. Those that did have ended, and those that come find the new lanes: so
                -- what was published to the old ones is at or before the sequence's present value.
                begin
                    lock table queue.topics in access exclusive mode;
                exception when lock_not_available then return false;
                end;
                select * into strict t from queue.topics where topic = p_topic;
                if p_lanes <= t.lanes or p_lanes % t.lanes <> 0 then
                    raise '% lanes can be raised to a multiple, not to %', t.lanes, p_lanes using errcode = '22023';
                end if;
                insert into queue.splits (topic, lanes_before, position)
                select p_topic, t.lanes, last_value from queue.positions;
                update queue.topics set lanes = p_lanes where topic = p_topic;
                insert into queue.ledger (subscription, lane, seq, position, snapshot, next_xid)
                select s.subscription, t.first_lane + n, 1, 0, pg_current_snapshot(), pg_current_xact_id()
                from queue.subscriptions s, generate_series(t.lanes, p_lanes - 1) n where s.topic = p_topic;
                perform pg_notify('queue lanes', '');
                return true;
            end $$;

            -- The last position drawn so far. Must come before the transaction's id is assigned: whoever drew a position
            -- up to this one then has a lower id.
            create function queue.last_position() returns bigint
            language plpgsql as $$
            begin
                if pg_current_xact_id_if_assigned() is not null then
                    raise 'this must come first in its transaction' using errcode = '25001';
                end if;
                return (select case when is_called then last_value else 0 end from queue.positions);
            end $$;

            -- Declares a subscription that begins with what was published at p_begin or later: with what the log still
            -- holds ('-infinity'), or from now on ('infinity'). Does nothing where it exists.
            create function queue.declare(p_name text, p_topic text, p_begin timestamptz default '-infinity') returns int
            language plpgsql as $$
            declare
                v_subscription int;
                v_topic text;
                v_last bigint;
            begin
                if (select cluster from queue.ring) <> (pg_control_system()).system_identifier then
                    raise 'the queue was restored from a dump: SELECT queue.rebase() first' using errcode = 'TWQ02';
                end if;
                select subscription, topic into v_subscription, v_topic from queue.subscriptions where name = p_name;
                if not found then
                    lock table queue.topics in access share mode;
                    v_last := queue.last_position();
                    v_topic := p_topic;
                    insert into queue.subscriptions (name, topic) values (p_name, p_topic)
                    on conflict (name) do nothing returning subscription into v_subscription;
                    if not found then return queue.declare(p_name, p_topic, p_begin); end if;
                    insert into queue.ledger (subscription, lane, seq, position, snapshot, next_xid)
                    -- No position that was drawn since: its transaction may have begun after this one.
                    select v_subscription, t.first_lane + n, 1,
                           least(queue.position_before(t.first_lane + n, p_begin, v_last), v_last),
                           pg_current_snapshot(), pg_current_xact_id()
                    from queue.topics t, generate_series(0, t.lanes - 1) n where t.topic = p_topic;
                end if;
                if v_topic <> p_topic then
                    raise 'subscription % is declared for topic %', p_name, v_topic using errcode = '42710';
                end if;
                return v_subscription;
            end $$;

            -- Nobody takes lanes or retries of it any more; who works on one finishes the batch and gives it back. Tells
            -- whether there is such a subscription.
            create function queue.pause(p_name text) returns boolean
            language plpgsql as $$
            begin
                perform pg_notify('queue lanes', '');
                update queue.subscriptions set paused_at = coalesce(paused_at, clock_timestamp()) where name = p_name;
                return found;
            end $$;

            create function queue.resume(p_name text) returns boolean
            language plpgsql as $$
            begin
                perform pg_notify('queue lanes', '');
                update queue.subscriptions set paused_at = null where name = p_name;
                return found;
            end $$;

            -- Whether a paused subscription has no batch and no retry in hand.
            create function queue.is_drained(p_name text) returns boolean
            language sql stable as $$
                select exists (select from queue.subscriptions where name = p_name and paused_at is not null)
                   and not exists (
                       select from queue.subscriptions s join queue.topics t using (topic), generate_series(0, t.lanes - 1) n,
                                   queue.newest(s.subscription, t.first_lane + n) c join queue.living w on w.worker = c.owner
                       where s.name = p_name)
                   and not exists (
                       select from queue.subscriptions s join queue.retries r using (subscription)
                       where s.name = p_name and r.is_claimed and r.due > clock_timestamp())
            $$;

            -- Ends a subscription: the log no longer waits for it, and its retries and dead letters go. Who works on one
            -- of its lanes finds it taken over; the rows that do this stay. Tells whether there was such a subscription.
            create function queue.unsubscribe(p_name text) returns boolean
            language plpgsql as $$
            declare
                v_subscription int;
            begin
                select subscription into v_subscription from queue.subscriptions where name = p_name;
                if not found then return false; end if;
                perform queue.fence(v_subscription, t.first_lane + n)
                from queue.subscriptions s join queue.topics t using (topic), generate_series(0, t.lanes - 1) n
                where s.subscription = v_subscription;
                perform pg_notify('queue lanes', '');
                delete from queue.subscriptions where subscription = v_subscription;
                delete from queue.retries where subscription = v_subscription;
                delete from queue.dead_letters where subscription = v_subscription;
                delete from queue.ledger l where l.subscription = v_subscription
                    and l.seq < (select c.seq from queue.newest(v_subscription, l.lane) c);
                return true;
            end $$;

            -- Retries of one key in order. Whoever adds to them or takes from them has the key to itself from here to
            -- the end of its transaction.
            create function queue.lock_key(p_subscription int, p_subject text) returns void
            language sql as $$ select pg_advisory_xact_lock(hashtextextended(p_subject, p_subscription)) $$;

            create function queue.has_retries(p_subscription int, p_subject text) returns boolean
            language sql stable as $$
                select exists (select from queue.retries where subscription = p_subscription and subject = p_subject)
            $$;

            -- Puts messages of a lane behind those of their keys that are among the retries; to the front where these have
            -- gone by now.
            create function queue.park(p_subscription int, p_lane int, p_positions bigint[]) returns void
            language plpgsql set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            declare
                m queue.log;
            begin
                for m in select l.* from unnest(p_positions) with ordinality p (position, place)
                         join queue.log l on l.lane = p_lane and l.position = p.position order by p.place
                loop
                    perform queue.lock_key(p_subscription, m.subject);
                    insert into queue.retries (subscription, due, attempt, error, id, published_at, tenant, type, subject,
                                               headers, body)
                    select p_subscription,
                           case when queue.has_retries(p_subscription, m.subject) then 'infinity'
                                else clock_timestamp() end,
                           1, 'waits behind an earlier message of its key', m.id, m.published_at, m.tenant, m.type,
                           m.subject, m.headers, m.body
                    on conflict do nothing;
                end loop;
            end $$;

            -- Takes a message from the retries, and lets the next one that waits behind it go on. Tells whether it was
            -- there.
            create function queue.end_retry(p_subscription int, p_id uuid) returns boolean
            language plpgsql set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            declare
                v_subject text;
            begin
                delete from queue.retries where subscription = p_subscription and id = p_id returning subject into v_subject;
                if not found then return false; end if;
                perform queue.lock_key(p_subscription, v_subject);
                update queue.retries set due = clock_timestamp()
                where subscription = p_subscription and subject = v_subject and due = 'infinity'
                  and place = (select min(r.place) from queue.retries r
                               where r.subscription = p_subscription and r.subject = v_subject);
                return true;
            end $$;

            -- From the retries to the dead letters, unless its claim ran out: then p_attempt is no longer the next one.
            create function queue.bury_retry(p_subscription int, p_id uuid, p_attempt int, p_error text) returns void
            language plpgsql set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
            begin
                perform from queue.retries where subscription = p_subscription and id = p_id and attempt = p_attempt
                for update;
                if not found then return; end if;
                insert into queue.dead_letters (subscription, attempt, error, id, published_at, tenant, type, subject,
                                                headers, body)
                select subscription, attempt - 1, p_error, id, published_at, tenant, type, subject, headers, body
                from queue.retries where subscription = p_subscription and id = p_id
                on conflict do nothing;
                perform queue.end_retry(p_subscription, p_id);
            end $$;

            revoke execute on function queue.create_topic, queue.raise_lanes, queue.unsubscribe, queue.pause, queue.resume
                from public;
            """
    )
}
