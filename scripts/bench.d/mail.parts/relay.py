"""A mail server that allows so many connections at once and answers 421 to others, and counts what came. Runs as a program of its
own, which says what it saw when its input ends: it is given a port and the limit."""
import asyncio
import json
import re
import subprocess
import sys
from collections import Counter

LOOPBACK = "127.0.0.1"


class Relay:
    def __init__(self, limit):
        self.limit, self.open, self.most, self.turned_away = limit, 0, 0, []
        self.recipients, self.names = Counter(), Counter()

    async def greet(self, reader, writer):
        if self.open >= self.limit:
            self.turned_away.append(asyncio.get_running_loop().time())
            writer.write(b"421 4.7.0 too many connections from your network\r\n")
        else:
            self.open += 1
            self.most = max(self.most, self.open)
            try:
                await self.talk(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            self.open -= 1
        writer.close()

    async def talk(self, reader, writer):
        writer.write(b"220 relay\r\n")
        recipient = ""
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"EHLO":
                writer.write(b"250-relay\r\n250 PIPELINING\r\n")
            elif word == b"RCPT":
                recipient = line.decode().split("<")[1].split(">")[0]
                writer.write(b"250 ok\r\n")
            elif word == b"DATA":
                writer.write(b"354 go on\r\n")
                text = await reader.readuntil(b"\r\n.\r\n")
                self.recipients[recipient] += 1
                self.names[re.search(rb"(?i)^message-id: *<([^>]+)>", text, re.MULTILINE).group(1)] += 1
                writer.write(b"250 2.0.0 taken\r\n")
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                return
            else:
                writer.write(b"250 ok\r\n")

    async def run(self, port):
        server = await asyncio.start_server(self.greet, LOOPBACK, port, limit=1 << 20)
        async with server:
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        begun = self.turned_away[0] if self.turned_away else 0
        print(json.dumps({"messages": sum(self.recipients.values()), "recipients": len(self.recipients),
                          "twice": sum(count > 1 for count in self.recipients.values()), "names": len(self.names),
                          "most_connections": self.most, "turned_away": len(self.turned_away),
                          "turned_away_after_a_minute": sum(at > begun + 60 for at in self.turned_away)}))


def start(port, limit):
    return subprocess.Popen([sys.executable, __file__, str(port), str(limit)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def told(process):
    """What it saw; ends it."""
    return json.loads(process.communicate("")[0])


if __name__ == "__main__":
    asyncio.run(Relay(int(sys.argv[2])).run(int(sys.argv[1])))
