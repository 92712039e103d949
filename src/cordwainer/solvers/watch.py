"""Run a solver aside, so that it can be timed, stopped and, when it does not listen, given up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from cordwainer.core import Text
from cordwainer.solvers.solution import Cancel, Limits

Answer = TypeVar("Answer")

POLL_S = 0.05
"""How often the caller is asked whether to stop, s."""

_FAULTS = (RuntimeError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, MemoryError, OSError)
"""What a solver library may raise; anything else ends its thread, which is a fault as well."""


@dataclass(frozen=True)
class Watched(Generic[Answer]):
    """What came of a run: an answer or a fault, whether the caller stopped it, and its time in seconds."""

    answer: Answer | None
    fault: Text | None
    cancelled: bool
    seconds: float


def watch(run: Callable[[threading.Event], Answer], limits: Limits, cancel: Cancel | None) -> Watched[Answer]:
    """Run a solver in a thread of its own until it ends, its time is up or the caller stops it.

    A compiled solver cannot be killed. One that neither ends nor heeds its event within ``limits.patience_s`` is given
    up: it is told to stop once more and left behind, and its answer is not waited for.

    Parameters
    ----------
    run
        Solves; stops soon after the event that it is handed is set.
    limits
        Its time and the patience with it.
    cancel
        Asked every `POLL_S`; what it raises stops the solver and is passed on.
    """
    began, stop = time.monotonic(), threading.Event()
    answers: list[Answer] = []
    faults: list[Text] = []

    def work() -> None:
        try:
            answers.append(run(stop))
        except _FAULTS as error:
            faults.append(Text(f"The solver broke off: {error!r}.", f"求解器中断：{error!r}。"))

    thread = threading.Thread(target=work, name="solver", daemon=True)
    thread.start()
    cancelled = False
    until = None if limits.seconds is None else began + limits.seconds + limits.patience_s
    try:
        while thread.is_alive() and (until is None or time.monotonic() < until):
            if not cancelled and cancel is not None and cancel():
                cancelled = True
                stop.set()
                until = time.monotonic() + limits.patience_s
            thread.join(POLL_S)
    finally:
        stop.set()
    if thread.is_alive():
        faults.append(Text("The solver did not stop when it was told to.", "求解器未按要求停止。"))
    elif not answers and not faults:
        faults.append(Text("The solver ended without an answer.", "求解器结束但无结果。"))
    answer = None if faults else answers[0]
    return Watched(answer, faults[0] if faults else None, cancelled, time.monotonic() - began)
