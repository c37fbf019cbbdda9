"""The program with a filled database, served; and callers who claim and record through its HTTP API."""
import json
import os
import re
import socket
import sqlite3
import statistics
import subprocess
import threading
import time
import uuid
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from zoneinfo import ZoneInfo

import evening

OUTCOMES = ["no_answer"] * 10 + ["voicemail"] * 4 + ["all_set"] * 3 + ["will_pay"] * 2 + ["busy"]
ORDER = ["households", "cases", "transactions", "attempts", "attempt_cases", "callbacks"]


class SqliteBase:
    def __init__(self, folder):
        self.base = sqlite3.connect(folder / "makegood.db", timeout=60, isolation_level=None)

    def run(self, query):
        return [row[0] for row in self.base.execute(query)]

    def fill(self, table, rows):
        columns = evening.COLUMNS[table].split()
        self.base.execute("BEGIN")
        self.base.executemany(f"INSERT INTO {table} ({','.join(columns)}) VALUES ({','.join('?' * len(columns))})", rows)
        self.base.execute("COMMIT")

    def number_from(self, table, first):
        self.base.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        self.base.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, first))

    def settle(self):
        self.base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.base.close()


class PostgresBase:
    def __init__(self, url):
        self.url = url

    def run(self, query):
        told = subprocess.run(["psql", self.url, "-qXAtc", query], check=True, capture_output=True, text=True).stdout.split("\n")
        return [int(line) if line.isdigit() else line for line in told if line]

    def fill(self, table, rows):
        def text(value):
            if isinstance(value, bytes):
                return "\\\\x" + value.hex()
            return "\\N" if value is None else str(value)
        columns = evening.COLUMNS[table].split()
        load = "SET session_replication_role = replica; COPY {} ({}) FROM STDIN".format(table, ",".join(columns))
        child = subprocess.Popen(["psql", self.url, "-qX", "-v", "ON_ERROR_STOP=1", "-c", load], stdin=subprocess.PIPE, text=True)
        child.stdin.writelines("\t".join(map(text, row)) + "\n" for row in rows)
        child.stdin.close()
        if child.wait():
            raise SystemExit(f"cannot fill {table}")

    def number_from(self, table, first):
        self.run(f"ALTER TABLE {table} ALTER COLUMN id RESTART WITH {first + 1}")

    def settle(self):
        subprocess.run(["psql", self.url, "-qXc", "VACUUM ANALYZE"], check=True)
        self.run("CHECKPOINT")


class Office:
    """So many open cases, so many callers, a server."""

    def __init__(self, binary, folder, url, cases, callers, hours="00:00-24:00"):
        self.binary, self.folder, self.url, self.callers = binary, folder, url, callers
        self.environment = dict(os.environ, MAKEGOOD_DATA_DIR=str(folder), MAKEGOOD_LOG="error", MAKEGOOD_SECRET_KEY="a key of the bench that nobody else has")
        if url:
            self.environment["MAKEGOOD_DATABASE_URL"] = url
        self.program("migrate")
        self.program("outage", "create", "--slug", "bench", "--name", "Bench", "--start", "2026-04-15T18:40", "--end", "2026-04-15T19:00",
                     "--tz", "America/New_York", "--calling-hours", hours)
        base = self.base()
        base.number_from("users", evening.FIRST_USER)
        base.number_from("claims", evening.FIRST_CLAIM)
        self.tokens = [self.token(number) for number in range(callers)]
        self.fill(base, cases)

    def base(self):
        return PostgresBase(self.url) if self.url else SqliteBase(self.folder)

    def program(self, *arguments):
        return subprocess.run([self.binary, *arguments], env=self.environment, check=True, capture_output=True, text=True).stdout

    def token(self, number):
        address = f"caller-{number}@agency.example"
        self.program("user", "add", "--email", address, "--name", f"Caller {number}", "--role", "caller")
        return json.loads(self.program("--json", "token", "create", "--email", address, "--name", "bench"))["token"]

    def fill(self, base, cases):
        [outage], now = base.run("SELECT id FROM outages"), int(time.time() * 1_000_000)
        [batch] = base.run("INSERT INTO imports (outage_id, kind, file_name, file_hash, size_bytes, state, bytes_read, rows_read, created_at, "
                           f"published_at, findable_at) VALUES ({outage}, 'failed', 'x.csv', 'x', 0, 'published', 0, 0, 1, 1, 1) RETURNING id")
        base.run(f"UPDATE outages SET published_import_id = {batch} RETURNING id")
        users = base.run("SELECT id FROM users ORDER BY id")
        lists = [base.run(f"INSERT INTO call_lists (outage_id, name, owner_id, created_at) VALUES ({outage}, 'List {user}', {user}, 1) RETURNING id")[0]
                 for user in users]
        tables = {table: [] for table in ORDER}
        for table, row in evening.rows(cases, outage, batch, lists, users[0], now):
            tables[table].append(row)
        for table in ORDER:
            base.fill(table, tables[table])
        for zone, _ in evening.ZONES:
            base.run(f"INSERT INTO outage_zones (outage_id, time_zone) VALUES ({outage}, '{zone}') RETURNING outage_id")
        base.number_from("attempts", tables["attempts"][-1][0])
        self.households = len(tables["households"])
        base.settle()

    def __enter__(self):
        self.server = subprocess.Popen([self.binary, "serve", "--no-worker", "--listen", "127.0.0.1:0"], env=self.environment,
                                       stdout=subprocess.PIPE, text=True)
        while "listening on http://" not in (told := self.server.stdout.readline()):
            if not told:
                raise SystemExit("the server does not start")
        self.address = told.split("http://")[1].strip()
        threading.Thread(target=self.server.stdout.read, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()

    def evening(self, calls, seconds):
        """All callers at work at once, each for so many calls or seconds; what each call's two requests took, in ms, and calls a second."""
        began = time.monotonic()
        with ProcessPoolExecutor(self.callers) as pool:
            done = list(pool.map(work, [self.address] * self.callers, self.tokens, [calls] * self.callers, [seconds] * self.callers))
        took = [one for caller in done for one in caller]
        return took, len(took) / (time.monotonic() - began)

    def alone(self, calls):
        """One caller at work."""
        return work(self.address, self.tokens[0], calls, 600)


def late_window():
    """Calling hours in which, at this moment, only those in Los Angeles may be called."""
    clock = datetime.now(ZoneInfo("America/Los_Angeles"))
    minute = clock.hour * 60 + clock.minute
    start, end = max(0, minute - 30), min(1440, minute + 40)
    return "{:02}:{:02}-{:02}:{:02}".format(*divmod(start, 60), *divmod(end, 60))


class Line:
    """A connection that is kept open, and opened anew when the server says that it closes it."""

    def __init__(self, address, token):
        host, port = address.split(":")
        self.token, self.server = token, (host, int(port))
        self.open()

    def open(self):
        self.socket = socket.create_connection(self.server, timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, path, body):
        head = (f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.token}\r\nContent-Type: application/json\r\n"
                f"Idempotency-Key: {uuid.uuid4()}\r\nContent-Length: {len(body)}\r\n\r\n")
        self.socket.sendall((head + body).encode())
        told = b""
        while b"\r\n\r\n" not in told:
            told += self.read()
        head, _, rest = told.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
        while len(rest) < length:
            rest += self.read()
        if re.search(rb"(?i)\r\nconnection: close", head):
            self.socket.close()
            self.open()
        return int(head.split(b" ", 2)[1]), rest

    def read(self):
        got = self.socket.recv(65536)
        if not got:
            raise SystemExit("the server hung up")
        return got


def recorded(outcome, cases):
    """What is sent for a call: of the number for all, of a person for everybody at it, as if each had been told."""
    whom = cases if outcome in ("all_set", "will_pay", "refused") else None
    return {"outcome": outcome, "note": "", **({"cases": whom} if whom else {})}


def work(address, token, calls, seconds):
    """Claims and records again and again; answers pairs of ms: the claim, the record."""
    line, took, number, end = Line(address, token), [], hash(token) % 20, time.monotonic() + seconds
    while len(took) < calls and time.monotonic() < end:
        began = time.perf_counter()
        status, told = line.post("/api/v1/outages/bench/claims", "{}")
        claim = re.search(rb'"claim":\{"id":(\d+)', told)
        if status not in (200, 201) or not claim:
            raise SystemExit(f"no claim: {status} {told[:300]}")
        between = time.perf_counter()
        number += 1
        cases = [int(case) for case in re.findall(rb'\{"id":(\d+),"name"', told)]
        said = json.dumps(recorded(OUTCOMES[number % len(OUTCOMES)], cases))
        status, told = line.post(f"/api/v1/claims/{claim[1].decode()}/attempts", said)
        if status != 201:
            raise SystemExit(f"not recorded: {status} {told[:300]}")
        took.append((1000 * (between - began), 1000 * (time.perf_counter() - between)))
    return took


def at(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def told(took):
    claims, records = zip(*took)
    both = [a + b for a, b in took]
    return (f"claim p50 {statistics.median(claims):6.2f} p95 {at(claims, 0.95):6.2f} ms   record p50 {statistics.median(records):6.2f} "
            f"p95 {at(records, 0.95):6.2f} ms   both p50 {statistics.median(both):6.2f} p95 {at(both, 0.95):6.2f} ms")
