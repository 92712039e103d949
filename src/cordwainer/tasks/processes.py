"""Work in processes of their own: for pure Python, and for code that might take the process down with it.

A worker holds the reading end of a pipe whose other end only the process that asked for it has. Where that one is killed, or gives the
work up, the pipe ends and the worker with it: nothing computes on for nobody.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Generic, Self

from cordwainer.tasks.executor import Cancelled, Item, Listener, Raised, Result, WorkerLost, checked, gather


@dataclass(frozen=True)
class _Call(Generic[Item, Result]):
    """The function as it is called in the worker."""

    function: Callable[[Item], Result]

    def __call__(self, item: Item) -> Result | Raised:
        try:
            return self.function(item)
        except Exception as error:  # noqa: BLE001 - it is raised again in the process that asked
            return _packed(error)


def _packed(error: Exception) -> Raised:
    """Return an error as it can travel; of one that cannot, its text."""
    trace = "".join(traceback.format_exception(error))
    packed = Raised(type(error), error.args, dict(error.__dict__), trace)
    try:
        pickle.loads(pickle.dumps(packed)).error()  # noqa: S301 - read back what was just written
    except (pickle.PickleError, AttributeError, TypeError, ValueError, ImportError):
        return Raised(RuntimeError, (f"{type(error).__name__}: {error}",), {}, trace)
    return packed


def _begin(asker: Connection) -> None:
    """Leave Ctrl-C, which reaches every process of a terminal, to the one that asked, and end when that one is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(asker,), daemon=True).start()


def _end_with(asker: Connection) -> None:
    wait([asker])  # nobody ever writes: it is ready when the other end is closed
    os._exit(1)


@dataclass
class _Pool:
    """Processes and the end of the pipe that keeps them going."""

    processes: ProcessPoolExecutor
    lifeline: Connection


class ProcessExecutor:
    """An `Executor` whose workers are fresh processes (spawned, so that no lock is inherited half-way).

    The function must be one of a module, and function, items and results must be such as can be pickled.

    Parameters
    ----------
    workers
        Processes (count, at least 1).
    hasty
        Whether items under way are ended, not waited for, when the listener stops the work: for long items that leave nothing
        half done. Ctrl-C ends them in any case.

    Raises
    ------
    UserError
        If there is no worker.
    """

    def __init__(self, workers: int, hasty: bool = False) -> None:
        self.workers, self.hasty = checked(workers), hasty
        self._pool: _Pool | None = None

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item], listener: Listener | None = None
    ) -> list[Result]:
        """Return what the function makes of each item; see `Executor.map`."""
        pool = self._pool = self._pool or self._started()
        call: _Call[Item, Result] = _Call(function)

        try:
            return gather(lambda item: pool.processes.submit(call, item), items, self.workers, listener, self._drop)
        except BrokenProcessPool as error:
            self.close()
            raise WorkerLost from error
        except (Cancelled, KeyboardInterrupt):
            if pool.lifeline.closed:
                self.close()
            raise

    def _started(self) -> _Pool:
        context = get_context("spawn")
        asker, lifeline = context.Pipe(duplex=False)
        return _Pool(ProcessPoolExecutor(self.workers, context, _begin, (asker,)), lifeline)

    def _drop(self, why: BaseException) -> bool:
        """End the processes, whatever they are at, where nobody waits for it; return whether it was done."""
        if self._pool is None or not (self.hasty or isinstance(why, KeyboardInterrupt)):
            return False
        self._pool.lifeline.close()
        return True

    def close(self) -> None:
        """End the processes; a later `map` starts new ones."""
        if self._pool is not None:
            self._pool.processes.shutdown()
            self._pool.lifeline.close()
            self._pool = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
