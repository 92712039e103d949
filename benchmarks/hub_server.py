"""A hub served by the program itself, and visitors that call it over HTTP: for benchmarks, and for tests that kill it."""

from __future__ import annotations

import gzip
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import psutil

ROOT = Path(__file__).resolve().parents[1]
_UP_S = 60.0
_PAUSE_S = 0.05


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a hub in a folder of its own."""
    return {**os.environ, "CORDWAINER_HUB_DIR": str(folder), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **more}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(said: Callable[[], object], what: str, limit_s: float = _UP_S) -> None:
    """Wait until something holds.

    Raises
    ------
    TimeoutError
        If it takes too long; the message says what was waited for.
    """
    end = time.monotonic() + limit_s
    while not said():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(_PAUSE_S)


@dataclass
class Served:
    """A hub in a folder, served on a port with its worker, as an operator would."""

    folder: Path
    port: int = field(default_factory=free_port)
    settings: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start server and worker, and wait until the first page comes."""
        command = [sys.executable, "-m", "cordwainer.cli", "hub", "serve", "--port", str(self.port)]
        with (self.folder / "screen").open("ab") as screen:
            self.process = subprocess.Popen(  # noqa: S603 (our own arguments)
                command,
                env=environment(self.folder, **self.settings),
                cwd=self.folder,
                stdout=screen,
                stderr=screen,
                start_new_session=True,
            )
        until(self.answers, "the hub does not answer")

    def answers(self) -> bool:
        """Say whether it answers at all."""
        visitor = Visitor(self.port)
        try:
            return visitor.get("/sign-in/").status == 200
        except (OSError, HTTPException):
            return False
        finally:
            visitor.close()

    def _children(self, word: str) -> list[psutil.Process]:
        assert self.process is not None
        found = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            try:
                if word in child.cmdline():
                    found.append(child)
            except psutil.Error:  # it ended meanwhile
                continue
        return found

    def kill_server(self) -> None:
        """Kill the process that answers; the one that watches over it starts another."""
        until(lambda: len(self._children("gunicorn")) > 1, "no process answers")
        self._children("gunicorn")[-1].kill()

    def kill_worker(self) -> None:
        """Kill the worker; the hub starts another."""
        until(lambda: self._children("work"), "no worker runs")
        for worker in self._children("work"):
            worker.kill()

    def kill_all(self) -> None:
        """Kill everything at once, and start anew."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.start()

    def stop(self) -> None:
        """Stop as Ctrl-C does, and wait until all is over."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers, and the page."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The page as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def leads_to(self) -> str:
        """Where the answer sends the visitor; empty for nowhere."""
        return self.headers.get("location", "")


class Visitor:
    """A browser without a screen: keeps its connection and its cookies, and sends forms as pages would."""

    def __init__(self, port: int, session: str = "", language: str = "en") -> None:
        self.port = port
        self._secret = secrets.token_hex(16)
        self._cookies = f"language={language}; csrftoken={self._secret}" + (f"; sessionid={session}" if session else "")
        self._open: HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """Return a page.

        Raises
        ------
        OSError, http.client.HTTPException
            If the server is away or breaks off.
        """
        return self._ask("GET", path, None, {})

    def post(self, path: str, form: Mapping[str, str]) -> Answer:
        """Send a form, and return what comes back.

        Raises
        ------
        OSError, http.client.HTTPException
            If the server is away or breaks off: whether the form was taken is then not known.
        """
        body = urlencode({"csrfmiddlewaretoken": self._secret, **form}).encode()
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def send(self, path: str, name: str, content: bytes) -> Answer:
        """Send a file in field ``file``, and return what comes back.

        Raises
        ------
        OSError, http.client.HTTPException
            If the server is away or breaks off: whether the file was taken is then not known.
        """
        edge = secrets.token_hex(16)
        parts = (
            f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{self._secret}\r\n',
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n',
            "Content-Type: application/octet-stream\r\n\r\n",
        )
        body = "".join(parts).encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self._ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={edge}"})

    def close(self) -> None:
        """Close the connection."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        connection = self._open or HTTPConnection("127.0.0.1", self.port, timeout=_UP_S)
        self._open = None
        sent = {"Cookie": self._cookies, "Accept-Encoding": "gzip", **headers}
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException):
            connection.close()
            raise
        said = {name.lower(): value for name, value in answer.getheaders()}
        if answer.will_close:
            connection.close()
        else:
            self._open = connection
        return Answer(answer.status, said, _plain(content, said))


def _plain(content: bytes, headers: Mapping[str, str]) -> bytes:
    if headers.get("content-encoding") != "gzip":
        return content
    return gzip.decompress(content)
