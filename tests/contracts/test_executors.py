"""Every executor keeps order, tells how far it is, stops on a word and raises the first error with its item."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cordwainer.core import UserError
from cordwainer.tasks import Cancelled, Executor, ProcessExecutor, Progress, ThreadExecutor, WorkerLost
from tests.contracts import task_functions as given

MADE: dict[str, Callable[[int], Executor]] = {"threads": ThreadExecutor, "processes": ProcessExecutor}


class Heard(list[Progress]):
    """A listener that keeps what it hears and lets the work go on."""

    def __call__(self, progress: Progress) -> bool:
        """Keep what is told."""
        self.append(progress)
        return True


@pytest.fixture(scope="module", params=sorted(MADE))
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    """Return each executor with two workers; the same for all tests, for every test leaves it fit for use."""
    with MADE[request.param](2) as made:
        yield made


def test_results_stand_in_the_order_of_the_items(executor: Executor) -> None:
    assert executor.map(given.square_later, range(8)) == [n * n for n in range(8)]


def test_many_items_and_an_iterator_are_taken(executor: Executor) -> None:
    assert executor.map(given.square, iter(range(500))) == [n * n for n in range(500)]


def test_nothing_to_do_is_done_at_once(executor: Executor) -> None:
    told = Heard()
    assert executor.map(given.square, [], told) == []
    assert [(p.done, p.total) for p in told] == [(0, 0)]


def test_progress_rises_from_nothing_to_all_in_the_callers_thread(executor: Executor) -> None:
    told: list[Progress] = []
    threads = set()

    def hear(progress: Progress) -> bool:
        told.append(progress)
        threads.add(threading.current_thread())
        return True

    executor.map(given.square_later, range(8), hear)
    assert (told[0].done, told[-1].done) == (0, 8)
    assert {p.total for p in told} == {8}
    assert all(a.done <= b.done and a.elapsed_s <= b.elapsed_s for a, b in itertools.pairwise(told))
    assert threads == {threading.current_thread()}


def test_the_listener_is_heard_while_an_item_takes_long(executor: Executor) -> None:
    told = Heard()
    executor.map(time.sleep, [1.3], told)
    assert sum(p.done == 0 for p in told) >= 3


def test_the_listener_stops_the_work(executor: Executor, tmp_path: Path) -> None:
    marks = [tmp_path / f"{k:03}" for k in range(200)]
    with pytest.raises(Cancelled) as caught:
        executor.map(given.leave_mark, marks, lambda p: p.done < 3)
    left = len(list(tmp_path.iterdir()))
    assert caught.value.progress.done >= 3
    assert caught.value.progress.done <= left < 20
    assert caught.value.results == {k: marks[k].name for k in range(left)}
    time.sleep(0.3)
    assert len(list(tmp_path.iterdir())) == left
    assert executor.map(given.square, [3]) == [9]


def test_a_listener_that_stops_at_the_start_lets_nothing_begin(executor: Executor, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        executor.map(given.leave_mark, [tmp_path / "mark"], lambda _: False)
    assert list(tmp_path.iterdir()) == []


def test_what_a_listener_raises_is_passed_on(executor: Executor, tmp_path: Path) -> None:
    def angry(progress: Progress) -> bool:
        if progress.done:
            raise LookupError("no word")
        return True

    with pytest.raises(LookupError, match="no word"):
        executor.map(given.leave_mark, [tmp_path / str(k) for k in range(100)], angry)
    left = len(list(tmp_path.iterdir()))
    assert left < 20
    time.sleep(0.3)
    assert len(list(tmp_path.iterdir())) == left


def test_the_error_of_the_first_item_is_raised_with_the_item(executor: Executor) -> None:
    """1 fails long after 3 and 5; it is first all the same."""
    with pytest.raises(UserError) as caught:
        executor.map(given.refuse_odd, [0, 2, 1, 3, 4, 5, 6, 8, 7])
    assert (caught.value.code, caught.value.message.zh) == ("odd", "1 是奇数。")
    assert any("Item 2 of 9: 1" in note for note in caught.value.__notes__)
    assert executor.map(given.square, [3]) == [9]


def test_an_error_that_is_no_word_to_the_user_keeps_its_kind(executor: Executor) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        executor.map(given.divide_by, [1, 0])
    assert any("Item 1 of 2: 0" in note for note in caught.value.__notes__)


def test_an_error_that_is_hard_to_send_is_told_all_the_same(executor: Executor) -> None:
    with pytest.raises(Exception, match="no 5") as caught:
        executor.map(given.refuse_stubbornly, [5])
    assert any("Item 0 of 1: 5" in note for note in caught.value.__notes__)
    assert executor.map(given.square, [3]) == [9]


def test_a_closed_executor_starts_again(executor: Executor) -> None:
    executor.close()
    executor.close()
    assert executor.map(given.square, [4]) == [16]


@pytest.mark.parametrize("kind", sorted(MADE))
def test_no_worker_is_refused(kind: str) -> None:
    with pytest.raises(UserError, match="no-workers"):
        MADE[kind](0)


def test_processes_are_others_than_this_one() -> None:
    with ProcessExecutor(2) as executor:
        assert os.getpid() not in executor.map(given.process_id, range(4))


def test_a_process_that_dies_is_told_and_replaced() -> None:
    with ProcessExecutor(2) as executor:
        with pytest.raises(WorkerLost):
            executor.map(given.die, range(6))
        assert executor.map(given.square, [5]) == [25]


_LINGERING = """
import sys
from pathlib import Path
from cordwainer.tasks import ProcessExecutor
from tests.contracts.task_functions import linger
if __name__ == "__main__":
    with ProcessExecutor(2) as executor:
        executor.map(linger, [Path(sys.argv[1])] * 4)
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_processes_end_with_the_one_that_asked(sign: signal.Signals, tmp_path: Path) -> None:
    """Killed, it tells them nothing; at Ctrl-C, which all of them get, it does not wait for what they have begun."""
    command = [sys.executable, "-c", _LINGERING, str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as asker:
        _until(lambda: len(list(tmp_path.iterdir())) == 2)
        workers = [int(path.name) for path in tmp_path.iterdir()]
        asker.kill() if sign == signal.SIGKILL else os.killpg(asker.pid, sign)
        told = asker.communicate(timeout=20)[1]
    _until(lambda: not any(_works(worker) for worker in workers))
    assert told.count("Traceback") == (sign == signal.SIGINT)


def test_hasty_processes_end_what_they_are_at_when_the_work_is_stopped(tmp_path: Path) -> None:
    with ProcessExecutor(2, hasty=True) as executor:
        with pytest.raises(Cancelled) as caught:
            executor.map(given.linger, [tmp_path] * 4, lambda _: len(list(tmp_path.iterdir())) < 2)
        assert caught.value.results == {}
        assert not any(_works(int(path.name)) for path in tmp_path.iterdir())
        assert executor.map(given.square, [3]) == [9]


def _works(process: int) -> bool:
    """Return whether a process is there and not only waits for somebody to take note of its end."""
    stat = Path(f"/proc/{process}/stat")
    try:
        return stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_what_a_process_cannot_be_sent_is_told_with_the_item() -> None:
    with ProcessExecutor(1) as executor:
        with pytest.raises((TypeError, AttributeError, ValueError)) as caught:
            executor.map(str, [threading.Lock()])
        assert any("Item 0 of 1" in note for note in caught.value.__notes__)
        assert executor.map(given.square, [5]) == [25]
