"""What the mail server answers, or does not, decides what becomes of a message."""
import ssl
import time
import unittest

from office import ROOT, Browser, Office
from post import Post
from servers import Sink, free_port, wait_until

LONGEST_WAIT = 4000
FIVE_DAYS = 5 * 86_400
CERTIFICATE, KEY = (ROOT / f"tests/data/mail/localhost.{part}.pem" for part in ("cert", "key"))


def micros(seconds):
    return int(seconds * 1_000_000)


class Answers(unittest.TestCase):
    def one_letter(self, server_url, **settings):
        office = self.enterContext(Office(SMTP_URL=server_url, **settings))
        office.knows(1)
        self.assertEqual(office.writes_to_all(), 1)
        return office

    def wait_of(self, office):
        """Seconds from now to the next try."""
        due, text = office.message("due_at, reply")
        return due / 1_000_000 - time.time(), text

    def test_a_4xx_to_the_recipient_waits_five_minutes_then_doubles_to_67_and_after_five_days_it_is_given_up(self):
        with Sink("-r", "RCPT", "-b", "450 4.2.1 mailbox is being moved") as sink:
            office = self.one_letter(sink.url)
            waits = []
            for tries in range(1, 7):
                office.works()
                state, counted, reply = office.message()
                self.assertEqual((state, counted), ("queued", tries))
                self.assertIn("mailbox is being moved", reply, "the server's words are kept")
                waits.append(self.wait_of(office)[0])
                office.its_time_comes()
            for wait, least in zip(waits, (300, 600, 1200, 2400, 3330, 3330)):
                self.assertTrue(least - 5 <= wait <= min(least * 1.2, LONGEST_WAIT) + 1, waits)
            office.does(f"UPDATE messages SET queued_at = queued_at - {micros(FIVE_DAYS)}")
            office.works()
            self.assertEqual(office.message("state, tries"), ("failed", 7))
            self.assertEqual(sink.taken(), [])

    def test_a_5xx_to_the_recipient_is_final_at_once_and_its_words_are_kept(self):
        with Sink("-f", "RCPT", "-B", "550 5.1.1 nobody of that name") as sink:
            office = self.one_letter(sink.url)
            office.works()
            state, tries, reply = office.message()
            self.assertEqual((state, tries), ("bounced", 1))
            self.assertIn("nobody of that name", reply)
            self.assertEqual(office.message("due_at"), (None,), "never again")

    def test_a_5xx_and_a_4xx_after_the_whole_text_are_told_apart(self):
        for answer, state in (("554 5.7.1 looks like spam", "failed"), ("451 4.3.0 disk full", "queued")):
            with self.subTest(answer), Post({"dot": answer}) as post:
                office = self.one_letter(post.url)
                office.works()
                self.assertEqual(office.message("state, tries"), (state, 1))
                self.assertIn(answer[4:], office.message("reply")[0])

    def tried_once(self, office):
        """The message's state, tries and reply after the relay was tried; the worker is stopped while it rests."""
        worker = office.start("mail", "work", "--until-empty")
        wait_until("the server's words are kept", 30, lambda: office.message("reply")[0])
        worker.kill()
        worker.wait()
        return office.message()

    def test_421_at_any_step_rests_the_relay_and_charges_no_message_with_a_try(self):
        for step in ("CONNECT", "MAIL", "RCPT", "DATA", "."):
            with self.subTest(step), Sink("-Q", step, "-b", "421 4.3.2 closing for the night") as sink:
                office = self.one_letter(sink.url, MAIL_RATE=50)
                self.assertEqual(self.tried_once(office)[:2], ("queued", 0))
                nothing_of_it_was_accepted = step in ("CONNECT", "MAIL")
                self.assertEqual(self.wait_of(office)[0] < 1, nothing_of_it_was_accepted, "the relay's rest is its wait")

    def test_a_server_that_stores_the_message_and_hangs_up_leaves_it_uncertain_and_it_is_not_sent_again(self):
        with Post({"dot": "store_and_drop"}) as post:
            office = self.one_letter(post.url)
            office.works()
            office.its_time_comes()
            office.works()
            self.assertEqual(office.message("state"), ("uncertain",))
            self.assertEqual(len(post.kept), 1)

    def test_smtp_sink_that_hangs_up_after_the_dot_leaves_every_message_uncertain(self):
        with Sink("-q", ".") as sink, Office(SMTP_URL=sink.url) as office:
            office.knows(20)
            office.writes_to_all()
            drops = 0
            while office.states().get("queued", 0):
                office.its_time_comes()
                worker = office.start("mail", "work", "--until-empty")
                worker.wait(timeout=120)
                drops += 1
                self.assertLess(drops, 40)
            self.assertEqual(office.states(), {"uncertain": 20}, "as many as there were drops")

    def test_a_person_decides_what_is_uncertain_and_a_second_copy_has_the_same_message_id(self):
        with Post({"dot": lambda times: "store_and_drop" if times == 0 else None}) as post:
            office = self.one_letter(post.url)
            office.works()
            with office.serves("--no-worker") as server:
                supervisor = Browser(server.url, *office.has_user("sue", "supervisor"))
                page = "/outages/april/messages?state=uncertain"
                self.assertIn("Send again", supervisor.opens(page))
                (number,) = office.message("id")
                supervisor.sends(page, f"/outages/april/messages/{number}/settle", decision="again")
            office.works()
            self.assertEqual(office.message("state"), ("sent",))
            first, second = post.letters()
            self.assertEqual(first["Message-ID"], second["Message-ID"])

    def test_hanging_up_before_the_dot_is_tried_again_and_nothing_is_doubled(self):
        for step in ("MAIL", "RCPT", "DATA"):
            with self.subTest(step), Post({step: lambda times: "drop" if times == 0 else None}) as post:
                office = self.one_letter(post.url)
                office.works()
                office.its_time_comes()
                office.works()
                self.assertEqual(office.message("state"), ("sent",))
                self.assertEqual(len(post.kept), 1)

    def test_a_server_that_is_silent_after_the_dot_for_longer_than_we_wait_leaves_it_uncertain(self):
        with Sink("-W", ".:6") as sink:
            office = self.one_letter(sink.url + "&wait=2")
            office.works()
            state, tries, reply = office.message()
            self.assertEqual((state, tries), ("uncertain", 1))
            self.assertIn("after the whole text was sent", reply)
            self.assertIn("did not answer within 2 seconds", reply)
            office.its_time_comes()
            office.works()
            self.assertEqual(office.message("state"), ("uncertain",))
            self.assertLessEqual(len(sink.taken()), 1)

    def test_a_server_that_is_silent_after_the_dot_for_a_while_is_waited_for_and_gets_nothing_twice(self):
        with Sink("-W", ".:6") as sink:
            office = self.one_letter(sink.url)
            office.works()
            self.assertEqual(office.message("state, tries"), ("sent", 1))
            self.assertEqual(len(sink.taken()), 1)

    def test_a_server_without_starttls_is_told_nothing_where_encryption_is_required_and_the_reason_is_shown(self):
        with Post() as post:
            office = self.one_letter(f"smtp://127.0.0.1:{post.port}?tls=required")
            state, tries, reply = self.tried_once(office)
            self.assertEqual((state, tries), ("queued", 0))
            self.assertIn("offers no STARTTLS", reply)
            self.assertEqual((post.kept, post.reached.get("MAIL")), ([], None))

    def encrypted(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE, KEY)
        return self.enterContext(Post(tls_context=context))

    def test_a_certificate_that_nobody_knows_or_that_is_for_another_name_is_refused_and_the_right_one_is_not(self):
        post = self.encrypted()
        for host, known, words in (("localhost", False, "issuer is not known"), ("127.0.0.1", True, "for another name")):
            with self.subTest(words):
                office = self.one_letter(f"smtp://{host}:{post.port}?tls=required")
                if known:
                    office.environment["SSL_CERT_FILE"] = str(CERTIFICATE)
                state, tries, reply = self.tried_once(office)
                self.assertEqual((state, tries), ("queued", 0))
                self.assertIn("certificate", reply)
                self.assertIn(words, reply)
                self.assertEqual((post.kept, post.reached.get("MAIL")), ([], None), "nothing is told to it")
        office = self.one_letter(f"smtp://localhost:{post.port}?tls=required")
        office.environment["SSL_CERT_FILE"] = str(CERTIFICATE)
        office.works()
        self.assertEqual(office.message("state"), ("sent",))

    def test_with_nothing_listening_the_messages_wait_and_the_command_says_why(self):
        office = self.one_letter(f"smtp://127.0.0.1:{free_port()}")
        state, tries, reply = self.tried_once(office)
        self.assertEqual((state, tries), ("queued", 0))
        self.assertIn("nothing listens", reply)


if __name__ == "__main__":
    unittest.main()
