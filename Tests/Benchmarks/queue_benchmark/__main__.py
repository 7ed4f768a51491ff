"""The queue beside its references, on one server in one run: see ../README.md."""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time

from clients import PACKAGE, commit_latency, swift
from contenders import BODY, PGMQ, PGMQAhead, PGMQInOne, PgQ, Raw, Tradewind, TradewindSQL
from disturbances import backlog, pinned
from report import Report
from server import Cost, Server

DEFAULT_COMPETITORS = os.path.join(PACKAGE, ".competitors")


def arguments():
    parser = argparse.ArgumentParser(prog="queue", description="Measure the queue beside its references.")
    parser.add_argument("--competitors", default=DEFAULT_COMPETITORS, help="where fetch-competitors put them")
    parser.add_argument("--scale", type=float, default=1.0, help="how many messages, times the usual")
    parser.add_argument("--rounds", type=int, default=3, help="alternating rounds; medians are told")
    parser.add_argument("--workers", default="1,2,4,8", help="for consume + ack")
    parser.add_argument("--pinned-seconds", type=float, default=60, help="how long a transaction holds xmin")
    parser.add_argument("--backlog", type=int, default=1_000_000, help="messages of the backlog run")
    parser.add_argument("--only", default="throughput,fanout,latency,pinned,backlog", help="parts, by comma")
    parser.add_argument("--on-loop", action="store_true", help="run Swift's tasks on the event loop's thread")
    parser.add_argument("--skip-build", action="store_true")
    return parser.parse_args()


def contenders(options):
    found = [Raw(), Tradewind(options.on_loop), TradewindSQL()]
    if os.path.isdir(options.competitors):
        if os.path.isdir(f"{options.competitors}/pgmq"):
            found[1:1] = [one(options.competitors) for one in (PGMQ, PGMQInOne, PGMQAhead)]
        if os.path.isdir(f"{options.competitors}/pgq"):
            found.insert(-2, PgQ(options.competitors))
    else:
        print("no competitors: run ./fetch-competitors first to have them beside it")
    return found


def measured(server, key, work, rates, costs):
    with Cost(server) as cost:
        rate = work()
    rates.setdefault(key, []).append(rate)
    cpu = cost.server_cpu + cost.client_cpu
    costs.setdefault(key, []).append((cost.wal / rate.count, cpu / rate.count * 1e6))


def fresh(server, one):
    """An empty queue, and no checkpoint in the middle of what is measured."""
    one.reset(server)
    server.sql("CHECKPOINT")


def throughput(server, report, everyone, options):
    """Publish and consume, single and in hundreds, in alternating rounds."""
    workers = [int(n) for n in options.workers.split(",")]
    rates, costs = {}, {}
    for _ in range(options.rounds):
        for one in everyone:
            for batch in (1, 100):
                count = int((20_000 if batch == 1 else 200_000) * options.scale)
                fresh(server, one)
                key = (one.name, "publish", batch, 4)
                measured(server, key, lambda: one.publish(server, batch, 4, count), rates, costs)
        for one in everyone:
            for batch in (1, 100):
                for clients in workers:
                    if batch not in one.consumed:
                        continue
                    count = int((8_000 if batch == 1 else 160_000) * options.scale)
                    fresh(server, one)
                    if hasattr(one, "fill"):
                        one.fill(server, clients, count)
                    else:
                        one.publish(server, 100, 4, count)
                    key = (one.name, "consume", batch, clients)
                    measured(server, key, lambda: one.consume(server, batch, clients, count), rates, costs)
    for batch in (1, 100):
        columns = ["publish ×4"] + [f"consume ×{n}" for n in workers]
        columns += ["WAL B publ.", "WAL B cons.", "CPU µs publ.", "CPU µs cons."]
        report.head(f"Messages a second, {batch} in a transaction (median of {options.rounds})", columns)
        for one in everyone:
            keys = [(one.name, "publish", batch, 4)] + [(one.name, "consume", batch, n) for n in workers]
            values = [report.keep(key, statistics.median(rates[key])) if key in rates else None for key in keys]
            widest = (one.name, "consume", batch, 4 if 4 in workers else workers[-1])
            for part in (0, 1):
                for key in (keys[0], widest):
                    values.append(statistics.median(c[part] for c in costs[key]) if key in costs else None)
            report.row(one.name, values)
    ours, sql, n = "Tradewind", "its SQL by pgbench", 4 if 4 in workers else workers[-1]
    for batch in (1, 100):
        consume = lambda name: (name, "consume", batch, n)
        publish = lambda name: (name, "publish", batch, 4)
        if batch == 100:
            report.ratio("consume 100 / pgmq", consume(ours), consume("pgmq"), 3)
            report.ratio("consume 100 / PgQ", consume(ours), consume("PgQ"), 1.5)
            report.ratio("consume 100, SQL alone / pgmq", consume(sql), consume("pgmq"), 3)
            report.ratio("consume 100, SQL alone / PgQ", consume(sql), consume("PgQ"), 1.5)
        else:
            report.ratio("consume 1 / pgmq", consume(ours), consume("pgmq"), 2)
            report.ratio("consume 1 / pgmq, reading ahead", consume(ours), consume("pgmq, reading ahead"), 2)
            report.ratio("publish 1 / pgmq", publish(ours), publish("pgmq"), 2)
        report.ratio(f"publish {batch} / bare insert", publish(ours), publish("raw table"), 0.85)
        report.ratio(f"publish {batch}, SQL alone / bare insert", publish(sql), publish("raw table"), 0.85)
        report.ratio(f"publish {batch} / its SQL by pgbench", publish(ours), publish(sql), 0.8)
        report.ratio(f"consume {batch} / its SQL by pgbench", consume(ours), consume(sql), 0.8)


def fanout(server, report, everyone, options):
    count = int(100_000 * options.scale)
    report.head("Fan-out to 4, batches of 100", ["published/s", "delivered/s"])
    for one in everyone:
        if one.name == "Tradewind":
            one.reset(server)
            published = one.publish(server, 100, 4, count)
            report.row(one.name, [published, one.consume(server, 100, 1, count, subscriptions=4)])
        elif one.name == "pgmq":
            # One copy for each subscriber: four times the messages.
            one.reset(server)
            published = one.publish(server, 100, 4, count * 4) / 4
            report.row(one.name, [published, one.consume(server, 100, 4, count * 4)])


def latency(server, report, everyone, options):
    ours = next(one for one in everyone if one.name == "Tradewind")
    report.head("Milliseconds from publishing to the handler", ["p50", "p99", "messages/s"])
    p50, p99 = commit_latency(server, "INSERT INTO raw (body) VALUES (:body::jsonb);", 50, 20 * options.scale, BODY)
    report.row("a bare insert's commit alone", [f"{p50:.2f}", f"{p99:.2f}", 50])
    ours.reset(server)
    idle = swift(server, "latency", rate=50, seconds=20 * options.scale, name="idle", **ours.options)
    report.row("Tradewind, idle", [f"{idle['p50']:.2f}", f"{idle['p99']:.2f}", 50])
    report.goal("latency p50 idle < 3 ms", idle["p50"], idle["p50"] < 3)
    report.goal("latency p99 idle < 15 ms", idle["p99"], idle["p99"] < 15)
    python = f"{options.competitors}/venv/bin/python"
    if os.path.exists(python):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "procrastinate_latency.py")
        told = subprocess.run(
            [python, script, server.url, str(20 * options.scale)], text=True, stdout=subprocess.PIPE, check=True
        ).stdout.split()
        report.row("procrastinate, idle", [told[0], told[1], 50])
        report.row("procrastinate, at its limit", ["–", "–", float(told[2])])
    ours.reset(server)
    half = report.figures.get(("Tradewind", "publish", 1, 4), 10_000) / 2
    # Publishing and handling share the machine: half of what both reach together.
    loaded = swift(server, "latency", rate=half / 2, seconds=10 * options.scale, name="half", **ours.options)
    report.row("Tradewind, at half load", [f"{loaded['p50']:.2f}", f"{loaded['p99']:.2f}", half / 2])


def main():
    options = arguments()
    if not options.skip_build:
        subprocess.run(["swift", "build", "-c", "release", "--product", "queue-benchmark"], cwd=PACKAGE, check=True)
    report = Report()
    parts = options.only.split(",")
    start = time.monotonic()
    with Server() as server:
        everyone = contenders(options)
        for one in everyone:
            one.prepare(server)
        version = server.sql("SHOW server_version")
        print(f"PostgreSQL {version}, fsync on, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
        if "throughput" in parts:
            throughput(server, report, everyone, options)
        if "fanout" in parts:
            fanout(server, report, everyone, options)
        if "latency" in parts:
            latency(server, report, everyone, options)
        if "pinned" in parts:
            pinned(server, report, everyone, options)
        if "backlog" in parts:
            backlog(server, report, everyone, options)
        report.end()
    print(f"\n{time.monotonic() - start:.0f} seconds, load {os.getloadavg()[0]:.1f} at the end")


if not shutil.which("pgbench"):
    sys.exit("pgbench is missing (Debian: postgresql-contrib)")
main()
