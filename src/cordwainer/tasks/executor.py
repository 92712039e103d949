"""What every executor does: a function for each of many items, in order, told about, stopped on a word."""

from __future__ import annotations

import reprlib
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from cordwainer.core import CordwainerError, Text, UserError

Item = TypeVar("Item")
Result = TypeVar("Result")

TICK_S = 0.5
"""The listener hears at least this often, s."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is: items done, of how many, after how many seconds."""

    done: int
    total: int
    elapsed_s: float


Listener = Callable[[Progress], bool]
"""Called at the start, after items are done and every `TICK_S`, in the caller's thread; returns False to stop."""


class Cancelled(CordwainerError):
    """The listener stopped the work: nothing more is running; start again when it is wanted.

    ``results`` are those of the items that were done, by position, with those that were under way and came to their end.
    """

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.results: dict[int, Any] = {}
        super().__init__(
            "cancelled",
            Text(
                f"Stopped after {progress.done} of {progress.total}.",
                f"已停止：完成 {progress.done}/{progress.total}。",
            ),
            Text("Start again when you want the rest.", "需要其余结果时请重新开始。"),
        )


class WorkerLost(CordwainerError):
    """A worker process was ended from outside, most often for want of memory: use fewer workers or smaller items."""

    def __init__(self) -> None:
        super().__init__(
            "worker-lost",
            Text("A worker process ended without an answer.", "工作进程意外结束。"),
            Text("Check free memory and use fewer workers.", "请检查可用内存并减少并行数。"),
        )


class Executor(Protocol):
    """Calls a function for each of many items, several at a time; a context manager that ends its workers."""

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item], listener: Listener | None = None
    ) -> list[Result]:
        """Return what the function makes of each item, in the order of the items.

        When this returns or raises, nothing of it is running any more: items begun are finished first, unless the executor says
        that it ends them.

        Parameters
        ----------
        function
            Called once for each item; must not rely on what another call does.
        items
            What to call it with.
        listener
            Hears how far the work is, and may stop it.

        Raises
        ------
        Cancelled
            If the listener stopped the work.
        WorkerLost
            If a worker ended without an answer.
        Exception
            Whatever the function raised for the first of the items, in their order, that made it raise; a note on it
            (``__notes__``) names the item.
        """
        ...

    def close(self) -> None:
        """End the workers; a later `map` starts new ones."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def checked(workers: int) -> int:
    """Return the number of workers.

    Raises
    ------
    UserError
        If there is none.
    """
    if workers < 1:
        raise UserError(
            "no-workers",
            Text(f"{workers} workers do nothing.", f"并行数不能为 {workers}。"),
            Text("Ask for at least one.", "请至少设为 1。"),
        )
    return workers


@dataclass(frozen=True)
class Raised:
    """An error that was raised in a worker, as what it returns: class, arguments, attributes, text of the trace.

    An error whose class is made with other arguments than it shows cannot be pickled itself, and would take a pool of
    processes down.
    """

    kind: type[Exception]
    arguments: tuple[object, ...]
    attributes: dict[str, object]
    trace: str

    def error(self) -> Exception:
        """Return the error as it was raised, with the trace as a note."""
        found = self.kind.__new__(self.kind, *self.arguments)
        found.__dict__.update(self.attributes)
        found.add_note(self.trace)
        return found


def gather(
    submit: Callable[[Item], Future[Result | Raised]],
    items: Iterable[Item],
    workers: int,
    listener: Listener | None,
    drop: Callable[[BaseException], bool] = lambda _: False,
) -> list[Result]:
    """Submit items in order, two a worker at most, and return their results in order.

    Items begin in order, so once those under way are finished the first failure in order is known for certain: the
    error does not depend on who was faster.

    Parameters
    ----------
    submit
        Begins the work on an item.
    items
        What to work on.
    workers
        How many work (count).
    listener
        Hears how far the work is, and may stop it.
    drop
        Called with the reason, `Cancelled` or a KeyboardInterrupt, before what is under way is waited for; returns whether it
        ended the workers.

    Raises
    ------
    Cancelled
        If the listener stopped the work.
    """
    work, began = list(items), time.monotonic()
    results: dict[int, Any] = {}
    under_way: dict[Future[Result | Raised], int] = {}
    begun = 0

    def tell() -> None:
        progress = Progress(len(results), len(work), time.monotonic() - began)
        if listener is not None and not listener(progress):
            raise Cancelled(progress)

    try:
        tell()
        while begun < len(work) or under_way:
            while begun < len(work) and len(under_way) < 2 * workers:
                under_way[submit(work[begun])] = begun
                begun += 1
            done, _ = wait(under_way, TICK_S, FIRST_COMPLETED)
            if any(_error(future) for future in done):
                break
            results |= {under_way.pop(future): future.result() for future in done}
            tell()
    except (Cancelled, KeyboardInterrupt) as stopped:
        ended = _ended(under_way, drop(stopped))
        if isinstance(stopped, Cancelled):
            stopped.results = results | {under_way[f]: f.result() for f in ended if _error(f) is None}
        raise
    finally:
        _ended(under_way, False)
    _raise_first(under_way, work)
    return [results[k] for k in range(len(work))]


def _ended(under_way: Iterable[Future[Result | Raised]], dropped: bool) -> list[Future[Result | Raised]]:
    """Wait for what is under way, without what can be called off, and return it.

    Where workers were ended, or one was lost, nothing is called off: the pool is about to tell every item of it that it is broken, and
    trips over one that was called off meanwhile.
    """
    every = list(under_way)
    broken = dropped or any(isinstance(_error(f), BrokenExecutor) for f in every if f.done())
    going = [f for f in every if broken or not f.cancel()]
    wait(going)
    return going


def _error(future: Future[Result | Raised]) -> BaseException | None:
    """Return what went wrong with a finished item."""
    if future.cancelled():
        return None
    error = future.exception()
    if error is None and isinstance(found := future.result(), Raised):
        return found.error()
    return error


def _raise_first(finished: dict[Future[Result | Raised], int], work: list[Item]) -> None:
    """Raise the error of the first item, in their order, that has one."""
    for future, k in sorted(finished.items(), key=lambda pair: pair[1]):
        error = _error(future)
        if error is not None:
            error.add_note(f"Item {k} of {len(work)}: {reprlib.repr(work[k])}")
            raise error
