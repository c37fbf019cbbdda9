"""What goes out: 515 naughty strings as names, in subjects and in notes, read back by Python's own e-mail parser."""
import json
import unittest
import urllib.error
import urllib.request
from email.utils import getaddresses

from office import ROOT, Office
from post import Post

STRINGS = [text for text in json.loads((ROOT / "tests/data/mail/naughty_strings.json").read_text(encoding="utf-8")) if text]
TO_ONE = {"from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type"}
TO_MANY = TO_ONE | {"list-unsubscribe", "list-unsubscribe-post"}
SURNAME = "Oksanenbrook"


class Texts(unittest.TestCase):
    def office(self, post):
        office = self.enterContext(Office(SMTP_URL=post.url, MAIL_RATE=2000, BASE_URL="https://makegood.revenue.example"))
        names = STRINGS + 100 * ["Rosa"]  # not everybody has a phone, and each note wants a call
        people = [(text, SURNAME, f"citizen{number}@citizen.example") for number, text in enumerate(names)]
        told = office.knows(people)
        self.assertGreater(told["accepted"], 500, told)
        return office

    def check(self, letters, headers):
        for letter in letters:
            names = [name.lower() for name in letter.keys()]
            self.assertEqual((sorted(names), letter.defects), (sorted(headers), []), letter.as_string()[:2000])
            # Python's newer parser of addresses breaks on some quoted names, so the older one reads this header.
            recipients = getaddresses([value for name, value in letter.raw_items() if name.lower() == "to"])
            self.assertEqual(len(recipients), 1, recipients)
            self.assertRegex(recipients[0][1], r"^citizen\d+@citizen\.example$")
            self.assertEqual(letter["Auto-Submitted"], "auto-generated")
            kinds = [part.get_content_type() for part in letter.walk()]
            self.assertEqual(kinds, ["multipart/alternative", "text/plain", "text/html"])
            whole = letter.as_string() + "".join(part.get_content() for part in letter.walk() if not part.is_multipart())
            self.assertNotIn(SURNAME, whole, "a surname is nobody's business")

    def test_no_name_makes_a_header_or_a_second_recipient_and_each_letter_is_to_one(self):
        with Post() as post:
            office = self.office(post)
            office.does("UPDATE templates SET subject = '{{ given_name }}, ' || subject || ' {{ given_name }}'")
            queued = office.writes_to_all()
            self.assertGreater(queued, 500)
            office.works()
            self.assertEqual(office.states(), {"sent": queued}, "and nothing broke the sender")
            self.assertEqual([len(one.rcpt_tos) for one in post.kept], [1] * queued)
            self.assertEqual(len({one.rcpt_tos[0] for one in post.kept}), queued)
            self.check(post.letters(), TO_MANY)

    def test_no_note_breaks_anything_and_what_a_call_asks_for_cannot_be_unsubscribed_from(self):
        with Post() as post:
            office = self.office(post)
            address, _ = office.has_user("ana", "caller")
            token = json.loads(office.run("--json", "token", "create", "--email", address, "--name", "test"))["token"]
            with office.serves("--no-worker") as server:
                answers = [self.records(server.url, token, number, text) for number, text in enumerate(STRINGS)]
            self.assertEqual(set(answers) - {201, 422}, set(), "a note is taken or refused with words")
            self.assertGreater(answers.count(201), 400)
            office.works()
            self.assertEqual(set(office.states()), {"sent"})
            self.assertGreater(len(post.kept), 400)
            self.check(post.letters(), TO_ONE)

    def records(self, url, token, number, note):
        """Claims the next household and records a voicemail with a note; answers the status."""
        claim = self.asks(url, token, "/api/v1/outages/april/claims", {})[1]["claim"]
        path = f"/api/v1/claims/{claim['id']}/attempts"
        status, told = self.asks(url, token, path, {"outcome": "voicemail", "note": note}, f"note-{number}")
        if status != 201:
            self.asks(url, token, path, {"outcome": "no_answer", "note": ""}, f"again-{number}")
        return status

    def asks(self, url, token, path, body, key="claim"):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
        request = urllib.request.Request(url + path, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read())


if __name__ == "__main__":
    unittest.main()
