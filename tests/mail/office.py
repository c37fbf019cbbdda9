"""An agency with people to write to, and the program that writes to them, as a test needs them."""
import http.cookiejar
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAKEGOOD = os.environ.get("MAKEGOOD_BINARY", str(ROOT / "target/debug/makegood"))
POSTGRES = os.environ.get("MAKEGOOD_POSTGRES_URL")
SENDER = "Franklin Department of Revenue <noreply@revenue.example>"
HEAD = "transaction_id,timestamp,account_id,given_name,family_name,email,phone,language\n"


class Office:
    """A scratch folder and database with one outage. Every setting can be given, without `MAKEGOOD_`."""

    def __init__(self, postgres=False, **settings):
        self.folder = Path(tempfile.mkdtemp(prefix="makegood-mail-"))
        self.environment = {**os.environ, "MAKEGOOD_DATA_DIR": str(self.folder), "MAKEGOOD_MAIL_FROM": SENDER,
                            "MAKEGOOD_LOG": "warn", "MAKEGOOD_SECRET_KEY": "a-key-of-the-tests-that-nobody-else-has-0001"}
        self.database = None
        if postgres:
            name = f"mail_{os.getpid()}_{time.monotonic_ns()}"
            psql(POSTGRES, f'CREATE DATABASE "{name}"')
            self.database = POSTGRES.rsplit("/", 1)[0] + "/" + name
            self.environment["MAKEGOOD_DATABASE_URL"] = self.database
        self.set(**settings)
        self.run("outage", "create", "--slug", "april", "--name", "April outage", "--start", "2026-04-15T18:40:00Z", "--end",
                 "2026-04-15T19:00:00Z", "--tz", "America/Denver", "--calling-hours", "00:00-24:00")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.database:
            psql(POSTGRES, f'DROP DATABASE "{self.database.rsplit("/", 1)[1]}" WITH (FORCE)')
        shutil.rmtree(self.folder, ignore_errors=True)

    def set(self, **settings):
        self.environment.update({f"MAKEGOOD_{name}": str(value) for name, value in settings.items()})

    # --- the program --------------------------------------------------------------------------------------------------

    def start(self, *arguments, **pipes):
        return subprocess.Popen([MAKEGOOD, *arguments], env=self.environment, text=True, **pipes)

    def tries(self, *arguments):
        """Runs a command to its end; answers its exit code and both outputs."""
        done = subprocess.run([MAKEGOOD, *arguments], env=self.environment, capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    def run(self, *arguments):
        code, out, err = self.tries(*arguments)
        if code:
            raise AssertionError(f"makegood {' '.join(arguments)} ended with {code}: {err}{out}")
        return out

    def works(self):
        """Sends all that is due."""
        return json.loads(self.run("--json", "mail", "work", "--until-empty"))["worked"]

    # --- people and messages ------------------------------------------------------------------------------------------

    def knows(self, people):
        """Imports so many citizens, every tenth without a number to call, or these (given name, family name, address)."""
        if isinstance(people, int):
            people = [("Rosa", "Delgado", f"rosa{number}@citizen.example") for number in range(1, people + 1)]
        phone = lambda number: f"+1303{2_000_000 + number}" if number % 10 else ""  # noqa: E731
        quoted = lambda text: '"' + text.replace('"', '""') + '"'  # noqa: E731
        lines = [f"P{number},2026-04-15T18:45:00Z,T-{number:07},{quoted(given)},{quoted(family)},{address},{phone(number)},en\n"
                 for number, (given, family, address) in enumerate(people, 1)]
        file = self.folder / "failed.csv"
        file.write_text(HEAD + "".join(lines), encoding="utf-8")
        return json.loads(self.run("--json", "import", "--outage", "april", str(file)))

    def writes_to_all(self, template="apology"):
        """Queues a text to everybody; answers how many get it."""
        told = self.run("--json", "campaign", "send", "--outage", "april", "--template", template)
        return json.loads(told)["queued"]

    def rows(self, query):
        if self.database:
            told = psql(self.database, f"SELECT coalesce(json_agg(row_to_json(t)), '[]') FROM ({query}) t")
            return [tuple(row.values()) for row in json.loads(told)]
        with sqlite3.connect(self.folder / "makegood.db", timeout=30) as base:
            return base.execute(query).fetchall()

    def does(self, statement):
        if self.database:
            return psql(self.database, statement)
        base = sqlite3.connect(self.folder / "makegood.db", timeout=30)
        with base:
            base.execute(statement)
        base.close()

    def states(self):
        """How many messages are in each state."""
        return dict(self.rows("SELECT state, count(*) AS n FROM messages GROUP BY state"))

    def message(self, columns="state, tries, reply", where="1 = 1"):
        """The one message's columns."""
        rows = self.rows(f"SELECT {columns} FROM messages WHERE {where}")
        assert len(rows) == 1, rows
        return rows[0]

    def its_time_comes(self):
        """Whatever waits for a later try is due now."""
        self.does("UPDATE messages SET due_at = 1 WHERE state = 'queued'")

    # --- the pages ----------------------------------------------------------------------------------------------------

    def serves(self, *arguments):
        return Server(self, arguments)

    def has_user(self, name, role):
        address = f"{name}@revenue.example"
        told = json.loads(self.run("--json", "user", "add", "--email", address, "--name", name.title(), "--role", role))
        return address, told["password"]


class Server:
    """`makegood serve` on a free port."""

    def __init__(self, office, arguments=()):
        self.process = office.start("serve", "--listen", "127.0.0.1:0", *arguments, stdout=subprocess.PIPE)
        for line in self.process.stdout:
            if "listening on http://" in line:
                self.url = "http://" + line.split("http://")[1].strip()
                return
        raise AssertionError("the server did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.process.stdout.close()


class Browser:
    """Somebody signed in."""

    def __init__(self, url, address, password):
        self.url = url
        self.http = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.sends("/sign-in", "/sign-in", email=address, password=password)

    def opens(self, path):
        with self.http.open(self.url + path, timeout=30) as answer:
            return answer.read().decode()

    def sends(self, page, path, **fields):
        """Opens a page and sends a form of it."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.opens(page)).group(1)
        body = urllib.parse.urlencode({"csrf": token, **fields}).encode()
        with self.http.open(urllib.request.Request(self.url + path, body, {"Origin": self.url}), timeout=30) as answer:
            return answer.read().decode()


def psql(url, statement):
    done = subprocess.run(["psql", url, "-qAtc", statement], capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(done.stderr)
    return done.stdout.strip()
