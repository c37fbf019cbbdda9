"""A second PostgreSQL server that has everything the first one has confirmed, and takes its place."""
import subprocess
import time

from database import Postgres


class Standby(Postgres):
    """Begins as a copy of another server, which from then on confirms nothing before it stands here too."""

    named = "standby"

    def __init__(self, primary):
        super().__init__(primary.work, primary.migrations, primary.parts)
        self.primary = primary

    def __enter__(self):
        super().__enter__()
        self.primary.psql("postgres", "-c", "ALTER SYSTEM SET synchronous_standby_names = '*'", "-c", "SELECT pg_reload_conf()")
        asked = ["psql", self.primary.url("postgres"), "-qXAtc", "SELECT sync_state FROM pg_stat_replication"]
        for _ in range(100):
            if subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip() == "sync":
                return self
            time.sleep(0.1)
        raise SystemExit("the standby does not follow")

    def fill(self):
        copied = [self.programs / "pg_basebackup", "-d", self.primary.url("postgres"), "-D", self.folder / "data", "-R", "-X", "stream", "-c", "fast"]
        subprocess.run([*self.runner, *copied], check=True)

    def promote(self):
        subprocess.run([*self.runner, self.programs / "pg_ctl", "promote", "-D", self.folder / "data"], check=True, stdout=subprocess.DEVNULL)

    def either(self, url):
        """A URL of the first server's that leads to whichever of the two takes changes."""
        both = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.port}"
        return url.replace(f"127.0.0.1:{self.primary.port}", both) + "?target_session_attrs=read-write"
