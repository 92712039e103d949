"""Work in processes of their own: for pure Python, and for code that might take the process down with it."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from types import TracebackType
from typing import Generic, Self

from cordwainer.tasks.executor import Item, Listener, Raised, Result, WorkerLost, checked, gather


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


class ProcessExecutor:
    """An `Executor` whose workers are fresh processes (spawned, so that no lock is inherited half-way).

    The function must be one of a module, and function, items and results must be such as can be pickled.

    Parameters
    ----------
    workers
        Processes (count, at least 1).

    Raises
    ------
    UserError
        If there is no worker.
    """

    def __init__(self, workers: int) -> None:
        self.workers = checked(workers)
        self._pool: ProcessPoolExecutor | None = None

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item], listener: Listener | None = None
    ) -> list[Result]:
        """Return what the function makes of each item; see `Executor.map`."""
        pool = self._pool = self._pool or ProcessPoolExecutor(self.workers, get_context("spawn"))
        call: _Call[Item, Result] = _Call(function)

        try:
            return gather(lambda item: pool.submit(call, item), items, self.workers, listener)
        except BrokenProcessPool as error:
            self.close()
            raise WorkerLost from error

    def close(self) -> None:
        """End the processes; a later `map` starts new ones."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
