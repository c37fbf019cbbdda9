"""A wire to PostgreSQL that can fall silent, forget its old connections, or lose the answer to a COMMIT."""
import random
import socket
import threading
import time

COMMIT = b"COMMIT\0"


class Wire:
    def __init__(self, host, port):
        self.server = (host, port)
        self.silent = False
        self.dead_before = 0
        self.opened = 0
        self.swallow = 0.0  # the share of answers to a COMMIT that are lost, with their connection
        self.swallowed = 0
        self.dice = random.Random(1)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def forget_the_old(self):
        """The connections of before never say another word; new ones work."""
        self.dead_before = self.opened

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            number, self.opened = self.opened, self.opened + 1
            threading.Thread(target=Connection(self, client, number).run, daemon=True).start()


class Connection:
    def __init__(self, wire, client, number):
        self.wire, self.client, self.number, self.robbed = wire, client, number, False

    def run(self):
        self.held()
        try:
            self.upstream = socket.create_connection(self.wire.server)
        except OSError:
            self.client.close()
            return
        threading.Thread(target=self.answers, daemon=True).start()
        self.questions()

    def held(self):
        while self.wire.silent or self.number < self.wire.dead_before:
            time.sleep(0.01)

    def close(self):
        for one in (self.client, self.upstream):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def questions(self):
        try:
            while asked := self.client.recv(65536):
                self.held()
                wire = self.wire
                if COMMIT in asked and wire.dice.random() < wire.swallow:
                    self.robbed = True
                    self.upstream.sendall(asked)
                    time.sleep(0.05)  # until the server has done it
                    wire.swallowed += 1
                    break
                self.upstream.sendall(asked)
        except OSError:
            pass
        self.close()

    def answers(self):
        try:
            while (told := self.upstream.recv(65536)) and not self.robbed:
                self.held()
                if not self.robbed:
                    self.client.sendall(told)
        except OSError:
            pass
        if not self.robbed:
            self.close()
