"""Results that stay true while the tables that they were read from, and all else that they were made of, are the same.

What a function reads of a cluster is noted while it runs, so that nobody has to list it and nothing can be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeVar

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster

Result = TypeVar("Result")


class Read(Mapping[str, pl.DataFrame]):
    """Tables of a cluster that note which of them were looked at."""

    def __init__(self, frames: Mapping[str, pl.DataFrame]) -> None:
        self._frames = frames
        self.seen: dict[str, pl.DataFrame] = {}

    def __getitem__(self, table: str) -> pl.DataFrame:
        """Return a table and note it."""
        frame = self._frames[table]
        self.seen[table] = frame
        return frame

    def __iter__(self) -> Iterator[str]:
        """Yield the names of all tables."""
        return iter(self._frames)

    def __len__(self) -> int:
        """Return the number of tables."""
        return len(self._frames)


@dataclass(frozen=True)
class _Entry:
    arguments: tuple[Any, ...]
    read: Mapping[str, pl.DataFrame]
    result: Any


class Memo:
    """The last result of each function of a cluster that was called through it."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    def call(self, function: Callable[..., Result], cluster: Cluster, *arguments: object) -> Result:
        """Return ``function(cluster, *arguments)``, that of the last time where neither tables read nor arguments differ."""
        name = f"{function.__module__}.{function.__qualname__}"
        entry = self._entries.get(name)
        if entry is not None and same(entry.arguments, arguments):
            now = cluster.frames
            if all(same(frame, now[table]) for table, frame in entry.read.items()):
                result: Result = entry.result
                return result
        frames = Read(cluster.frames)
        result = function(Cluster(frames), *arguments)
        self._entries[name] = _Entry(arguments, frames.seen, result)
        return result

    def plain(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Return ``function(*arguments)``, that of the last time where no argument differs; it reads no cluster."""
        name = f"{function.__module__}.{function.__qualname__}"
        entry = self._entries.get(name)
        if entry is None or not same(entry.arguments, arguments):
            entry = _Entry(arguments, {}, function(*arguments))
            self._entries[name] = entry
        result: Result = entry.result
        return result


def same(a: Any, b: Any) -> bool:  # noqa: ANN401 - tables, arrays and plain values alike
    """Return whether two values are the same through and through."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, pl.DataFrame | pl.Series):
        return (a.shape == b.shape) and a.equals(b)
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and bool((a == b).all())
    if is_dataclass(a):
        return all(same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(x, b[k]) for k, x in a.items())
    return bool(a == b)
