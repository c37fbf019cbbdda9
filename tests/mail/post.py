"""A mail server that follows a script: it answers as it is told, waits, or hangs up at any step, before or after it has kept the message."""
import asyncio
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from servers import LOOPBACK, free_port, url


class Misbehaving(SMTP):
    """Does at a step what the handler says: `drop` closes without a word, `store_and_drop` keeps the message first,
    `wait N` waits, anything else is the answer."""

    async def _at(self, step, usual, argument):
        act = self.event_handler.acts(step)
        if act == "drop":
            self.transport.abort()
            return None
        if act and act.startswith("wait"):
            await asyncio.sleep(float(act.split()[1]))
        elif act and act != "store_and_drop":
            return await self.push(act)
        return await usual(argument)

    async def smtp_EHLO(self, argument):
        await self._at("EHLO", super().smtp_EHLO, argument)

    async def smtp_MAIL(self, argument):
        await self._at("MAIL", super().smtp_MAIL, argument)

    async def smtp_RCPT(self, argument):
        await self._at("RCPT", super().smtp_RCPT, argument)

    async def smtp_DATA(self, argument):
        await self._at("DATA", super().smtp_DATA, argument)


class Post:
    """A server of the test's own that follows a script: {step: act or function of how often the step was reached}."""

    def __init__(self, script=None, **options):
        self.script, self.options, self.reached, self.kept = script or {}, options, {}, []
        self.port = free_port()

    def acts(self, step):
        times = self.reached.get(step, 0)
        self.reached[step] = times + 1
        act = self.script.get(step)
        return act(times) if callable(act) else act

    async def handle_DATA(self, server, _session, envelope):
        act = self.acts("dot")
        if act == "drop":
            server.transport.abort()
            return "451 gone"
        if act and act.startswith("wait"):
            await asyncio.sleep(float(act.split()[1]))
        elif act and act != "store_and_drop":
            return act
        self.kept.append(envelope)
        if act == "store_and_drop":
            server.transport.abort()
        return "250 2.0.0 kept"

    def __enter__(self):
        post = self

        class Own(Controller):
            def factory(self):
                return Misbehaving(post, **self.SMTP_kwargs)

        self.controller = Own(self, hostname=LOOPBACK, port=self.port, **self.options)
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()

    @property
    def url(self):
        return url(self.port)

    def letters(self):
        return [message_from_bytes(one.content, policy=policy.default) for one in self.kept]
