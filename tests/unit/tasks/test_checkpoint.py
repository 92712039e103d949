"""A checkpoint holds the last whole state: after a kill in the middle of writing, and after a full disk."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cordwainer.core import UserError
from cordwainer.tasks import Checkpoint

WORDS = 1 << 18
"""Length of a state in words of eight bytes: 2 MiB, so that a kill mostly hits a half-written file."""

COUNT = """
import sys
from pathlib import Path
from cordwainer.tasks import Checkpoint
words = int(sys.argv[2])
checkpoint = Checkpoint(Path(sys.argv[1]))
state = checkpoint.read()
count = int.from_bytes(state[:8], "big") if state else 0
while True:
    count += 1
    checkpoint.write(count.to_bytes(8, "big") * words)
    print(count, flush=True)
"""

FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from cordwainer.core import UserError
from cordwainer.tasks import Checkpoint
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
checkpoint = Checkpoint(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    checkpoint.write(b"x" * 5000)
except UserError as error:
    print(error.code)
checkpoint.write(b"short")
"""


def test_nothing_was_kept_at_first(tmp_path: Path) -> None:
    assert Checkpoint(tmp_path / "deep" / "state").read() is None


@pytest.mark.parametrize("name", ["state", "state.bin", "a[1].b.c"])
def test_the_last_state_is_read(tmp_path: Path, name: str) -> None:
    checkpoint = Checkpoint(tmp_path / "deep" / name)
    for state in (b"one", b"", b"three"):
        checkpoint.write(state)
        assert checkpoint.read() == state
        assert Checkpoint(tmp_path / "deep" / name).read() == state
    assert [p.name for p in (tmp_path / "deep").iterdir()] == [name]


def test_killed_again_and_again_the_last_whole_state_is_there(tmp_path: Path) -> None:
    path, rng, last = tmp_path / "state.bin", random.Random(1), 0  # noqa: S311
    interrupted = 0
    for _ in range(15):
        process = subprocess.Popen(
            [sys.executable, "-c", COUNT, str(path), str(WORDS)], stdout=subprocess.PIPE, text=True
        )
        with process:
            assert process.stdout is not None
            told = int(process.stdout.readline())
            time.sleep(rng.uniform(0, 0.03))
            process.kill()
            told = max([told, *(int(line) for line in process.stdout.read().split())])
        state = path.read_bytes()
        count = int.from_bytes(state[:8], "big")
        assert state == count.to_bytes(8, "big") * WORDS
        assert count in (told, told + 1)
        assert count > last
        last = count
        interrupted += len(list(tmp_path.iterdir())) > 1
    assert interrupted > 0
    assert Checkpoint(path).read() == last.to_bytes(8, "big") * WORDS
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_full_disk_leaves_the_last_state_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "state"
    Checkpoint(path).write(b"old" * 100)
    told = subprocess.run(
        [sys.executable, "-c", FULL_DISK.replace('checkpoint.write(b"short")\n', ""), str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "cannot-write"
    assert Checkpoint(path).read() == b"old" * 100
    subprocess.run([sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, check=True)
    assert Checkpoint(path).read() == b"short"
    assert [p.name for p in tmp_path.iterdir()] == ["state"]


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path)
    with pytest.raises(UserError, match="cannot-write"):
        checkpoint.write(b"x")
    with pytest.raises(UserError, match="cannot-read"):
        checkpoint.read()
