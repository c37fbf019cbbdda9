"""The sender is killed in the middle of its work, again and again: nobody is skipped, and who may have been written to
twice is listed.

Between two kills a quarter of an hour passes: the dead worker's leases lapse. At the end a person sends every uncertain
message again, which is the worst they can do. What is counted at the server is then the promise: every recipient served;
no more copies too many than messages in flight at the kills; each of them of a message that was listed as uncertain, with
the Message-ID of the first copy. MAIL_KILLS and MAIL_RECIPIENTS make it longer; scripts/bench faults runs it in full.

That the count can fail is a test too: after each kill the database is left as a sender would leave it that notes nothing before
the text goes (copies that nobody listed), or that calls a letter sent before the server has answered (recipients are missing). The
server there keeps a letter a second before it answers, so that a kill finds letters between the two, however fast the machine."""
import os
import random
import subprocess
import time
import unittest
from collections import Counter

from office import POSTGRES, Office
from servers import Sink

KILLS = int(os.environ.get("MAIL_KILLS", "10"))
RECIPIENTS = int(os.environ.get("MAIL_RECIPIENTS", "300"))
CONNECTIONS = 8
SLOW = ("-W", ".:1")  # smtp-sink keeps the letter at once and answers a second later


class Worker:
    """A process that sends, and the word that names it in its leases."""

    def __init__(self, office, known):
        """`known` are the words of all workers so far: one that holds no lease at this moment will hold some again."""
        self.office = office
        self.process = office.start("mail", "work", "--until-empty", stdout=subprocess.DEVNULL)
        while not (new := self.words(office) - known) and self.process.poll() is None:
            time.sleep(0.01)
        self.word = new.pop() if new else None
        known.add(self.word)

    @staticmethod
    def words(office):
        return {word for (word,) in office.rows("SELECT DISTINCT lease FROM messages WHERE lease IS NOT NULL")}

    def ends(self):
        return self.process.poll() is not None

    def is_killed(self, forgets):
        """Answers how many messages may have been in flight: one on each connection, and those whose turn is next and of which
        it is noted already that they may have gone."""
        self.process.kill()
        self.process.wait()
        if forgets:
            self.office.does(forgets)
        self.office.does(f"UPDATE messages SET leased_until = 1 WHERE lease = '{self.word}'")
        each = int(self.office.environment["MAKEGOOD_MAIL_RATE"]) / CONNECTIONS
        return CONNECTIONS * (1 + (each >= 20) + (each >= 100))


class Kills(unittest.TestCase):
    def kill_and_count(self, workers, forgets=None, recipients=RECIPIENTS, server=(), **settings):
        self.recipients = recipients
        with Sink(*server) as sink, Office(SMTP_URL=sink.url, MAIL_CONNECTIONS=CONNECTIONS, **settings) as office:
            office.knows(recipients)
            self.assertEqual(office.writes_to_all(), recipients)
            in_flight = self.kill(office, workers, sink, forgets)
            office.works()
            self.assertEqual(set(office.states()) - {"sent", "uncertain"}, set(), "every message has its fate")
            listed = {number: address for number, address in
                      office.rows("SELECT id, to_address FROM messages WHERE state = 'uncertain'")}
            self.assertLessEqual(len(listed), in_flight)
            before = Counter(sink.taken())
            self.assertEqual(max(before.values()), 1, "nothing is sent twice before a person decides")
            office.does("UPDATE messages SET state = 'queued', due_at = 1, text_at = NULL WHERE state = 'uncertain'")
            office.works()
            self.count(sink.taken(), set(listed.values()), in_flight, office)

    def count(self, taken, listed, in_flight, office):
        copies = Counter(recipient for recipient, _ in taken)
        self.assertEqual(len(copies), self.recipients, "recipients served")
        doubled = {recipient for recipient, count in copies.items() if count > 1}
        self.assertLessEqual(sum(copies.values()) - self.recipients, in_flight)
        self.assertLessEqual(doubled, listed, "each is listed")
        self.assertEqual(len(set(taken)), self.recipients, "every copy has the Message-ID of the first")
        self.assertEqual(office.states(), {"sent": self.recipients})
        self.nobody_is_left_waiting(office)
        print(f"\n{self.recipients} recipients served, {self.kills} kills, {len(listed)} uncertain, {len(doubled)} came twice after "
              f"they were sent again, at most {in_flight} in flight", flush=True)

    def nobody_is_left_waiting(self, office):
        """Who can only be written to is done, also where a worker died between the server's answer and the case."""
        office.does("UPDATE messages SET due_at = 1 WHERE due_at IS NOT NULL")  # minutes later
        office.works()
        unreachable = office.rows("SELECT stage, resolution, count(*) FROM cases WHERE phone IS NULL GROUP BY stage, resolution")
        self.assertEqual(unreachable, [("closed", "unreachable", self.recipients // 10)])

    def kill(self, office, workers, sink, forgets):
        """Kills a worker at random moments, as often as there is one at work; answers how many messages may have been in flight."""
        dice, at_most, self.kills = random.Random(), 0, 0
        pause = CONNECTIONS / int(office.environment["MAKEGOOD_MAIL_RATE"])
        known = set()
        running = [Worker(office, known) for _ in range(workers)]
        for number in range(KILLS):
            left = sum(office.states().get(state, 0) for state in ("queued", "sending"))
            served = len(list(sink.folder.iterdir()))
            self.some_are_served(sink, served + max(1, left // (KILLS - number) - 2 * CONNECTIONS), running)
            time.sleep(dice.uniform(0, pause))
            at_work = [worker for worker in running if not worker.ends()]
            if not at_work:
                break
            killed = dice.choice(at_work)
            at_most += killed.is_killed(forgets)
            self.kills += 1
            running.remove(killed)
            running.append(Worker(office, known))
        for worker in running:
            worker.process.wait(timeout=120)
        return at_most

    def some_are_served(self, sink, enough, running):
        end = time.monotonic() + 5
        while len(list(sink.folder.iterdir())) < enough and time.monotonic() < end and not all(one.ends() for one in running):
            time.sleep(0.002)

    def test_kills_at_the_default_way_of_sending(self):
        self.kill_and_count(1, MAIL_RATE=100)

    def test_kills_at_a_speed_at_which_the_next_message_is_noted_ahead(self):
        self.kill_and_count(1, MAIL_RATE=400)

    def test_kills_at_full_speed_when_the_next_two_messages_are_noted_ahead(self):
        self.kill_and_count(1, recipients=3 * RECIPIENTS, MAIL_RATE=2000)

    def test_kills_of_one_of_three_workers_that_share_an_outbox_on_postgresql(self):
        self.assertTrue(POSTGRES, "MAKEGOOD_POSTGRES_URL names a server")
        self.kill_and_count(3, postgres=True, MAIL_RATE=10)

    def test_a_sender_that_notes_nothing_before_the_text_would_be_found(self):
        with self.assertRaisesRegex(AssertionError, "nothing is sent twice"):
            self.kill_and_count(1, "UPDATE messages SET text_at = NULL WHERE state = 'sending'", recipients=80, server=SLOW,
                                MAIL_RATE=400)

    def test_a_sender_that_calls_a_letter_sent_before_it_was_answered_would_be_found(self):
        with self.assertRaisesRegex(AssertionError, "recipients served"):
            self.kill_and_count(1, "UPDATE messages SET state = 'sent', lease = NULL WHERE state = 'sending' AND text_at IS NOT NULL",
                                recipients=80, server=SLOW, MAIL_RATE=400)


if __name__ == "__main__":
    unittest.main()
