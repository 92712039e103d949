"""What the executors are given to do in tests: functions that a fresh process can import."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import NoReturn

from cordwainer.core import Text, UserError


class Stubborn(Exception):
    """An error that cannot be sent to another process."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what)
        self.handle = open(os.devnull)  # noqa: SIM115, PTH123 - held open so that it cannot be copied
        self.handle.close()
        self.why = why


def square(number: int) -> int:
    return number * number


def square_later(number: int) -> int:
    """Return the square, the later the smaller the number (of eight)."""
    time.sleep(0.03 * max(0, 8 - number))
    return number * number


def refuse_odd(number: int) -> int:
    """Refuse odd numbers, and 1 last of all."""
    time.sleep(0.3 if number == 1 else 0.01)
    if number % 2:
        raise UserError("odd", Text(f"{number} is odd.", f"{number} 是奇数。"), Text("Add one.", "加一。"))
    return number


def divide_by(number: int) -> float:
    return 1 / number


def refuse_stubbornly(number: int) -> NoReturn:
    raise Stubborn(f"no {number}", "never")


def leave_mark(path: Path) -> str:
    """Make a file and return its name after a while."""
    path.touch()
    time.sleep(0.05)
    return path.name


def process_id(_: int) -> int:
    return os.getpid()


def die(number: int) -> NoReturn:
    """End the process without a word."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError(number)


def linger(folder: Path) -> None:
    """Leave the id of the process in a folder, and stay for minutes."""
    (folder / str(os.getpid())).touch()
    time.sleep(300)
