"""The databases: how to get an empty one, and how long its own shell needs for the file."""
import os
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

ONE_OUTAGE = """
INSERT INTO outages (id, slug, name, starts_at, ends_at, time_zone, calling_from, calling_until, pool_open, agency_name, help_phone,
    pay_url, caller_id, published_import_id, created_at) VALUES (1, 'bench', 'Bench', 0, 0, 'UTC', 0, 0, TRUE, '', '', '', '', 0, 0);
INSERT INTO imports (id, outage_id, kind, file_name, file_hash, size_bytes, state, bytes_read, rows_read, created_at)
    VALUES (1, 1, 'failed', 'failed.csv', '', 0, 'published', 0, 0, 0);
"""


def need(command, package):
    """Installs a Debian package when its command is not there."""
    if not shutil.which(command):
        root = [] if os.getuid() == 0 else ["sudo"]
        subprocess.run([*root, "apt-get", "install", "-y", "-q", "--no-install-recommends", package], check=True, stdout=subprocess.DEVNULL)


def schema(folder):
    return "".join((one / "up.sql").read_text() for one in sorted(folder.iterdir())) + ONE_OUTAGE


class Sqlite:
    shell = "sqlite3 shell"

    def __init__(self, work, migrations, parts):
        need("sqlite3", "sqlite3")
        self.work, self.schema, self.sql = work, schema(migrations / "sqlite"), parts / "sqlite.sql"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def fresh(self):
        return None  # every data folder has a file of its own

    def limit(self, file):
        """Seconds for .import into a raw table and the plain SQL."""
        folder = self.work / "limit"
        folder.mkdir()
        subprocess.run(["sqlite3", folder / "limit.db"], input=self.schema, text=True, check=True)
        began = time.monotonic()
        subprocess.run(["sqlite3", "-cmd", "PRAGMA synchronous = FULL", "-cmd", "PRAGMA cache_size = -100000", folder / "limit.db",
                        f".import --csv {file} raw", f".read {self.sql}"], check=True)
        seconds = time.monotonic() - began
        shutil.rmtree(folder)
        return seconds


class Postgres:
    shell = "COPY and psql"
    named = "postgres"  # its folder
    also = []  # options of initdb

    def __init__(self, work, migrations, parts):
        need("psql", "postgresql")
        self.work, self.migrations, self.parts = work, migrations, parts
        self.schema, self.sql = schema(migrations / "postgres"), parts / "postgres.sql"
        self.made = 0

    def __enter__(self):
        """Starts a server with Debian's settings: what it answers is on the disk. PostgreSQL refuses to run as root."""
        self.programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
        self.folder = self.work / self.named
        self.folder.mkdir(exist_ok=True)
        self.work.chmod(0o755)
        self.runner = []
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
            self.runner = ["runuser", "-u", "postgres", "--"]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.fill()
        self.log = self.folder / "log"
        with open(self.log, "w", encoding="utf-8") as log:
            self.server = subprocess.Popen([*self.runner, self.programs / "postgres", "-D", self.folder / "data", "-p", str(self.port), "-k",
                                            self.folder, "-c", "listen_addresses=127.0.0.1"], stdout=subprocess.DEVNULL, stderr=log)
        for _ in range(100):
            if subprocess.run(["pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False).returncode == 0:
                return self
            time.sleep(0.1)
        raise SystemExit("PostgreSQL does not start")

    def fill(self):
        """Makes its data folder."""
        subprocess.run([*self.runner, self.programs / "initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                        "--locale=C", *self.also], check=True, stdout=subprocess.DEVNULL)

    def __exit__(self, *_):
        self.signal(2)
        self.server.wait()

    def signal(self, number):
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        with suppress(ProcessLookupError):
            os.kill(pid, number)

    def kill(self):
        """As a machine that dies: the server and all that it has begun, at once."""
        pid = (self.folder / "data" / "postmaster.pid").read_text().split()[0]
        begun = subprocess.run(["pgrep", "-P", pid], capture_output=True, text=True, check=False).stdout.split()
        self.signal(9)
        for one in begun:
            with suppress(ProcessLookupError):
                os.kill(int(one), 9)

    def url(self, name):
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def psql(self, name, *arguments, feed=None):
        subprocess.run(["psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", self.url(name), *arguments], input=feed, text=True, check=True,
                       stdout=subprocess.DEVNULL)

    def fresh(self):
        self.made += 1
        self.psql("postgres", "-c", f"CREATE DATABASE bench_{self.made}")
        return self.url(f"bench_{self.made}")

    def limit(self, file):
        """Seconds for COPY into a raw table and the plain SQL."""
        self.fresh()
        name = f"bench_{self.made}"
        header = Path(file).open(encoding="utf-8").readline().strip().split(",")
        raw = f"CREATE TABLE raw (line BIGINT GENERATED ALWAYS AS IDENTITY, {', '.join(column + ' TEXT' for column in header)})"
        self.psql(name, feed=self.schema)
        self.psql(name, "-c", raw)
        began = time.monotonic()
        copy = f"\\copy raw ({', '.join(header)}) FROM '{file}' WITH (FORMAT csv, HEADER, FORCE_NOT_NULL ({', '.join(header)}))"
        self.psql(name, "-c", copy, "-f", str(self.sql))
        seconds = time.monotonic() - began
        self.psql("postgres", "-c", f"DROP DATABASE {name}")
        return seconds
