"""A PostgreSQL of the benchmark's own, with fsync on, and what its work cost."""

import glob
import os
import shutil
import subprocess
import tempfile
import time

SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "max_connections": "100",
    "autovacuum_naptime": "5s",
}


class Server:
    def __init__(self, binaries=None):
        self.binaries = binaries or max(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[4]))
        self.folder = tempfile.mkdtemp(prefix="queue-benchmark-", dir="/tmp")
        self.data = f"{self.folder}/data"
        self.url = f"postgresql://postgres@/postgres?host={self.folder}"
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")

    def __enter__(self):
        self._run("initdb", "-A", "trust", "-U", "postgres", "-D", self.data)
        options = " ".join(f"-c {name}={value or repr(value)}" for name, value in SETTINGS.items())
        options += f" -c unix_socket_directories={self.folder}"
        self._run("pg_ctl", "-D", self.data, "-w", "-l", f"{self.folder}/log", "-o", options, "start")
        with open(f"{self.data}/postmaster.pid") as file:
            self.postmaster = int(file.readline())
        return self

    def __exit__(self, *_):
        self._run("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program, *arguments):
        account = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*account, f"{self.binaries}/{program}", *arguments], check=True, stdout=subprocess.DEVNULL)

    def sql(self, text):
        """Runs statements and returns the last one's output, one line for each row."""
        command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-f", "-", self.url]
        return subprocess.run(command, input=text, text=True, check=True, stdout=subprocess.PIPE).stdout.strip()

    def load(self, path):
        command = ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-f", path, self.url]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def cpu_seconds(self):
        """Of the postmaster, of what it started and still runs, and of what has ended."""
        ticks = os.sysconf("SC_CLK_TCK")
        own = _stat(self.postmaster)
        total = sum(own[11:15])
        for entry in os.listdir("/proc"):
            stat = _stat(entry) if entry.isdigit() else None
            if stat and int(stat[1]) == self.postmaster:
                total += sum(stat[11:13])
        return total / ticks

    def wal_bytes(self):
        return int(self.sql("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"))


def _stat(pid):
    """The fields of /proc/PID/stat after the name: state, parent, …; times are 11 to 14."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return [fields[0]] + [int(field) for field in fields[1:]]


class Cost:
    """What a stretch of work took: seconds, the server's CPU and WAL, its clients' CPU."""

    def __init__(self, server):
        self.server = server

    def __enter__(self):
        self.wal = self.server.wal_bytes()
        self.server_cpu = self.server.cpu_seconds()
        self.client_cpu = _children_cpu()
        self.start = time.monotonic()
        return self

    def __exit__(self, *_):
        self.seconds = time.monotonic() - self.start
        self.client_cpu = _children_cpu() - self.client_cpu
        self.server_cpu = self.server.cpu_seconds() - self.server_cpu
        self.wal = self.server.wal_bytes() - self.wal


def _children_cpu():
    times = os.times()
    return times.children_user + times.children_system
