"""Commands as people type them: one that many pages show on the same files is run once."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


def digest(path: Path) -> str:
    """Return a fingerprint of a file, or of all files below a folder."""
    found = hashlib.sha256()
    for each in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if each.is_file():
            found.update(f"{each.relative_to(path)}\0{each.stat().st_size}\0".encode())
            found.update(each.read_bytes())
    return found.hexdigest()


def copied(source: Path, target: Path) -> None:
    """Put a file or folder in the place of what is there."""
    if target.is_dir():
        shutil.rmtree(target)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


@dataclass(frozen=True)
class Kept:
    """Runs commands in the working folder and keeps what they wrote.

    A command reads and writes the files that it names and no others; so the same words on the same files need no second run:
    the files that were written then are put there.

    Attributes
    ----------
    folder
        Where files are kept; other processes may share it.
    do
        Runs the words of a command and returns its exit code.
    """

    folder: Path
    do: Callable[[list[str]], int]

    def run(self, words: Sequence[str]) -> int:
        """Return the exit code of a command, after which its files are there."""
        named = [w for w in dict.fromkeys(words) if Path(w).exists()]
        key = hashlib.sha256(repr((list(words), [(w, digest(Path(w))) for w in named])).encode()).hexdigest()
        with self._alone(key):
            place = self.folder / key
            if not place.exists():
                return self._first(list(words), place)
            for source in place.iterdir():
                copied(source, Path(source.name))
            return 0

    def _first(self, words: list[str], place: Path) -> int:
        """Run a command and keep what it wrote, which must be what it names."""
        before = {p.name for p in Path().iterdir()}
        code = self.do(words)
        assert {p.name for p in Path().iterdir()} - before <= set(words)
        if code == 0:
            place.mkdir()
            for word in dict.fromkeys(words):
                if Path(word).exists():
                    copied(Path(word), place / word)
        return code

    @contextmanager
    def _alone(self, key: str) -> Iterator[None]:
        """Let no other process of this run do the same meanwhile."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{key}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
