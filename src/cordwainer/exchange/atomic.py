"""Writing a folder all or nothing: to a temporary sibling first, to disk, then in place by renaming."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cordwainer.core import Text, UserError
from cordwainer.tasks import cannot_write, sibling, sync

MARKER = "cordwainer.json"
"""File that says that a folder was written by this software, and which files are its own."""


def _foreign(path: Path) -> list[str]:
    """Return what stands in a folder that this software did not put there."""
    present = {p.name for p in path.iterdir()}
    if not present:
        return []
    marker = path / MARKER
    if MARKER not in present or not marker.is_file():
        return sorted(present)
    try:
        own = set(json.loads(marker.read_text(encoding="utf-8"))["files"])
    except (ValueError, KeyError, TypeError):
        return sorted(present)
    return sorted(present - own - {MARKER})


def _kind(path: Path) -> str | None:
    """Return what a folder holds by its marker: ``cluster`` or ``plan``."""
    try:
        return str(json.loads((path / MARKER).read_text(encoding="utf-8"))["kind"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def refuse_foreign(path: Path, kind: str) -> None:
    """Raise if a folder that would be replaced holds anything of other origin, or of another kind.

    Raises
    ------
    UserError
        If ``path`` is a file, or a folder with files that this software did not write, or a plan where a cluster
        is to be written, or the other way round.
    """
    if path.is_file():
        raise UserError(
            "not-a-folder",
            Text(f"{path} is a file, not a folder.", f"{path} 是文件，不是文件夹。"),
            Text("Choose another name.", "请换一个名称。"),
        )
    if path.is_dir() and (foreign := _foreign(path)):
        names = ", ".join(foreign[:3])
        raise UserError(
            "folder-not-ours",
            Text(
                f"{path} holds files that were not written by this software ({names}).",
                f"{path} 中有不是本软件写出的文件（{names}）。",
            ),
            Text("Choose an empty or new folder.", "请选择空文件夹或新文件夹。"),
        )
    if path.is_dir() and (there := _kind(path)) not in (None, kind):
        words = {"cluster": Text("a cluster", "集群数据"), "plan": Text("a plan", "计划")}
        held = words.get(str(there), Text("something else", "其他内容"))
        raise UserError(
            "folder-of-another-kind",
            Text(f"{path} holds {held.en}, which would be lost.", f"{path} 中是{held.zh}，写入会将其覆盖。"),
            Text("Choose an empty or new folder.", "请选择空文件夹或新文件夹。"),
        )


_HERE, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of Linux (renameat2(2)): paths are as given, and both must exist."""


@contextmanager
def replaced_folder(path: Path, kind: str) -> Iterator[Path]:
    """Give a temporary folder to fill; put it in place of ``path`` when the block ends well.

    Parameters
    ----------
    path
        The folder to be written; an older one by this software is replaced.
    kind
        What it holds, for the marker: ``cluster`` or ``plan``.

    Raises
    ------
    UserError
        If it cannot be written or holds files of other origin; ``path`` is then as it was.
    """
    refuse_foreign(path, kind)
    temporary, old = sibling(path, "new"), sibling(path, "old")
    try:
        temporary.mkdir(parents=True)
        yield temporary
        names = sorted(p.name for p in temporary.iterdir())
        marker = json.dumps({"kind": kind, "files": names}, indent=1)
        (temporary / MARKER).write_text(marker + "\n", encoding="utf-8")
        for file in temporary.iterdir():
            sync(file)
        sync(temporary)
        _swap(temporary, path, old)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _swap(temporary: Path, path: Path, old: Path) -> None:
    """Put the new folder in place; the old one goes back when that fails."""
    if path.exists() and not _exchanged(temporary, path):
        path.rename(old)
    try:
        if not path.exists():
            temporary.rename(path)
    except OSError:
        if old.exists():
            old.rename(path)
        raise
    sync(path.parent)


def _exchanged(a: Path, b: Path) -> bool:
    """Let two folders change places in one step, so that a kill leaves one or the other; False where the system cannot."""
    call = getattr(ctypes.CDLL(None), "renameat2", None)
    return call is not None and call(_HERE, os.fsencode(a), _HERE, os.fsencode(b), _EXCHANGE) == 0
