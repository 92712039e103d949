"""A PostgreSQL of its own for tests: made in a temporary folder, reached by its socket alone, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Server:
    """A server that runs: its programs, its folder."""

    programs: Path
    folder: Path

    def address(self, user: str) -> str:
        """Return the address of the database ``hub`` for a user."""
        return f"postgresql:///hub?host={self.folder}&user={user}"

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the user that the server runs as."""
        command = [str(self.programs / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder, **_as_nobody())
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start it."""
        settings = (
            f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off -c full_page_writes=off"
        )
        data = str(self.folder / "data")
        self.run("pg_ctl", "-D", data, "-w", "-l", str(self.folder / "log"), "-o", settings, "start")

    def stop(self) -> None:
        """Stop it at once, as a machine that fails would."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def ask(self, query: str, database: str = "postgres") -> None:
        """Run a query as superuser."""
        self.run("psql", "-h", str(self.folder), "-U", "super", "-d", database, "-v", "ON_ERROR_STOP=1", "-qc", query)


def _as_nobody() -> dict[str, Any]:
    """Return how a program is run that refuses to run as root."""
    return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}


@contextmanager
def server() -> Iterator[Server]:
    """Run a server with a database ``hub`` that belongs to the plain role ``hub``."""
    found = subprocess.run(["bash", "scripts/ensure_postgres.sh"], cwd=ROOT, capture_output=True, text=True, check=True)
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    running = Server(Path(found.stdout.strip()), folder)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = str(folder / "data")
    try:
        running.run("initdb", "-D", data, "-U", "super", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        running.start()
        running.ask("CREATE ROLE hub LOGIN")
        running.ask("CREATE DATABASE hub OWNER hub")
        yield running
        running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
