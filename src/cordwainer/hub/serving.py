"""Serve the hub: a web server and a worker as processes of their own, watched over until one is told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

_PAUSE_S = 0.5


class _Stop(Exception):
    """The process was told to stop."""


def _stop(*_: object) -> None:
    raise _Stop


def _web(host: str, port: int) -> list[str]:
    bind = f"{host}:{port}"
    settings = [
        "--worker-class",
        "gthread",
        "--workers",
        "1",
        "--threads",
        "8",
        "--timeout",
        "60",
        "--log-level",
        "warning",
    ]
    return [sys.executable, "-m", "gunicorn", "--bind", bind, *settings, "cordwainer.hub.wsgi:application"]


def serve(host: str, port: int) -> int:
    """Serve until told to stop, and return the exit code: 0, or that of a web server that ended by itself.

    A worker that ends is started again: its job goes on with the next one.
    """
    signal.signal(signal.SIGTERM, _stop)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "cordwainer.hub.settings"}
    command = [sys.executable, "-m", "cordwainer.cli", "hub", "work"]
    web = subprocess.Popen(_web(host, port), env=environment)  # noqa: S603 (our own arguments)
    worker = subprocess.Popen(command, env=environment)  # noqa: S603
    try:
        while (code := web.poll()) is None:
            if worker.poll() is not None:
                worker = subprocess.Popen(command, env=environment)  # noqa: S603
            time.sleep(_PAUSE_S)
    except (_Stop, KeyboardInterrupt):
        return 0
    else:
        return code
    finally:
        for process in (web, worker):
            process.terminate()
        for process in (web, worker):
            process.wait()
