"""A letter that comes back: Postfix itself writes the report, to the address that only we can make, into a Maildir."""
import json
import pwd
import unittest
import urllib.request

from office import HEAD, ROOT, Office
from servers import LOOPBACK, Postfix, Sink, dovecot, scratch, wait_until

NOBODY = pwd.getpwnam("nobody")
MAIL_DATA = ROOT / "tests/data/mail"


class Bounces(unittest.TestCase):
    def comes_back(self, *switches):
        """An office, one of whose letters Postfix could not pass on; waits for its report in the Maildir that the office reads."""
        sink = self.enterContext(Sink(*switches))
        home = scratch()
        box = home / "bounces"
        for folder in (box, box / "new", box / "cur", box / "tmp"):
            folder.mkdir()
            folder.chmod(0o777)
        settings = (f"relayhost = [{LOOPBACK}]:{sink.port}\nsmtp_tls_security_level = none\n"
                    f"virtual_mailbox_domains = revenue.example\nvirtual_mailbox_base = {home}\nvirtual_mailbox_maps = static:bounces/\n"
                    f"virtual_uid_maps = static:{NOBODY.pw_uid}\nvirtual_gid_maps = static:{NOBODY.pw_gid}\n")
        postfix = self.enterContext(Postfix(settings))
        office = self.enterContext(Office(SMTP_URL=postfix.url, BOUNCES=f"maildir:{box}"))
        office.knows(1)
        office.writes_to_all()
        office.works()
        self.assertEqual(office.message("state"), ("sent",))
        wait_until("Postfix's report lies in the Maildir", 60, lambda: list((box / "new").iterdir()))
        return office, box

    def trouble(self, office):
        """Why what came back cannot be read."""
        code, out, err = office.tries("mail", "bounces")
        self.assertEqual(code, 1)
        return out + err

    def test_an_address_that_does_not_exist_is_never_written_to_again_and_the_citizen_is_called(self):
        office, box = self.comes_back("-f", "RCPT", "-B", "550 5.1.1 no such user here")
        report = next((box / "new").iterdir()).read_text()
        self.assertIn("MAILER-DAEMON@relay.example", report)
        office.run("mail", "bounces")
        state, reply = office.message("state, reply")
        self.assertEqual(state, "bounced")
        self.assertIn("5.1.1", reply)
        self.assertEqual(office.rows("SELECT kind, value, reason FROM suppressions"), [("email", "rosa1@citizen.example", "bounced")])
        self.assertEqual(office.rows("SELECT stage FROM cases"), [("new",)], "to be called")
        self.assertEqual(list((box / "new").iterdir()), [], "read once")
        self.assertEqual(office.writes_to_all("tried_to_call"), 0)

    def test_the_report_is_read_over_imap_from_dovecot_once_and_left_there(self):
        office, box = self.comes_back("-f", "RCPT", "-B", "550 5.1.1 no such user here")
        certificate, key = MAIL_DATA / "localhost.cert.pem", MAIL_DATA / "localhost.key.pem"
        port = self.enterContext(dovecot(box, "copper@lake", certificate, key))

        def place(host, password):
            return f"imaps://bounces:{password}@{host}:{port}/INBOX"
        office.environment["SSL_CERT_FILE"] = str(certificate)
        office.set(BOUNCES=place("127.0.0.1", "copper%40lake"))
        self.assertIn("certificate", self.trouble(office), "which is for another name")
        office.set(BOUNCES=place("localhost", "wrong"))
        self.assertIn("does not accept the user name or the password", self.trouble(office))
        self.assertEqual(office.message("state"), ("sent",))
        office.set(BOUNCES=place("localhost", "copper%40lake"))
        self.assertIn("1 dead addresses", office.run("mail", "bounces"))
        self.assertEqual(office.message("state"), ("bounced",))
        self.assertEqual(office.rows("SELECT stage FROM cases"), [("new",)], "to be called")
        self.assertIn("Read 0 messages", office.run("mail", "bounces"))
        (kept,) = (box / "cur").iterdir()
        self.assertTrue(kept.name.endswith("S"), "marked as read, not deleted")

    def test_an_address_that_a_program_puts_right_is_written_to_whatever_a_later_import_says(self):
        office, _ = self.comes_back("-f", "RCPT", "-B", "550 5.1.1 no such user here")
        office.run("mail", "bounces")
        address, _ = office.has_user("sue", "supervisor")
        token = json.loads(office.run("--json", "token", "create", "--email", address, "--name", "test"))["token"]
        with office.serves("--no-worker") as server:
            body = json.dumps({"email": "rosa@right.example"}).encode()
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            path = "/api/v1/outages/april/messages/1/address"
            with urllib.request.urlopen(urllib.request.Request(server.url + path, body, headers), timeout=30) as answer:
                self.assertEqual(answer.status, 204)
        later = office.folder / "later.csv"
        later.write_text(HEAD + "P99,2026-04-15T18:50:00Z,T-0000001,Rosa,Delgado,rosa1@citizen.example,+13032000001,en\n")
        office.run("import", "--outage", "april", str(later))
        self.assertEqual(office.rows("SELECT email, transactions FROM cases"), [("rosa@right.example", 2)])
        office.works()
        sent = office.rows("SELECT to_address, state FROM messages ORDER BY id")
        self.assertEqual(sent, [("rosa1@citizen.example", "bounced"), ("rosa@right.example", "sent")])

    def test_a_letter_that_is_too_large_today_leaves_the_address_good(self):
        office, _ = self.comes_back("-f", "DATA", "-B", "552 5.3.4 message too big for system")
        office.run("mail", "bounces")
        self.assertEqual(office.message("state"), ("failed",))
        self.assertEqual(office.rows("SELECT count(*) FROM suppressions"), [(0,)])

    def test_a_report_to_an_address_that_we_never_made_belongs_to_nothing(self):
        office, box = self.comes_back("-f", "RCPT", "-B", "550 5.1.1 no such user here")
        report = next((box / "new").iterdir())
        forged = report.read_text().replace("bounce+1.", "bounce+1.0")
        report.write_text(forged)
        office.run("mail", "bounces")
        self.assertEqual(office.message("state"), ("sent",))


if __name__ == "__main__":
    unittest.main()
