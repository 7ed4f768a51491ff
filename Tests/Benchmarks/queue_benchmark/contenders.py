"""Each queue by its own statements, in the form that is kindest to it. All take the same payloads."""

import glob
import os
import shutil
import tempfile

from clients import Rate, array, pgbench, sample, swift

BODY = {"body": sample(1)}
BODIES = {"bodies": array([sample(n) for n in range(100)])}
# So many messages are read at once, however small the transactions are in which they are handled.
AHEAD = 32
TENANT = "0190a0a0-0000-7000-8000-000000000001"


class Raw:
    """The limit: a table with a key, bare inserts, DELETE … SKIP LOCKED."""

    name = "raw table"
    # Sizes of the batches that it can consume.
    consumed = (1, 100)

    def prepare(self, server):
        server.sql("CREATE TABLE IF NOT EXISTS raw (id bigserial PRIMARY KEY, body jsonb NOT NULL)")

    def reset(self, server):
        server.sql("TRUNCATE raw; VACUUM raw")

    def publish(self, server, batch, clients, count):
        if batch == 1:
            return pgbench(server, "INSERT INTO raw (body) VALUES (:body::jsonb);", clients, count, BODY)
        script = "INSERT INTO raw (body) SELECT unnest(:bodies::jsonb[]);"
        return pgbench(server, script, clients, count // 100, BODIES) * 100

    def consume(self, server, batch, clients, count):
        script = f"""
            DELETE FROM raw WHERE id = ANY (ARRAY(
                SELECT id FROM raw ORDER BY id LIMIT {batch} FOR UPDATE SKIP LOCKED)) RETURNING body;
            """
        return pgbench(server, script, clients, count // batch) * batch


class PGMQ:
    """As its clients do it: one statement reads, another deletes, and each commits."""

    name = "pgmq"
    consumed = (1, 100)

    def __init__(self, folder):
        self.script = f"{folder}/pgmq/pgmq/sql/pgmq.sql"

    def prepare(self, server):
        server.load(self.script)
        server.sql("SELECT pgmq.create('bench')")

    def reset(self, server):
        server.sql("TRUNCATE pgmq.q_bench; VACUUM pgmq.q_bench")

    def publish(self, server, batch, clients, count):
        if batch == 1:
            return pgbench(server, "SELECT pgmq.send('bench', :body::jsonb);", clients, count, BODY)
        script = "SELECT pgmq.send_batch('bench', :bodies::jsonb[]);"
        return pgbench(server, script, clients, count // 100, BODIES) * 100

    def consume(self, server, batch, clients, count):
        script = f"""
            SELECT array_agg(msg_id) AS ids, array_agg(message) FROM pgmq.read('bench', 30, {batch}) \\gset
            SELECT pgmq.delete('bench', :ids::bigint[]);
            """
        return pgbench(server, script, clients, int(count * 0.9) // batch) * batch


class PGMQInOne(PGMQ):
    """One statement reads and deletes, and commits once: no program can handle the messages in between."""

    name = "pgmq, in one"

    def prepare(self, server):
        """The first one has."""

    def consume(self, server, batch, clients, count):
        script = f"""
            WITH m AS MATERIALIZED (SELECT * FROM pgmq.read('bench', 30, {batch})),
                 d AS MATERIALIZED (SELECT pgmq.delete('bench', ARRAY(SELECT msg_id FROM m)))
            SELECT m.*, (SELECT count(*) FROM d) FROM m;
            """
        return pgbench(server, script, clients, count // batch) * batch


class PGMQAhead(PGMQ):
    """Reads as many at once as Tradewind does, and deletes them one by one."""

    name = "pgmq, reading ahead"
    consumed = (1,)

    def prepare(self, server):
        """The first one has."""

    def consume(self, server, batch, clients, count):
        places = range(1, AHEAD + 1)
        ids = ", ".join(f"(array_agg(msg_id))[{n}] AS id{n}" for n in places)
        script = f"SELECT {ids}, array_agg(message) FROM pgmq.read('bench', 30, {AHEAD}) \\gset\n"
        script += "\n".join(f"SELECT pgmq.delete('bench', :id{n}::bigint);" for n in places)
        return pgbench(server, script, clients, int(count * 0.9) // AHEAD) * AHEAD


class PgQ:
    """Batches are what lies between two ticks, so the ticks are made every 100 events while publishing for the consumer;
    each client consumes a queue of its own, since a consumer of a queue takes one batch at a time."""

    name = "PgQ"
    consumed = (100,)

    def __init__(self, folder):
        self.folder = folder

    def prepare(self, server):
        [library] = glob.glob(f"{self.folder}/pgq/usr/lib/postgresql/*/lib")
        [script] = glob.glob(f"{self.folder}/pgq/usr/share/postgresql/*/contrib/pgq.sql")
        # Where the server's account can read it.
        library = shutil.copytree(library, f"{server.folder}/pgq")
        with open(script) as file:
            text = file.read().replace("$libdir", library)
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
            file.write(text)
            file.flush()
            os.chmod(file.name, 0o644)
            server.load(file.name)

    def reset(self, server):
        server.sql(
            """
            SELECT pgq.unregister_consumer(queue_name, 'c') FROM pgq.get_consumer_info();
            SELECT pgq.drop_queue(queue_name) FROM pgq.get_queue_info();
            SELECT pgq.create_queue('bench' || n) FROM generate_series(0, 7) n;
            SELECT pgq.set_queue_config('bench' || n, 'ticker_max_count', '100') FROM generate_series(0, 7) n;
            SELECT pgq.register_consumer('bench' || n, 'c') FROM generate_series(0, 7) n;
            """
        )

    def publish(self, server, batch, clients, count):
        if batch == 1:
            script = "SELECT pgq.insert_event('bench' || :client_id, 'sample', :body);"
            return pgbench(server, script, clients, count, BODY)
        return self._fill(server, "", clients, count)

    def _fill(self, server, tick, clients, count):
        script = f"SELECT pgq.insert_event('bench' || :client_id, 'sample', b) FROM unnest(:bodies::text[]) b;\n{tick}"
        return pgbench(server, script, clients, count // 100, BODIES) * 100

    def fill(self, server, clients, count):
        self._fill(server, "SELECT pgq.ticker('bench' || :client_id);", clients, count)

    def consume(self, server, batch, clients, count):
        script = """
            SELECT pgq.next_batch('bench' || :client_id, 'c') AS batch \\gset
            SELECT * FROM pgq.get_batch_events(:batch);
            SELECT pgq.finish_batch(:batch);
            """
        return pgbench(server, script, clients, count // 100 - clients) * 100


class Tradewind:
    """Through the Swift API: transactions with a tenant, typed messages, a handler that only counts."""

    name = "Tradewind"
    consumed = (1, 100)

    def __init__(self, on_loop=False):
        self.options = {"on_loop": True} if on_loop else {}
        self.runs = 0

    def prepare(self, server):
        swift(server, "prepare", lines=True)

    def reset(self, server):
        server.sql(
            """
            TRUNCATE queue.log, queue.ledger, queue.workers;
            DELETE FROM queue.subscriptions;
            VACUUM queue.log, queue.ledger, queue.subscriptions, queue.workers;
            """
        )

    def publish(self, server, batch, clients, count):
        told = swift(server, "publish", batch=batch, clients=clients, count=count, **self.options)
        return Rate(told["count"] / told["seconds"], told["count"])

    def consume(self, server, batch, clients, count, subscriptions=1):
        self.runs += 1
        options = {"batch": batch, "workers": clients, "subscriptions": subscriptions, **self.options}
        told = swift(server, "consume", count=count, name=f"run{self.runs}", **options)
        return Rate(told["count"] / told["seconds"], told["count"]) * subscriptions


class TradewindSQL(Tradewind):
    """The same statements through pgbench: what lies between the two is Swift's. (pgbench can't take several rows
    apart, so it reads a batch as one row, and neither encodes nor decodes.)"""

    name = "its SQL by pgbench"

    PUBLISH_ONE = """
        \\startpipeline
        SELECT set_config('tradewind.tenant', :tenant, true);
        INSERT INTO queue.log (id, tenant, lane, segment, type, subject, headers, body)
        SELECT '0190a0a0-0000-7000-8000-000000000002'::uuid, :tenant::uuid,
               t.first_lane + (hashtextextended(:keys::text, 0) & 2147483647) % t.lanes, r.segment,
               'benchmark.sample.v1', :keys::text, '{}'::jsonb, :bodies::json
        FROM queue.ring r LEFT JOIN queue.topics t ON t.topic = 'benchmark';
        \\endpipeline
        """

    PUBLISH = """
        \\startpipeline
        SELECT set_config('tradewind.tenant', :tenant, true);
        INSERT INTO queue.log (id, tenant, lane, segment, type, subject, headers, body)
        SELECT m.id, :tenant::uuid, t.first_lane + (hashtextextended(m.subject, 0) & 2147483647) % t.lanes, r.segment,
               'benchmark.sample.v1', m.subject, '{}'::jsonb, m.body
        FROM queue.ring r,
             unnest(:ids::uuid[], :keys::text[], :bodies::json[]) WITH ORDINALITY AS m (id, subject, body, place)
             LEFT JOIN queue.topics t ON t.topic = 'benchmark'
        ORDER BY m.place;
        \\endpipeline
        """

    READ = """
        \\set lane :first_lane + :client_id
        SELECT max(snapshot) AS snapshot, {positions}
        FROM queue.read(
            :subscription, :lane, :seq, :position, :snapshot::pg_snapshot, NULL::xid8, NULL, NULL::pg_snapshot, :ahead,
            ARRAY['benchmark.sample.v1'], ARRAY['benchmark.sample'], false) \\gset
        """

    # What lies between two SYNCs is one transaction.
    ACKNOWLEDGE = """
        \\set seen :seen + :batch
        \\startpipeline
        SELECT set_config('tradewind.tenant', :tenant, true);
        SELECT queue.acknowledge(
            :subscription, :lane, :seq, :owner::uuid, 0, :p{place}, :snapshot::pg_snapshot, NULL::xid8, NULL,
            NULL::pg_snapshot, :seen, :seen);
        \\endpipeline
        \\set seq :seq + 1
        \\set position :p{place}
        """

    def publish(self, server, batch, clients, count):
        if batch == 1:
            variables = {"tenant": TENANT, "keys": "k1", "bodies": sample(1)}
            return pgbench(server, self.PUBLISH_ONE, clients, count, variables)
        numbers = range(batch)
        variables = {
            "tenant": TENANT,
            "ids": array([f"0190a0a0-0000-7000-8000-{n:012}" for n in numbers]),
            "keys": array([f"k{n}" for n in numbers]),
            "bodies": array([sample(n) for n in numbers]),
        }
        return pgbench(server, self.PUBLISH, clients, count // batch, variables) * batch

    def fill(self, server, clients, count):
        """With keys of all sorts, so that the lanes fill evenly."""
        super().publish(server, 100, 4, count)

    def consume(self, server, batch, clients, count):
        """Each client works on a lane of its own; the others stay as they are."""
        self.runs += 1
        row = server.sql(
            f"""
            SELECT queue.declare('pgbench{self.runs}', 'benchmark') \\gset
            INSERT INTO queue.workers (worker, name, alive_until, subscriptions)
            VALUES (gen_random_uuid(), 'pgbench', 'infinity', '{{}}');
            SELECT count(*) FROM queue.topics t, generate_series(0, t.lanes - 1) n,
                queue.take(:declare, ARRAY[t.first_lane + n], (SELECT worker FROM queue.workers LIMIT 1))
            WHERE topic = 'benchmark' \\gset
            SELECT l.subscription, t.first_lane, l.seq, l.position, l.snapshot, l.owner, t.lanes
            FROM queue.ledger l, queue.topics t
            WHERE subscription = :declare AND topic = 'benchmark' AND lane = t.first_lane ORDER BY seq DESC LIMIT 1;
            """
        ).splitlines()[-1].split("|")
        names = ["subscription", "first_lane", "seq", "position", "snapshot", "owner"]
        ahead = max(batch, AHEAD)
        variables = dict(zip(names, row), batch=batch, ahead=ahead, seen=0, tenant=TENANT)
        places = range(batch, ahead + 1, batch)
        positions = ", ".join(f"(array_agg(position) FILTER (WHERE position > 0))[{place}] AS p{place}" for place in places)
        script = self.READ.format(positions=positions) + "".join(self.ACKNOWLEDGE.format(place=place) for place in places)
        # Stop before a lane is empty.
        transactions = int(count / int(row[6]) * 0.8 / ahead) * clients
        return pgbench(server, script, clients, transactions, variables) * ahead
