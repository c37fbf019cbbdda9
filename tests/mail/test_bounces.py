"""A letter that comes back: Postfix itself writes the report, to the address that only we can make, into a Maildir."""
import pwd
import unittest

from office import Office
from servers import LOOPBACK, Postfix, Sink, scratch, wait_until

NOBODY = pwd.getpwnam("nobody")


class Bounces(unittest.TestCase):
    def comes_back(self, *switches):
        """An office, one of whose letters Postfix could not pass on; waits for its report."""
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
