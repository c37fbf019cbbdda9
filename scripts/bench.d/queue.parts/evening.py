"""An outage in mid-evening, as rows: so many open cases, some new, most tried, on lists and in the pool, in many zones.

All of it is invented; the same arguments give the same rows. What a row's id is says what it belongs to: household n has the phone
+1(2010000000 + n), its cases are 20000000 + 4n and following.
"""
import random

ZONES = [("America/New_York", 70), ("America/Chicago", 12), ("America/Denver", 6), ("America/Los_Angeles", 8), ("America/Puerto_Rico", 1),
         ("America/New_York,America/Chicago", 2), ("America/Chicago,America/Denver", 1)]
STAGES = [("new", 45), ("tried", 42), ("awaiting_payment", 8), ("callback", 2), ("needs_help", 2), ("needs_supervisor", 1)]
CLOSED = 10  # for a hundred open ones
TAXES = ["Individual Income"] * 6 + ["Estimated Income", "Corporate Income", "Withholding", "Sales"]
GIVEN = "James Mary Robert Patricia Guadalupe Michael Linda Elizabeth William Barbara Susan Joseph Jessica Thomas Sarah Luis Anh".split()
FAMILY = "Smith Johnson Williams Jones Brown Davis Miller Wilson Moore Taylor Anderson Thomas Jackson White Harris Martin Garcia".split()
HOUR = 3_600_000_000
FIRST_HOUSEHOLD, FIRST_CASE, FIRST_ATTEMPT, FIRST_CLAIM, FIRST_USER = 3_000_000, 20_000_000, 60_000_000, 80_000_000, 900_000

COLUMNS = {
    "households": "id outage_id import_id phone time_zone language list_id stage due_at score skips tries citizens last_called_at waits_until",
    "cases": "id outage_id import_id identity_key household_id given_name family_name folded_name account_id email phone language state "
             "time_zone amount_cents tax_type charged filing_deadline first_failed_at last_failed_at opened_at transactions code stage "
             "due_at resolution resolved_at tries",
    "transactions": "outage_id import_id line bin dedupe_key external_id occurred_at account_id email phone given_name family_name "
                    "folded_name amount_cents tax_type channel error_code language state filing_deadline charged identity_key",
    "attempts": "id outage_id household_id user_id phone outcome note at late inbound",
    "attempt_cases": "attempt_id case_id",
    "callbacks": "outage_id household_id attempt_id due_at owner_id created_at",
}


def picker(dice, weighted):
    names, weights = zip(*weighted)
    return lambda: dice.choices(names, weights)[0]


def phone(household):
    return f"+1{2_010_000_000 + household}"


def account(case):
    return f"T-{case}"


def email(case):
    return f"citizen{case}@mail.example"


def due(dice, stage, now, opened):
    """When what a household waits for is due. Of the tried ones one in twelve is due now; of the promises none, else they were first."""
    if stage == "new":
        return opened
    if stage == "needs_supervisor":
        return now
    soon = {"tried": 0.08, "awaiting_payment": 0.02, "needs_help": 1.0}.get(stage, 0.0)
    return now - int(HOUR * dice.random()) if dice.random() < soon else now + int(HOUR * (1 + 20 * dice.random()))


def waits_until(stage, due_at, now):
    """As src/store/lanes.rs: none for those who can be called."""
    if stage not in ("new", "tried", "awaiting_payment"):
        return 2**63 - 1
    return due_at if due_at > now else None


def rows(cases, outage, batch, lists, user, now):
    """Pairs of a table and a row of its columns."""
    dice = random.Random(20260415)
    zone, stage_of = picker(dice, ZONES), picker(dice, STAGES)
    wanted, made, number, attempt = cases * (100 + CLOSED) // 100, 0, FIRST_HOUSEHOLD, FIRST_ATTEMPT
    opened = now - 26 * HOUR
    while made < wanted:
        number += 1
        people = min(dice.choices([1, 2, 3], [85, 12, 3])[0], wanted - made)
        closed = dice.random() < CLOSED / (100 + CLOSED)
        stage = "closed" if closed else stage_of()
        due_at = None if closed else due(dice, stage, now, opened)
        where, called = zone(), None
        language = dice.choices([None, "es", "vi"], [90, 9, 1])[0]
        tried = 0 if stage == "new" else dice.choices([1, 2], [70, 30])[0]
        members = [FIRST_CASE + 4 * number + place for place in range(people)]
        last = attempt
        tries = [now - int(HOUR * (2 + 20 * dice.random())) for _ in range(tried)]
        for at in sorted(tries):
            attempt += 1
            said = "no_answer" if at != max(tries) or stage in ("tried", "needs_supervisor") else {
                "closed": "all_set", "awaiting_payment": "will_pay", "callback": "call_back", "needs_help": "needs_help"}[stage]
            called = at
            yield "attempts", (attempt, outage, number, user, phone(number), said, "", at, False, False)
            for member in members:
                yield "attempt_cases", (attempt, member)
        if stage == "callback":
            yield "callbacks", (outage, number, attempt, due_at, None, called)
        on = None if dice.random() < 0.4 else dice.choice(lists)
        score = 300 + int(dice.expovariate(1 / 250)) - 400 * tried
        yield "households", (number, outage, batch, phone(number), where, language, on, stage, due_at, score, 1 if dice.random() < 0.01 else 0,
                             2 * tried, 0 if closed else people, called, waits_until(stage, due_at, now))
        for member in members:
            made += 1
            given, family = dice.choice(GIVEN), dice.choice(FAMILY)
            failed, cents, tax = opened - int(0.3 * HOUR * dice.random()), 500 + int(dice.expovariate(1 / 90000)), dice.choice(TAXES)
            clicks = dice.choices([1, 2, 3], [62, 28, 10])[0]
            who = (given, family, (given + family).lower())
            yield "cases", (member, outage, batch, f"A:{account(member)}", number, *who, account(member), email(member), phone(number), language,
                            "NY", where.split(",")[0], cents, tax, "unknown", "2026-04-15", failed, failed, opened, clicks, "MAPLE 27", stage, due_at,
                            "resolved_by_call" if closed else None, called if closed else None, 2 * tried)
            for click in range(clicks):
                key = (4 * member + click).to_bytes(16, "big")
                yield "transactions", (outage, batch, made, "accepted", key, f"PAY-{4 * member + click}", failed + click, account(member),
                                       email(member), phone(number), *who, cents, tax, "web", "DB_LOCK_TIMEOUT", language, "NY", "2026-04-15",
                                       "unknown", f"A:{account(member)}")
