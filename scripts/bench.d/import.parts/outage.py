#!/usr/bin/env python3
"""outage.py ROWS: failed transactions of an invented outage, as billing exports them, on standard output.

About 48 citizens for 100 rows, each with one to many clicks; a quarter of the phones is shared. Of a hundred records about six
have no account id, six no e-mail, seven no phone, one lies outside the window, one is a duplicate; amounts, phones and languages
are written in several ways, and a few values cannot be used. All of it is invented: 555 numbers, example domains. The same argument gives
the same bytes. The outage: 2026-04-15 18:40 to 19:00 in America/Denver; accounts look like T-0000000.
"""
import random
import sys
from datetime import datetime, timedelta, timezone

HEADER = ("transaction_id,timestamp,account_id,given_name,family_name,email,phone,amount,tax_type,channel,error_code,"
          "language,state,time_zone,filing_deadline,memo")
GIVEN = ("James Mary Robert Patricia José Guadalupe Michael Linda Siân Elizabeth William Barbara Renée Susan Joseph Jessica "
         "Thomas Sarah Luis Karen Zoë Lisa Daniel Nancy Anh Betty Anthony Sandra Mark Margaret Łukasz Ashley").split()
FAMILY = ("Smith Johnson Williams O’Sullivan Jones García Miller Davis Rodríguez Martínez Wilson Anderson Thomas Taylor Moore "
          "Jackson Nguyễn Müller Thompson White Harris Sánchez Clark Ramírez Lewis Robinson Walker Young Allen King").split()
AREAS = ("303 720 719 970 307 505 575 435 801 385 316 620 785 308 402 405 580 214 972 512 210 713 480 602 520 702 775 208 406 605 "
         "701 503 541 206 253 360 425 509 213 310 323 408 415 510 530 559 562 619 626 650 661 707 714 760 805 818 831 858").split()
STATES = ["CO"] * 8 + ["TX", "CA", "NM", "KS"]
ZONES = {"CO": "America/Denver", "NM": "America/Denver", "TX": "America/Chicago", "KS": "America/Chicago", "CA": "America/Los_Angeles"}
TAXES = ["Individual Income"] * 6 + ["Estimated Income", "Corporate Income", "Withholding", "Sales"]
ERRORS = ["DB_LOCK_TIMEOUT", "POOL_EXHAUSTED", "GATEWAY_504", "SESSION_EXPIRED", "CARD_DECLINED"]
MEMOS = ["called twice, no answer", 'said "try later"', "second try", "please call after 5 pm"]
LOCAL = timezone(timedelta(hours=-6))
START, SECONDS = datetime(2026, 4, 15, 18, 40, tzinfo=LOCAL), 1200.0


def phone(dice, homes):
    """One of so many homes' numbers: area code, 555 and a line."""
    home = int(homes * dice.random())
    return AREAS[home % len(AREAS)], 1000 + home // len(AREAS) % 9000


def written(number, dice):
    area, line = number
    return dice.choice(["+1 {} 555 {}", "{}-555-{}", "({}) 555-{}", "{}555{}", "{}.555.{}"]).format(area, line)


def amount(dice):
    cents = int(dice.expovariate(1 / 90000.0)) + 500
    plain = f"{cents // 100}.{cents % 100:02}"
    return dice.choice([plain, plain, plain, "$" + plain, f'"${cents / 100:,.2f}"', "USD " + plain])


def citizen(number, dice, homes):
    """What all records of a citizen have in common."""
    given, family, state = dice.choice(GIVEN), dice.choice(FAMILY), dice.choice(STATES)
    plain = "".join(c for c in given + "." + family if c.isascii()).lower()
    return {
        "account": f"T-{number * 7919 % 10_000_000:07}", "given": given, "family": family, "state": state,
        "email": "" if dice.random() < 0.06 else f"{plain}{number}@{dice.choice(['example.com', 'mail.example.org'])}",
        "phone": None if dice.random() < 0.07 else phone(dice, homes),
        "language": "es" if dice.random() < 0.1 else dice.choice(["en", "en", "EN", "en-US"]),
    }


def record(number, who, at, dice):
    """One line, with now and then a value that is missing or cannot be used."""
    luck = dice.random
    account = "" if luck() < 0.06 else who["account"]
    email = "not-an-address" if luck() < 0.01 else who["email"]
    called = "555-0142" if luck() < 0.015 else written(who["phone"], dice) if who["phone"] else ""
    stamp = "pending" if luck() < 0.005 else at.isoformat(timespec="milliseconds")
    memo = f'"{dice.choice(MEMOS)}"'.replace('try later"', 'try later""').replace('said "', 'said ""') if luck() < 0.05 else ""
    return ",".join([
        f"PAY-{number * 48271 % 99_999_999_977:011}", stamp, account, who["given"], who["family"], email, called,
        amount(dice), dice.choice(TAXES), dice.choice(["web", "web", "mobile"]), dice.choice(ERRORS), who["language"],
        who["state"], ZONES[who["state"]], "2026-04-15", memo])


def main():
    rows = int(sys.argv[1])
    dice = random.Random(20260415)
    citizens = max(1, rows * 48 // 100)
    homes = max(1, citizens * 9 // 10)
    people = [citizen(number, dice, homes) for number in range(citizens)]
    clicks = list(range(citizens)) + [int(citizens * dice.random() ** 2) for _ in range(rows - citizens)]
    times = [(-600 + 2400 * dice.random() if dice.random() < 0.02 else SECONDS * dice.random(), who) for who in clicks]
    times.sort()
    out, before = sys.stdout, None
    print(HEADER, file=out)
    for number, (seconds, who) in enumerate(times[:rows], start=1):
        line = before if before and dice.random() < 0.01 else record(number, people[who], START + timedelta(seconds=seconds), dice)
        print(line, file=out)
        before = line


main()
