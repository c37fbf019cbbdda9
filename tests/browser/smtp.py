"""A real SMTP server that takes every message and appends it to a file, one JSON object a line."""

import asyncio
import json
import signal
import sys
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import UnthreadedController


class Keep:
    """Keeps what arrives."""

    def __init__(self, path):
        self.path = path

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=default)
        text = message.get_body(("plain",))
        kept = {
            "from": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "to": str(message["To"]),
            "subject": str(message["Subject"]),
            "language": str(message["Content-Language"]),
            "text": text.get_content() if text else "",
        }
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(kept, ensure_ascii=False) + "\n")
        return "250 kept"


loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
controller = UnthreadedController(Keep(sys.argv[1]), hostname="127.0.0.1", port=0, loop=loop)
controller.begin()
print(f"port {controller.server.sockets[0].getsockname()[1]}", flush=True)
for told in (signal.SIGTERM, signal.SIGINT):
    loop.add_signal_handler(told, loop.stop)
loop.run_forever()
controller.end()
