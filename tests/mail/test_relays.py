"""Relays with rules of their own: Postfix, Postfix with a greylister, one that allows few connections, slow ones."""
import os
import time
import unittest
import urllib.request

from office import Office
from post import Post
from servers import LOOPBACK, Postfix, Sink, postgrey, wait_until


def relay_to(sink):
    return f"relayhost = [{LOOPBACK}]:{sink.port}\nsmtp_tls_security_level = none\n"

LETTERS = int(os.environ.get("MAIL_LETTERS", "1000"))


class Relays(unittest.TestCase):
    def test_postfix_takes_every_letter_and_passes_it_on_once(self):
        with Sink() as sink, Postfix(relay_to(sink)) as postfix, Office(SMTP_URL=postfix.url, MAIL_RATE=500) as office:
            office.knows(100)
            office.writes_to_all()
            office.works()
            self.assertEqual(office.states(), {"sent": 100})
            (reply,) = office.rows("SELECT reply FROM messages")[0]
            self.assertIn("queued as", reply, "the relay's own number is kept")
            wait_until("Postfix has passed them on", 60, lambda: len(sink.taken()) == 100)
            self.assertEqual(len({recipient for recipient, _ in sink.taken()}), 100)

    def test_a_greylister_is_come_back_to_and_slows_nobody_else(self):
        with Sink() as sink, postgrey(delay=3) as grey:
            check = f"smtpd_recipient_restrictions = check_policy_service inet:{LOOPBACK}:{grey}, permit_mynetworks, reject\n"
            with Postfix(relay_to(sink) + check) as postfix, Office(SMTP_URL=postfix.url, MAIL_RATE=50) as office:
                office.knows(20)
                office.writes_to_all()
                begun = time.monotonic()
                office.works()
                self.assertLess(time.monotonic() - begun, 10, "the pace is not halved for each")
                self.assertEqual(office.rows("SELECT DISTINCT state, tries FROM messages"), [("queued", 1)])
                self.assertIn("reylist", office.rows("SELECT reply FROM messages")[0][0])
                soonest, latest = office.rows("SELECT min(due_at), max(due_at) FROM messages")[0]
                wait = soonest / 1_000_000 - time.time()
                self.assertTrue(285 < wait < 361, f"five minutes, not {wait} s")
                self.assertGreater(latest - soonest, 10_000_000, "they do not all come back at once")
                time.sleep(3.5)
                office.its_time_comes()
                office.works()
                self.assertEqual(office.states(), {"sent": 20})
                wait_until("each came once", 60, lambda: len(sink.taken()) == 20)

    def test_no_more_connections_are_open_than_are_set(self):
        with Sink("-m", "5", "-w", "1") as sink, Office(SMTP_URL=sink.url, MAIL_CONNECTIONS=5, MAIL_RATE=100) as office:
            office.knows(20)
            office.writes_to_all()
            worker = office.start("mail", "work", "--until-empty")
            most = 0
            while worker.poll() is None:
                most = max(most, connections_to(sink.port))
                time.sleep(0.02)
            self.assertEqual(most, 5)
            self.assertEqual(office.states(), {"sent": 20})
            self.assertEqual(len({name for _, name in sink.taken()}), 20)

    def test_a_relay_that_allows_fewer_connections_is_met_with_fewer_and_all_arrive_once(self):
        limit = "smtpd_client_connection_count_limit = 5\nsmtpd_client_event_limit_exceptions =\n"
        with Sink() as sink, Postfix(relay_to(sink) + limit) as postfix:
            with Office(SMTP_URL=postfix.url, MAIL_CONNECTIONS=8, MAIL_RATE=1000) as office:
                office.knows(LETTERS)
                office.writes_to_all()
                office.works()
                self.assertEqual(office.states(), {"sent": LETTERS}, "without waiting for anybody's next try")
                self.assertEqual(office.rows("SELECT DISTINCT tries FROM messages"), [(1,)], "421 charges no message with a try")
                wait_until("each came once", 60, lambda: len(sink.taken()) == LETTERS)
                self.assertEqual(len({name for _, name in sink.taken()}), LETTERS)
                refused = postfix.log.read_text().count("Connection concurrency limit exceeded")
                self.assertTrue(0 < refused < 50, f"it did say 421, and not to a storm of connections: {refused}")

    def test_after_421_the_whole_relay_rests_and_the_next_message_is_not_tried_meanwhile(self):
        with Post({"RCPT": "421 4.7.0 come back later"}) as post, Office(SMTP_URL=post.url, MAIL_CONNECTIONS=1) as office:
            office.knows(20)
            office.writes_to_all()
            worker = office.start("mail", "work", "--until-empty")
            time.sleep(4)
            worker.kill()
            worker.wait()
            self.assertEqual(post.reached["RCPT"], 1, "five seconds of rest after the first")
            self.assertEqual(office.rows("SELECT sum(tries) FROM messages"), [(0,)])

    def test_a_slow_server_at_any_step_is_waited_for_and_nobody_at_the_pages_notices(self):
        for step in ("EHLO", "MAIL", "RCPT", "DATA", "dot"):
            with self.subTest(step), Post({step: "wait 3"}) as post, Office(SMTP_URL=post.url) as office:
                office.knows([(name, "Delgado", f"{name.lower()}@citizen.example") for name in ("Rosa", "Luis", "Ines", "Teo")])
                office.writes_to_all()
                with office.serves() as server:
                    slowest = 0
                    while office.states() != {"sent": 4}:
                        begun = time.monotonic()
                        urllib.request.urlopen(server.url + "/sign-in", timeout=10).read()
                        slowest = max(slowest, time.monotonic() - begun)
                        time.sleep(0.05)
                    self.assertLess(slowest, 1.5, "a page waited for the mail server")
                self.assertEqual(len(post.kept), 4)

    def test_a_server_that_is_told_to_stop_finishes_the_letter_in_hand_and_gives_the_others_back(self):
        with Post({"dot": "wait 2"}) as post, Office(SMTP_URL=post.url, MAIL_CONNECTIONS=2) as office:
            office.knows(20)
            office.writes_to_all()
            with office.serves():
                wait_until("two are on their way", 30, lambda: post.reached.get("dot", 0) >= 2)
            states = office.states()
            self.assertEqual(set(states), {"sent", "queued"}, states)
            self.assertEqual(states["sent"], len(post.kept))


def connections_to(port):
    """Established connections from the client's side."""
    wanted, found = f"0100007F:{port:04X}", 0
    with open("/proc/net/tcp", encoding="ascii") as table:
        for line in table:
            fields = line.split()
            found += fields[2] == wanted and fields[3] == "01"
    return found


if __name__ == "__main__":
    unittest.main()
