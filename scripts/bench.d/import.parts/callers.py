"""Callers at work: each claims the next household and records an outcome, again and again, through the HTTP API."""
import http.client
import json
import random
import subprocess
import threading
import time
import uuid

from program import generate

OUTCOMES = ["no_answer", "voicemail", "busy", "all_set", "will_pay"]
THINKING = 0.25  # seconds between two clicks of a caller, on average


class Callers:
    """So many people on a running server, with a small outage of their own."""

    def __init__(self, program, count, work):
        self.program, self.lock, self.stopped = program, threading.Lock(), threading.Event()
        self.taken = []
        self.tokens = [program.token(f"caller-{number}", "caller") for number in range(count)]
        program.run("outage", "create", "--slug", "evening", "--name", "Evening", "--start", "2026-04-15T18:40:00", "--end",
                    "2026-04-15T19:00:00", "--tz", "America/Denver", "--account-format", "T-0000000", "--calling-hours", "00:00-24:00")
        file = work / "evening.csv"
        generate(20_000, file)
        program.run("import", "--outage", "evening", str(file))

    def __enter__(self):
        self.server = subprocess.Popen([self.program.binary, "serve", "--listen", "127.0.0.1:0"], env=self.program.environment,
                                       stdout=subprocess.PIPE, text=True)
        while "listening on http://" not in (told := self.server.stdout.readline()):
            pass
        self.address = told.split("http://")[1].strip()
        threading.Thread(target=self.server.stdout.read, daemon=True).start()
        self.threads = [threading.Thread(target=self.work, args=(token,)) for token in self.tokens]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        for thread in self.threads:
            thread.join()
        self.server.terminate()
        self.server.wait()

    def work(self, token):
        server, dice = http.client.HTTPConnection(self.address, timeout=30), random.Random(token)
        while not self.stopped.is_set():
            claim = self.click(server, token, "POST", "/api/v1/outages/evening/claims", {})["claim"]
            self.stopped.wait(dice.uniform(0, 2 * THINKING))
            if claim:
                said = {"outcome": dice.choice(OUTCOMES), "note": "", "cases": [case["id"] for case in claim["cases"]]}
                self.click(server, token, "POST", f"/api/v1/claims/{claim['id']}/attempts", said)
                self.stopped.wait(dice.uniform(0, 2 * THINKING))

    def click(self, server, token, method, path, body):
        """One click; a server that is busy is asked again, and the caller has waited all that time."""
        began = time.monotonic()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        while True:
            server.request(method, path, json.dumps(body), headers)
            answer = server.getresponse()
            told = answer.read()
            if answer.status != 503:
                break
        if answer.status not in (200, 201):
            raise SystemExit(f"{path}: {answer.status} {told.decode()}")
        with self.lock:
            self.taken.append(time.monotonic() - began)
        return json.loads(told)

    def work_for(self, seconds):
        time.sleep(seconds)

    def waits(self):
        """What the clicks since the last question took, in words."""
        with self.lock:
            taken, self.taken = sorted(self.taken), []
        if not taken:
            return "none"
        at = lambda share: 1000 * taken[min(len(taken) - 1, int(share * len(taken)))]  # noqa: E731
        return f"{len(taken)} clicks: p50 {at(0.5):.0f} ms, p99 {at(0.99):.0f} ms, longest {1000 * taken[-1]:.0f} ms"

    told = waits
