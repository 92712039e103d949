"""Writing a file all or nothing: to a temporary sibling first, to disk, then in place by renaming."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cordwainer.core import Text, UserError

_WHY = {
    errno.EISDIR: Text("it is a folder", "它是文件夹"),
    errno.ENOENT: Text("its folder cannot be made", "无法建立所在文件夹"),
    errno.ENOTDIR: Text("a part of its path is a file", "路径中有一段是文件"),
    errno.EACCES: Text("permission is denied", "没有权限"),
    errno.EPERM: Text("permission is denied", "没有权限"),
    errno.EROFS: Text("the disk is read-only", "磁盘是只读的"),
    errno.ENOSPC: Text("the disk is full", "磁盘已满"),
    errno.ENAMETOOLONG: Text("its name is too long", "名称过长"),
}
"""Why a path cannot be written, by the number that the system gives."""


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


def cannot_write(path: Path, error: Exception) -> UserError:
    """Return the error for a path that cannot be written; a library may have wrapped that of the system."""
    cause = next((e for e in (error, *error.args) if isinstance(e, OSError) and e.errno), None)
    said = (cause.strerror if cause else None) or str(error)
    why = _WHY.get(cause.errno or 0 if cause else 0, Text(said, said))
    return UserError(
        "cannot-write",
        Text(f"{path} cannot be written: {why.en}.", f"无法写入 {path}：{why.zh}。"),
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
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        sync(temporary)
        temporary.replace(path)
        sync(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with suppress(OSError):  # where the folder is none, there is nothing to take away
            temporary.unlink(missing_ok=True)
