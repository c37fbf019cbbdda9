"""Signed e-mails, checked by a verifier that is not ours: dkimpy (PyPI).

Usage: signatures.py MAKEGOOD FOLDER_WITH_KEYS. Writes e-mails into files, reads the keys to publish from `makegood doctor`, and
verifies every signature of every e-mail: as it is, with header lines folded anew and blanks at the ends of lines, as
relays do it; and insists that a changed word or a second From breaks it.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import dkim

makegood, keys = sys.argv[1], Path(sys.argv[2])
folder = Path(tempfile.mkdtemp())
settings = {
    "MAKEGOOD_DATA_DIR": str(folder),
    "MAKEGOOD_MAIL_FROM": "Franklin Department of Revenue <noreply@agency.example>",
    "MAKEGOOD_BASE_URL": "https://makegood.agency.example",
    "MAKEGOOD_DKIM": f"r1:agency.example:{keys}/dkim-rsa.pem,e1:agency.example:{keys}/dkim-ed25519.pem",
}
environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKEGOOD_")} | settings


def run(*arguments):
    done = subprocess.run([makegood, *arguments], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, (arguments, done.stdout, done.stderr)
    return done.stdout


run("outage", "create", "--slug", "s", "--name", "April 14", "--start", "2026-04-14T13:00", "--end", "2026-04-14T14:00",
    "--tz", "America/New_York")
rows = ["transaction_id,timestamp,account_id,given_name,email"]
names = ["Ana", "José", "Nguyễn", "O'Neil  two", "x" * 60]
rows += [f"t{i},2026-04-14T13:10:00-04:00,a{i},{name},p{i}@post.example" for i, name in enumerate(names)]
(folder / "small.csv").write_text("\n".join(rows) + "\n")
run("import", "--outage", "s", str(folder / "small.csv"))
run("campaign", "send", "--outage", "s", "--template", "apology")
run("mail", "work", "--until-empty")

report = json.loads(subprocess.run([makegood, "--json", "doctor"], env=environment, capture_output=True, text=True).stdout)
published = {}
for check in report["checks"]:
    if check["check"] == "dkim":
        assert check["ok"], check
        name, text = check["detail"].removeprefix("publish ").split(" TXT ", 1)
        published[name.encode() + b"."] = text.strip('"').encode()
assert len(published) == 2, published


def dns(name, timeout=5):
    return published.get(name if isinstance(name, bytes) else name.encode())


def verified(message, count=2):
    signed = dkim.DKIM(message)
    return [signed.verify(idx=number, dnsfunc=dns) for number in range(count)]


letters = sorted((folder / "mail").glob("*.eml"))
assert len(letters) == len(names), letters
for letter in letters:
    raw = letter.read_bytes()
    assert verified(raw) == [True, True], letter
    signed = [line for line in raw.split(b"\r\n") if line.startswith(b" h=")]
    assert all(b"list-unsubscribe-post" in line and b"from:from" in line for line in signed), signed
    header, body = raw.split(b"\r\n\r\n", 1)
    relayed = header.replace(b"Subject: ", b"Subject:\t ") + b"\r\n\r\n" + body.replace(b"\r\n", b" \r\n") + b"\r\n\r\n"
    assert verified(relayed) == [True, True], "a relay may fold and pad"

    def broken(changed):
        try:
            return not any(verified(changed))
        except dkim.DKIMException:
            return True

    assert broken(raw.replace(b"Revenue", b"Avenue", 1)), "a changed sender must break it"
    assert broken(header + b"\r\nFrom: Eve <eve@evil.example>\r\n\r\n" + body), "a second sender must break it"
    assert broken(raw + b"One more line.\r\n"), "a longer text must break it"
print(f"{len(letters)} e-mails, {2 * len(letters)} signatures verified")
