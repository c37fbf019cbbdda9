"""A PostgreSQL database that is restored by PostgreSQL's own tools sends no e-mail until somebody says so.

Usage: restored.py MAKEGOOD POSTGRES_URL. A dump is restored beside the database it was taken from, as on a new server,
and over it, as after a mistake; by a role that is no superuser. A restart and a second server are no restore.
"""

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

makegood, server = sys.argv[1], sys.argv[2]
address = server.rsplit("/", 1)[0]
word = secrets.token_hex(4)
role, first, second = f"agency_{word}", f"first_{word}", f"second_{word}"
scratch = Path(tempfile.mkdtemp())
dump = scratch / "evening.dump"


def tool(*arguments):
    subprocess.run(arguments, check=True, capture_output=True)


def psql(statement):
    tool("psql", "-q", server, "-c", statement)


def run(node, database, *arguments):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKEGOOD_")}
    own = address.split("://", 1)[1].rsplit("@", 1)[-1]
    environment |= {
        "MAKEGOOD_DATA_DIR": str(scratch / node),
        "MAKEGOOD_DATABASE_URL": f"postgres://{role}@{own}/{database}",
        "MAKEGOOD_SECRET_KEY": "one key for every server of the test",
    }
    return subprocess.run([makegood, *arguments], env=environment, capture_output=True, text=True)


def sends(node, database):
    done = run(node, database, "mail", "work", "--until-empty")
    if done.returncode:
        assert "all e-mail is held" in done.stderr, done.stderr
    return done.returncode == 0


def does(*arguments):
    done = run("one", first, *arguments)
    assert done.returncode == 0, done.stderr


rows = ["transaction_id,timestamp,account_id,given_name,email"]
people = [("4417093", "Ana", "ana.rossi"), ("1280556", "Ben", "ben.okafor"), ("9031774", "Cora", "cora.lindt")]
rows += [f"t{i},2026-04-14T13:10:00-04:00,{account},{name},{box}@post.example" for i, (account, name, box) in enumerate(people)]
(scratch / "failed.csv").write_text("\n".join(rows) + "\n")
psql(f"CREATE ROLE {role} LOGIN")
psql(f"CREATE DATABASE {first} OWNER {role}")
psql(f"CREATE DATABASE {second} OWNER {role}")
try:
    does("outage", "create", "--slug", "s", "--name", "April", "--start", "2026-04-14T13:00", "--end", "2026-04-14T14:00",
         "--tz", "America/New_York")
    does("import", "--outage", "s", str(scratch / "failed.csv"))
    does("campaign", "send", "--outage", "s", "--template", "apology")
    tool("pg_dump", "--format=custom", "--file", str(dump), f"{address}/{first}")
    assert sends("one", first) and sends("one", first), "a restart is no restore"
    assert sends("two", first), "a second server is no restore"
    assert len(list((scratch / "one/mail").glob("*.eml"))) == 3

    tool("pg_restore", "--dbname", f"{address}/{second}", str(dump))
    assert not sends("new", second), "a dump restored elsewhere waits"
    assert not (scratch / "new/mail").exists() or not list((scratch / "new/mail").glob("*.eml"))

    tool("pg_restore", "--clean", "--dbname", f"{address}/{first}", str(dump))
    assert not sends("one", first), "a dump restored over the database waits"
    told = run("one", first, "mail", "release")
    assert "3 apology" in told.stdout and "Nothing was released" in told.stdout, told.stdout
    does("mail", "release", "--withdraw")
    assert sends("one", first)
    assert len(list((scratch / "one/mail").glob("*.eml"))) == 3, "nobody was written to twice"
finally:
    for database in (first, second):
        psql(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
    psql(f"DROP ROLE IF EXISTS {role}")
print("restored beside and over: held, released, nobody written to twice")
