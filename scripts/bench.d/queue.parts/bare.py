"""The statements of one claim and one outcome, as PostgreSQL's log tells them, without the program: how many such calls a second.

The statements are those of the program, each with its own values where it belongs to a call (household, case, claim, attempt, caller,
the time, the key of the request). PostgreSQL runs them by pgbench with prepared statements, as many clients as there are callers. SQLite
runs them by its shell, one after another, which is all that its one writer can do: FOR UPDATE and arrays are written in its words.
"""
import random
import re
import subprocess
import time
from dataclasses import dataclass

import evening
from office import Line, Office

LOGGED = re.compile(r"^\S+ \S+ \S+ \[(\d+)\] (LOG|DETAIL):  (.*)$")
ROWS = re.compile(r"unnest\(([$0-9, ]+)\)\s+AS told \(([a-z_, ]+)\)")  # many rows written by one statement
KINDS = {"time_zone": "text", "language": "text", "stage": "text", "resolution": "text", "tries": "integer", "citizens": "integer"}
MANY = 4  # more values than that in an array are households that were looked at


@dataclass
class Statement:
    sql: str
    values: list


def capture(office, postgres):
    """The statements of one claim and its outcome, and what is known of that call."""
    name = office.url.rsplit("/", 1)[1]
    postgres.psql(name, "-c", "ALTER SYSTEM SET log_statement = 'all'", "-c", "SELECT pg_reload_conf()")
    time.sleep(1)
    for _ in range(50):
        start = postgres.log.stat().st_size
        line = Line(office.address, office.tokens[0])
        _, claim = line.post("/api/v1/outages/bench/claims", "{}")
        number, phone, cases = re.search(rb'"claim":\{"id":(\d+)', claim)[1], re.search(rb'"phone":"(\+\d+)"', claim)[1], re.findall(rb'\{"id":(\d+),"name"', claim)
        _, record = line.post(f"/api/v1/claims/{int(number)}/attempts", '{"outcome":"no_answer","note":""}')
        if len(cases) == 1:
            break
    time.sleep(1)
    postgres.psql(name, "-c", "ALTER SYSTEM RESET log_statement", "-c", "SELECT pg_reload_conf()")
    known = {"claim": int(number), "household": int(phone[2:]) - 2_010_000_000, "case": int(cases[0]),
             "attempt": int(re.search(rb'"attempt":\{"id":(\d+)', record)[1]), "user": evening.FIRST_USER + 1}
    return statements(postgres.log.read_bytes()[start:].decode()), known


def statements(log):
    found = []
    for line in log.splitlines():
        told = LOGGED.match(line)
        if not told:
            continue
        kind, text = told[2], told[3]
        if kind == "LOG":
            ran = re.match(r"(?:execute [^:]*|statement): (.*)$", text)
            if ran and "ALTER SYSTEM" not in ran[1] and "pg_reload_conf" not in ran[1]:
                found.append(Statement(ran[1], []))
        elif text.startswith("parameters: ") and found:
            found[-1].values = [None if one == "NULL" else one[1:-1].replace("''", "'")
                                for one in re.findall(r"\$\d+ = (NULL|'(?:[^']|'')*')", text)]
    return found


def elements(array):
    """The values of an array as PostgreSQL writes it."""
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|([^,{}]+)', array)
    return [None if bare == "NULL" else text or bare for text, bare in found]


def quoted(text):
    """As a literal. pgbench takes a colon before a letter for a variable, in texts too."""
    return re.sub(r":(?=[A-Za-z])", ":' || '", "'" + text.replace("'", "''") + "'")


class Words:
    """How a value of one call is written in a database's language."""

    def __init__(self, known, name):
        self.known, self.name, self.base = known, name, None

    def value(self, value, sql, array):
        if value is None:
            return "NULL"
        if value.startswith("{") and value.endswith("}") and '":' not in value:
            return array([self.value(one, sql, array) for one in elements(value)])
        if re.fullmatch(r"-?\d+", value):
            number = int(value)
            for what, its in self.known.items():
                if number == its:
                    return self.name(what)
            if 1_500_000_000_000_000 < number < 2_000_000_000_000_000:
                self.base = self.base or number
                return f"({self.name('now')} + {number - self.base})"
            return value
        if value == evening.phone(self.known["household"]):
            return f"('+1' || (2010000000 + {self.name('household')}))"
        case = self.known["case"]
        for known in (evening.email(case), "A:" + evening.account(case), evening.account(case)):
            if value == known:
                before, _, after = known.partition(str(case))
                return "(" + quoted(before) + f" || {self.name('case')} || '{after}')"
        if "idempotency_keys" in sql and re.fullmatch(r"[0-9a-f-]{36}|[0-9a-f]{64}", value):
            return f"('key ' || {self.name('number')})"
        return quoted(value)

    def write(self, statement, array, rows):
        """With the rows of `unnest` as the database's own words say them."""
        def told(found):
            columns = found[2].split(", ")
            arrays = [elements(statement.values[int(one) - 1]) for one in re.findall(r"\$(\d+)", found[1])]
            return rows(columns, [[self.value(one, statement.sql, array) for one in each] for each in arrays])
        sql = ROWS.sub(told, statement.sql)
        sql = re.sub(r"(households WHERE id = )\d+", lambda found: found[1] + self.name("household"), sql)
        values = [self.value(value, sql, array) for value in statement.values]
        return re.sub(r"\$(\d+)", lambda found: values[int(found[1]) - 1], sql)


def postgres_rate(office, postgres, callers, seconds):
    ran, known = capture(office, postgres)

    def array(values):
        kind = "text" if values and values[0].startswith(("'", "(")) and "now" not in values[0] else "bigint"
        return f"ARRAY[{','.join(values)}]::{kind}[]"

    def rows(columns, arrays):
        typed = [f"ARRAY[{','.join(values)}]::{KINDS.get(column, 'bigint')}[]" for column, values in zip(columns, arrays)]
        return f"unnest({', '.join(typed)}) AS told ({', '.join(columns)})"
    words = Words(known, lambda what: f":{what}::bigint")
    lines = ["\\set number :number + 1", "\\set now 1790000000000000 + :number * 1000 + :client_id",
             f"\\set household {evening.FIRST_HOUSEHOLD + 1} + (:number * {callers} + :client_id) % {office.households - office.households % callers}",
             f"\\set case {evening.FIRST_CASE} + 4 * :household", f"\\set user {evening.FIRST_USER + 1} + :client_id"]
    for statement in ran:
        sql = words.write(statement, array, rows).replace(":number::bigint", "(:number::bigint * 1000 + :client_id)::text")
        keeps = re.search(r'INSERT INTO "(claim|attempt)s" .*RETURNING', sql)
        lines.append(f"{sql} \\gset {keeps[1]}_" if keeps else f"{sql};")
    text = "\n".join(lines).replace(":claim::", ":claim_id::").replace(":attempt::", ":attempt_id::") + "\n"
    script = office.folder / "call.sql"
    script.write_text(text)
    told = subprocess.run(["pgbench", "-n", "-f", script, "-M", "prepared", "-c", str(callers), "-j", "2", "-T", str(seconds), "-D", "number=0",
                           office.url], capture_output=True, text=True, check=False)
    rate = re.search(r"tps = ([\d.]+)", told.stdout)
    if told.returncode or not rate or "number of failed transactions: 0" not in told.stdout:
        raise SystemExit(told.stdout + told.stderr[:3000])
    return float(rate[1]), len(ran)


def sqlite_rate(office, captured, calls):
    """The same in SQLite's words. Where many households were looked at, as many of this database are."""
    ran, known = captured
    dice, first = random.Random(1), evening.FIRST_HOUSEHOLD + 1
    base = subprocess.run(["sqlite3", office.folder / "makegood.db", "SELECT group_concat(seq) FROM (SELECT seq FROM sqlite_sequence WHERE name IN "
                           "('claims', 'attempts') ORDER BY name DESC)"], check=True, capture_output=True, text=True).stdout
    claim, attempt = map(int, base.strip().split(","))
    lines = ["PRAGMA synchronous = FULL;", "PRAGMA cache_size = -32000;", "PRAGMA foreign_keys = ON;"]
    for number in range(1, calls + 1):
        household = first + (number * 7) % office.households
        now = {"household": household, "case": evening.FIRST_CASE + 4 * household, "claim": claim + number, "attempt": attempt + number,
               "user": evening.FIRST_USER + 1, "now": 1_790_000_000_000_000 + 1000 * number, "number": number + 1_000_000_000}
        words = Words(known, lambda what, now=now: str(now[what]))

        def array(values):
            return "(" + ",".join(values if len(values) <= MANY else [str(first + dice.randrange(office.households)) for _ in values]) + ")"

        def rows(columns, arrays):
            named = ", ".join(f"column{place} AS {column}" for place, column in enumerate(columns, 1))
            told = ", ".join(f"({', '.join(row)})" for row in zip(*arrays))
            return f"(SELECT {named} FROM (VALUES {told})) AS told"
        for statement in ran:
            if "FOR UPDATE" in statement.sql or "clock_timestamp" in statement.sql:
                continue
            sql = re.sub(r"= ANY\((\$\d+)\)", r"IN \1", statement.sql).replace("= ANY(SELECT", "IN (SELECT").replace("!= ALL(SELECT", "NOT IN (SELECT")
            sql = re.sub(r"!= ALL\((\$\d+)\)", r"NOT IN \1", sql)
            sql = "BEGIN IMMEDIATE" if sql.startswith("BEGIN") else words.write(Statement(sql, statement.values), array, rows)
            lines.append(sql.replace("'t'", "1").replace("'f'", "0").replace("FALSE", "0") + ";")
    began = time.monotonic()
    told = subprocess.run(["sqlite3", "-bail", office.folder / "makegood.db"], input="\n".join(lines), text=True, capture_output=True, check=False)
    if told.returncode:
        raise SystemExit(told.stderr[:3000])
    return calls / (time.monotonic() - began), len(ran)
