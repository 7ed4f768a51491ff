"""procrastinate's p50 and p99 at 50 jobs a second, and how many jobs a second it takes and finishes."""

import asyncio
import logging
import sys
import time

import procrastinate

logging.disable(logging.WARNING)
url, seconds = sys.argv[1], float(sys.argv[2])
app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))
delays = []


@app.task
async def sample(sent_at, text):
    delays.append((time.monotonic() - sent_at) * 1000)


async def defer():
    await sample.defer_async(sent_at=time.monotonic(), text="Sixty teams and two thousand attendees register")


async def main():
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        worker = asyncio.create_task(app.run_worker_async(concurrency=4, install_signal_handlers=False))
        await asyncio.sleep(1)
        start = time.monotonic()
        for number in range(int(50 * seconds)):
            await asyncio.sleep(max(0, start + number / 50 - time.monotonic()))
            await defer()
        await asyncio.sleep(1)
        steady = sorted(delays[50:])
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        delays.clear()
        for _ in range(500):
            await asyncio.gather(*(defer() for _ in range(4)))
        start = time.monotonic()
        await app.run_worker_async(concurrency=4, wait=False, install_signal_handlers=False)
        rate = len(delays) / (time.monotonic() - start)
        print(f"{steady[len(steady) // 2]:.2f} {steady[len(steady) * 99 // 100]:.2f} {rate:.0f}")


asyncio.run(main())
