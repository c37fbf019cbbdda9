"""Mail servers as agencies have them, from packages, started by the test on free ports: Postfix, its smtp-sink, postgrey,
Dovecot."""
import grp
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

LOOPBACK = "127.0.0.1"
OPEN_TO_ALL = 0o755


def free_port():
    with socket.socket() as one:
        one.bind((LOOPBACK, 0))
        return one.getsockname()[1]


def wait_until(what, seconds, true):
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"after {seconds} s still not: {what}")
        time.sleep(0.05)


def listens(port):
    with socket.socket() as one:
        return one.connect_ex((LOOPBACK, port)) == 0


def url(port, tls="none"):
    return f"smtp://{LOOPBACK}:{port}?tls={tls}"


def scratch():
    """A folder that other accounts may enter: the servers run as theirs."""
    folder = Path(tempfile.mkdtemp(prefix="makegood-server-"))
    folder.chmod(OPEN_TO_ALL)
    return folder


@contextmanager
def running(command, port, **options):
    """A server in the foreground, stopped by its number."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **options)
    try:
        wait_until(f"{command[0]} listens", 20, lambda: listens(port))
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


class Sink:
    """Postfix's smtp-sink with its switches for faults; keeps what it takes."""

    def __init__(self, *switches, port=None):
        self.port, self.switches, self.folder = port or free_port(), switches, scratch()
        self.folder.chmod(0o777)

    def __enter__(self):
        command = ["smtp-sink", *self.switches, "-d", f"{self.folder}/%H%M%S.", f"{LOOPBACK}:{self.port}", "200"]
        if os.getuid() == 0:
            command[1:1] = ["-u", "nobody"]
        self.context = running(command, self.port)
        self.process = self.context.__enter__()
        return self

    def __exit__(self, *what):
        self.context.__exit__(*what)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self):
        return url(self.port)

    def taken(self):
        """(recipient, Message-ID) of every copy."""
        found = []
        for file in self.folder.iterdir():
            text = file.read_bytes()
            recipient = re.search(rb"^X-Rcpt-Args: <([^>]*)>", text, re.M)
            name = re.search(rb"^Message-ID: (\S+)", text, re.M)
            if recipient and name:
                found.append((recipient.group(1).decode(), name.group(1).decode()))
        return found


POSTFIX = """compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example
mydestination = {local}
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
maillog_file = {log}
maillog_file_prefixes = {work}
smtputf8_enable = no
disable_dns_lookups = yes
in_flow_delay = 0
{more}
"""
MASTER = """{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
anvil unix - - n - 1 anvil
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
local unix - n n - - local
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """A Postfix of our own, with its own configuration, queue and port; the machine's is neither read nor touched."""

    def __init__(self, more="", local="relay.example"):
        self.port, self.work = free_port(), scratch()
        for name in ("etc", "queue", "data"):
            (self.work / name).mkdir()
        owner, group = pwd.getpwnam("postfix").pw_uid, grp.getgrnam("postfix").gr_gid
        os.chown(self.work / "data", owner, group)
        self.log = self.work / "mail.log"
        self.settings(more, local)
        (self.work / "etc/master.cf").write_text(MASTER.format(port=self.port))

    def settings(self, more, local="relay.example"):
        text = POSTFIX.format(queue=self.work / "queue", data=self.work / "data", log=self.log, work=self.work, local=local, more=more)
        (self.work / "etc/main.cf").write_text(text)

    def does(self, command, *arguments):
        return subprocess.run([command, "-c", str(self.work / "etc"), *arguments], check=True, capture_output=True, text=True)

    def __enter__(self):
        self.does("postfix", "start")
        wait_until("Postfix listens", 20, lambda: listens(self.port))
        return self

    def __exit__(self, *_):
        self.does("postfix", "stop")
        shutil.rmtree(self.work, ignore_errors=True)

    @property
    def url(self):
        return url(self.port)

    def waiting(self):
        """Messages in the queue."""
        return sum(len(files) for name in ("maildrop", "incoming", "active", "deferred")
                   for _, _, files in os.walk(self.work / "queue" / name))


@contextmanager
def postgrey(delay):
    """A greylister: who comes for the first time is asked to come again after so many seconds. Answers its port."""
    port, folder = free_port(), scratch()
    account = pwd.getpwnam("postgrey")
    os.chown(folder, account.pw_uid, account.pw_gid)
    command = ["postgrey", f"--inet={LOOPBACK}:{port}", f"--dbdir={folder}", f"--delay={delay}", "--lookup-by-host",
               f"--pidfile={folder}/pid", "--auto-whitelist-clients=0"]
    try:
        with running(command, port):
            yield port
    finally:
        shutil.rmtree(folder, ignore_errors=True)


DOVECOT = """protocols = imap
base_dir = {work}/run
state_dir = {work}/state
log_path = {work}/dovecot.log
listen = 127.0.0.1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
mail_location = maildir:{box}
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={work}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""


@contextmanager
def dovecot(box, password, certificate, key):
    """A Dovecot of our own that lets whoever knows the password read a Maildir over IMAP with TLS. Answers its port."""
    port, work = free_port(), scratch()
    (work / "home").mkdir()
    settings = work / "dovecot.conf"
    settings.write_text(DOVECOT.format(work=work, box=box, password=password, certificate=certificate, key=key, port=port))
    try:
        with running(["dovecot", "-F", "-c", str(settings)], port):
            yield port
    finally:
        shutil.rmtree(work, ignore_errors=True)
