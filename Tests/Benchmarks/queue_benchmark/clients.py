"""Those who do the work: pgbench for SQL, and the Swift executable for the queue's own API."""

import glob
import json
import os
import re
import subprocess
import tempfile

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Rate(float):
    """So many a second, measured with so many."""

    def __new__(cls, rate, count):
        self = super().__new__(cls, rate)
        self.count = count
        return self

    def __mul__(self, size):
        return Rate(float(self) * size, self.count * size)


def sample(number):
    text = "Sixty teams and two thousand attendees register"
    return json.dumps({"key": f"k{number}", "sentAt": 123456789012345, "text": text})


def array(values):
    """A PostgreSQL array of texts."""
    return "{" + ",".join('"' + v.replace("\\", "\\\\").replace('"', '\\"') + '"' for v in values) + "}"


def pgbench(server, script, clients, transactions, variables={}):
    """Runs `script` so often in all; returns its `Rate`. Prepared statements, as the Swift side."""
    each = max(1, transactions // clients)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = ["pgbench", "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=1"]
        command += [f"--transactions={each}", f"--file={file.name}"]
        command += [f"--define={name}={value}" for name, value in variables.items()]
        run = subprocess.run([*command, server.url], text=True, capture_output=True)
    rate = re.search(r"tps = ([0-9.]+)", run.stdout)
    if run.returncode or not rate:
        raise RuntimeError(f"pgbench failed: {run.stderr[-2000:]}")
    return Rate(float(rate[1]), each * clients)


def swift(server, command, lines=False, **options):
    """Runs the Swift executable; returns what it measured."""
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in options.items() if value is not True]
    arguments += [f"--{name.replace('_', '-')}" for name, value in options.items() if value is True]
    program = f"{PACKAGE}/.build/release/queue-benchmark"
    environment = dict(os.environ, DATABASE_URL=server.url)
    run = subprocess.run([program, command, *arguments], text=True, stdout=subprocess.PIPE, env=environment, check=True)
    told = [json.loads(line) for line in run.stdout.splitlines()]
    return told if lines else told[-1]


def commit_latency(server, script, rate, seconds, variables={}):
    """p50 and p99 in milliseconds of `script` at a steady rate: what the disk and the machine make of one commit."""
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/script.sql", "w") as file:
            file.write(script)
        command = ["pgbench", "--no-vacuum", "--protocol=prepared", "--client=1", f"--rate={rate}", "--log"]
        command += [f"--log-prefix={folder}/log", f"--time={max(1, int(seconds))}", f"--file={folder}/script.sql"]
        command += [f"--define={name}={value}" for name, value in variables.items()]
        subprocess.run([*command, server.url], check=True, capture_output=True)
        [log] = glob.glob(f"{folder}/log.*")
        with open(log) as file:
            times = sorted(int(line.split()[2]) / 1000 for line in file)
    return times[len(times) // 2], times[len(times) * 99 // 100]
