"""Writing a file all or nothing: to a temporary sibling first, to disk, then in place by renaming."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cordwainer.core import Text, UserError


def sibling(path: Path, kind: str) -> Path:
    """Return a name in the same folder that nobody else uses, hidden, with ``kind`` in it and the same ending."""
    return path.with_name(f".{path.stem}.{kind}-{secrets.token_hex(6)}{path.suffix}")


def sync(path: Path) -> None:
    """Wait until a file or folder is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def cannot_write(path: Path, error: OSError) -> UserError:
    """Return the error for a path that cannot be written."""
    return UserError(
        "cannot-write",
        Text(f"{path} cannot be written: {error.strerror or error}.", f"无法写入 {path}：{error.strerror or error}。"),
        Text(
            "Nothing was changed. Free space on the disk, or choose another place.",
            "原有内容未改动。请清理磁盘空间或换一个位置。",
        ),
    )


@contextmanager
def replaced_file(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to; put it in place of ``path`` when the block ends well.

    Raises
    ------
    UserError
        If it cannot be written; ``path`` is then as it was.
    """
    temporary = sibling(path, "new")
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        sync(temporary)
        temporary.replace(path)
        sync(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)
