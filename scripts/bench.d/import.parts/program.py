"""The program on a database of its own: what its commands print, how long they take and their peak memory."""
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent.parent
OUTAGE = ["--slug", "bench", "--name", "Bench", "--account-format", "T-0000000", "--calling-hours", "00:00-24:00"]
WINDOW = ["--start", "2026-04-15T18:40:00", "--end", "2026-04-15T19:00:00", "--tz", "America/Denver"]


OWN = {"case_id", "household_id", "import_id", "code", "opened_at", "resolved_at", "due_at"}  # ids and times of a run


def generate(rows, into):
    """Failed payments of an invented outage."""
    with open(into, "w", encoding="utf-8") as out:
        subprocess.run([sys.executable, str(Path(__file__).parent / "outage.py"), str(rows)], stdout=out, check=True)


def people(program):
    """All cases, without ids and times of a run."""
    rows = map(json.loads, program.export("cases").splitlines())
    return sorted(json.dumps({key: value for key, value in row.items() if key not in OWN}, sort_keys=True) for row in rows)


def built(binary):
    """The program to measure: a built one, or the release build, made now."""
    if binary:
        return binary
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=ROOT, check=True)
    return str(Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "makegood")


def peak(process):
    """The most memory that a process has had so far, in MB; nothing of one that is gone."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return 0
    return max((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), default=0)


def watch_memory(process, peaks):
    """Notes a process's peak as long as it runs. (What wait4 tells begins with the memory of the process that started it.)"""
    while process.poll() is None:
        peaks.append(peak(process))
        time.sleep(0.02)


class Program:
    """The program with an empty outage called bench."""

    def __init__(self, binary, folder, url, window=WINDOW):
        self.binary, self.folder = binary, Path(folder)
        self.environment = dict(os.environ, MAKEGOOD_DATA_DIR=str(folder), MAKEGOOD_LOG="error")
        if url:
            self.environment["MAKEGOOD_DATABASE_URL"] = url
        self.run("migrate")
        self.run("outage", "create", *OUTAGE, *window)

    def token(self, name, role="supervisor"):
        """An API token of somebody new."""
        address = f"{name}@example.org"
        self.run("user", "add", "--email", address, "--name", name.capitalize(), "--role", role)
        return json.loads(self.run("--json", "token", "create", "--email", address, "--name", "bench")[0])["token"]

    def start(self, *arguments, **pipes):
        return subprocess.Popen([self.binary, *arguments], env=self.environment, text=True, **pipes)

    def run(self, *arguments, feed=None):
        """Runs a command; answers what it printed, seconds and peak memory in MB."""
        began = time.monotonic()
        child = self.start(*arguments, stdout=subprocess.PIPE, stdin=subprocess.PIPE if feed else subprocess.DEVNULL)
        if feed:
            child.stdin.write(feed)
            child.stdin.close()
        peaks = []
        watcher = threading.Thread(target=watch_memory, args=(child, peaks))
        watcher.start()
        told = child.stdout.read()
        if child.wait():
            sys.exit(f"makegood {arguments[0]} ended with {child.returncode}")
        seconds = time.monotonic() - began
        watcher.join()
        return told, seconds, max(peaks, default=0)

    def report(self, verb, file):
        """Imports or reconciles a file; answers the report, seconds and peak memory in MB."""
        told, seconds, memory = self.run("--json", verb, "--outage", "bench", str(file))
        return json.loads(told), seconds, memory

    def export(self, what):
        return self.run("export", what, "--outage", "bench", "--format", "ndjson")[0]
