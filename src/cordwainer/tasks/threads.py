"""Work in threads of this process: for compiled code that lets go of the interpreter while it works."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from cordwainer.tasks.executor import Item, Listener, Result, checked, gather


class ThreadExecutor:
    """An `Executor` whose workers are threads: nothing is copied, pure Python gains nothing.

    Parameters
    ----------
    workers
        Threads (count, at least 1).

    Raises
    ------
    UserError
        If there is no worker.
    """

    def __init__(self, workers: int) -> None:
        self.workers = checked(workers)
        self._pool: ThreadPoolExecutor | None = None

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item], listener: Listener | None = None
    ) -> list[Result]:
        """Return what the function makes of each item; see `Executor.map`."""
        pool = self._pool = self._pool or ThreadPoolExecutor(self.workers)
        return gather(lambda item: pool.submit(function, item), items, self.workers, listener)

    def close(self) -> None:
        """End the threads; a later `map` starts new ones."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
