"""A log that only grows: one event a line, on disk before it counts, shared by threads and processes.

A line is whole or it is nothing: its checksum covers it and the line before, and a line that a killed process left half
written is cut off by the next one that writes. Whoever holds the lock has read all that others wrote.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cordwainer.core import Text, UserError
from cordwainer.tasks import cannot_write, sync

Event = Mapping[str, Any]
_SUM = 16


class Journal:
    """Events in a file, or (without one) in nobody's memory; `locked` before reading or writing."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._mutex = threading.RLock()
        self._depth, self._handle = 0, -1
        self._offset, self._chain, self.count = 0, "", 0

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep all other threads and processes out while the block runs; may be nested.

        Raises
        ------
        UserError
            If the file cannot be written.
        """
        with self._mutex:
            if self._depth == 0 and self.path is not None:
                self._open(self.path)
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0 and self.path is not None:
                    os.close(self._handle)  # lets go of the lock too

    def _open(self, path: Path) -> None:
        try:
            fresh = not path.exists()
            if fresh:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
            fcntl.flock(self._handle, fcntl.LOCK_EX)
            if fresh:
                sync(path.parent)
        except OSError as error:
            raise cannot_write(path, error) from error

    def unread(self) -> list[Event]:
        """Return the events written since the last call, by this or any other process; only under the lock.

        Raises
        ------
        UserError
            If a whole line is not what was written: the log was changed by hand or damaged.
        """
        if self.path is None:
            return []
        size = os.fstat(self._handle).st_size
        if size < self._offset:
            raise self._damaged()
        if size == self._offset:
            return []
        data = os.pread(self._handle, size - self._offset, self._offset)
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):  # the lock is ours, so nobody is still writing: a process was killed
            os.ftruncate(self._handle, self._offset + len(whole))
            os.fsync(self._handle)
        events = []
        for line in whole.splitlines():
            event, said = self._parsed(line)
            if said != _chained(self._chain, event):
                raise self._damaged()
            events.append(event)
            self._chain, self.count = said, self.count + 1
        self._offset += len(whole)
        return events

    def append(self, event: Event, *, durable: bool) -> None:
        """Write one event; a ``durable`` one is on disk when this returns. Only under the lock, with nothing unread."""
        if self.path is None:
            self.count += 1
            return
        chain = _chained(self._chain, event)
        line = json.dumps({**event, "sum": chain}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        try:
            written = os.write(self._handle, line)
            if written < len(line):
                os.ftruncate(self._handle, self._offset)
            elif durable:
                os.fsync(self._handle)
        except OSError as error:
            with suppress(OSError):  # what may not be on disk must not be read as written
                os.ftruncate(self._handle, self._offset)
            raise cannot_write(self.path, error) from error
        if written < len(line):
            raise cannot_write(self.path, OSError(errno.ENOSPC, "the disk is full"))
        self._offset, self._chain, self.count = self._offset + len(line), chain, self.count + 1

    def _parsed(self, line: bytes) -> tuple[Event, str]:
        try:
            event = json.loads(line)
            return {k: v for k, v in event.items() if k != "sum"}, str(event["sum"])
        except (ValueError, KeyError, AttributeError) as error:
            raise self._damaged() from error

    def _damaged(self) -> UserError:
        number = self.count + 1
        return UserError(
            "log-damaged",
            Text(
                f"Line {number} of {self.path} is not what was written there.",
                f"{self.path} 第 {number} 行与写入时不一致。",
            ),
            Text(
                "Put back a copy of the log; nothing was changed. Never edit it by hand.",
                "请恢复日志的备份；未作任何改动。切勿手工编辑。",
            ),
        )


def _chained(before: str, event: Event) -> str:
    text = json.dumps(event, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(f"{before}{text}".encode()).hexdigest()[:_SUM]
