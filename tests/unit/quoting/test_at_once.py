"""Threads and processes that accept at once, and processes that are killed in the middle: nothing is sold twice or forgotten."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cordwainer.core import UserError
from cordwainer.quoting import Desk, Entry
from tests.unit.quoting import desk
from tests.unit.quoting.test_desk import NOON, agreed, big, offered, opened, same

_CHILD = """
import pickle, sys
from pathlib import Path
from cordwainer.core import UserError
from cordwainer.quoting import open_desk
from tests.unit.quoting.test_desk import NOON
case, log, names = pickle.loads(Path(sys.argv[1]).read_bytes()), Path(sys.argv[2]), sys.argv[3:]
at = open_desk(*case, log)
print("ready", flush=True)
for name in names:
    sys.stdin.readline()
    try:
        print(name, "yes" if at.accept(name, NOON).done else "no", flush=True)
    except UserError as error:
        print(name, error.code, flush=True)
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file that holds the planned sample for other processes."""
    path = tmp_path_factory.mktemp("case") / "case"
    path.write_bytes(pickle.dumps(tuple(_bare(x) for x in desk.planned())))
    return path


def _bare(value: object) -> object:
    """Return a cluster or plan whose tables can be pickled."""
    return type(value)(dict(value.frames))  # type: ignore[attr-defined,call-arg]


def started(case: Path, log: Path, names: list[str], root: Path) -> subprocess.Popen[str]:
    """Start a process that is ready to accept offers one after another."""
    environment = {**os.environ, "PYTHONPATH": str(root)}
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(case), str(log), *names],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def rivals(at: Desk, count: int) -> list[Entry]:
    """Return offers of a request that fits only once."""
    request = big(at)
    return [agreed(at, at.quote(request, NOON).entries[0]) for _ in range(count)]


def counted(at: Desk) -> dict[str, int]:
    """Return how many offers have which status."""
    found: dict[str, int] = {}
    for e in at.entries(NOON):
        found[e.status] = found.get(e.status, 0) + 1
    return found


def test_threads_that_accept_at_once_sell_once(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    names = [e.offer.offer for e in rivals(at, 6)]
    others = [at, opened(tmp_path / "log")]

    def accept(k: int) -> bool:
        return others[k % 2].accept(names[k], NOON).done

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(accept, range(6)))
    assert sum(done) == 1
    assert at.live.over() == []
    assert counted(at)["accepted"] == 1
    others[1].entries(NOON)
    assert same(at, others[1])


def test_threads_quote_while_others_accept(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    requests = desk.asks(16)

    def quote(k: int) -> int:
        answer = at.quote(requests[k], NOON)
        for entry in answer.entries[:1]:
            agreed(at, entry)
            at.accept(entry.offer.offer, NOON)
        return len(answer.entries)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(quote, range(16)))
    assert at.live.over() == []
    assert counted(at)["accepted"] > 4
    assert same(at, opened(tmp_path / "log"))


def test_processes_that_accept_at_once_sell_once(tmp_path: Path, case: Path, root: Path) -> None:
    log = tmp_path / "log"
    at = opened(log)
    names = [e.offer.offer for e in rivals(at, 2)]
    children = [started(case, log, [name], root) for name in names]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    said = [child.communicate()[0].split() for child in children]
    assert sorted(word for _, word in said) == ["no", "yes"]
    assert counted(at)["accepted"] == 1
    assert same(at, opened(log))


def test_a_process_that_is_killed_loses_nothing_it_said_yes_to(tmp_path: Path, case: Path, root: Path) -> None:
    log = tmp_path / "log"
    at = opened(log)
    entries = [e for r in desk.asks(30) for e in at.quote(r, NOON).entries[:1]]
    names = [agreed(at, e).offer.offer for e in entries]
    told: set[str] = set()
    for wanted in (1, 3):
        with started(case, log, [n for n in names if n not in told], root) as child:
            assert child.stdin is not None
            assert child.stdout is not None
            said: list[list[str]] = []
            while sum(word == "yes" for _, word in said) < wanted:
                child.stdin.write("\n")
                child.stdin.flush()
                said.append(child.stdout.readline().split())  # a yes that was told, and only then the blow
            child.stdin.write("\n")  # the blow falls on the next one
            child.stdin.flush()
            child.send_signal(signal.SIGKILL)
            said += [line.split() for line in child.stdout.read().splitlines()]
        assert child.returncode == -signal.SIGKILL
        told |= {name for name, word in said if word == "yes"}
        again = opened(log)
        after = {e.offer.offer: e.status for e in again.entries(NOON)}
        assert len(told) >= wanted
        assert all(after[name] == "accepted" for name in told)
        assert again.live.over() == []
    assert same(opened(log), opened(log))


def test_a_process_that_is_killed_while_it_writes_leaves_no_half_event(tmp_path: Path) -> None:
    log = tmp_path / "log"
    at = opened(log)
    entry = agreed(at, offered(at))
    at.hold(entry.offer.offer, NOON, hours=0.5)
    code = (
        "import fcntl, os, signal, sys; f = os.open(sys.argv[1], os.O_RDWR | os.O_APPEND); fcntl.flock(f, fcntl.LOCK_EX); "
        "os.write(f, b'half an ev'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    before = log.read_bytes()
    died = subprocess.run([sys.executable, "-c", code, str(log)], check=False)
    assert died.returncode == -signal.SIGKILL
    assert len(log.read_bytes()) > len(before)
    again = opened(log)
    assert log.read_bytes() == before
    later = NOON.replace(hour=13)
    assert {e.status for e in again.entries(later) if e.offer.offer == entry.offer.offer} == {"expired"}
    with pytest.raises(UserError, match="offer-gone"):
        opened(log).accept(entry.offer.offer, NOON)
