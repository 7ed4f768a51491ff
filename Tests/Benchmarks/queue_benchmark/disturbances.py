"""What wears queues down: a transaction that holds xmin, and a long backlog."""

import subprocess
import threading
import time
from statistics import median

from clients import swift


def pinned(server, report, everyone, options):
    """Cycles of publishing and consuming, before, while and after an old transaction keeps dead rows from vacuum."""
    calm, held = max(10, options.pinned_seconds / 6), options.pinned_seconds
    report.head(f"Cycles of publish + consume, xmin pinned for {held:.0f} s", ["before", "pinned, end", "released"])
    for one in everyone:
        if one.name not in ("raw table", "pgmq", "Tradewind"):
            continue
        one.reset(server)
        cycles = []
        start = time.monotonic()
        holder = threading.Thread(target=_hold, args=(server, calm, held))
        holder.start()
        if one.name == "Tradewind":
            told = swift(server, "cycles", lines=True, seconds=2 * calm + held)
            cycles = [(line["second"], line["rate"]) for line in told]
        else:
            while time.monotonic() - start < 2 * calm + held:
                publish = one.publish(server, 100, 4, 20_000)
                consume = one.consume(server, 100, 4, 20_000)
                cycles.append((time.monotonic() - start, 1 / (1 / publish + 1 / consume)))
        holder.join()
        before = median(rate for second, rate in cycles if second < calm)
        late = [rate for second, rate in cycles if calm + held - calm <= second < calm + held] or [0]
        after = [rate for second, rate in cycles if second >= calm + held] or [0]
        report.row(one.name, [before, median(late), median(after)])
        if one.name == "Tradewind":
            report.goal("pinned / undisturbed ≥ 0.9", median(late) / before, median(late) >= 0.9 * before)


def _hold(server, calm, held):
    """A transaction with an id of its own that sleeps."""
    time.sleep(calm)
    text = f"BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT pg_current_xact_id(), pg_sleep({held}); COMMIT"
    subprocess.run(["psql", "-Xqc", text, server.url], stdout=subprocess.DEVNULL)


def backlog(server, report, everyone, options):
    """Consuming from under a backlog, in batches of 100 by 4, beside the same without one."""
    report.head(f"Consume 100 under a backlog of {options.backlog:,}", ["undisturbed", "backlog", "ratio"])
    for one in everyone:
        if one.name not in ("raw table", "pgmq", "Tradewind"):
            continue
        count = 100_000
        one.reset(server)
        one.publish(server, 100, 4, count)
        undisturbed = one.consume(server, 100, 4, count)
        one.reset(server)
        one.publish(server, 100, 4, options.backlog)
        whole = options.backlog if one.name == "Tradewind" else count
        under = one.consume(server, 100, 4, whole)
        report.row(one.name, [undisturbed, under, f"{under / undisturbed:.2f}"])
        if one.name == "Tradewind":
            report.goal("under a backlog / undisturbed ≥ 0.9", under / undisturbed, under >= 0.9 * undisturbed)
