"""Disk full, database gone: a clear page in both languages, nothing half done, and all goes on once they are back."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from benchmarks.hub_server import Served, Visitor, until
from tests.unit.hub.postgres_server import Server, server
from tests.unit.hub.programs import program

pytestmark = pytest.mark.slow  # a hub is founded, served and looked at by processes of their own
TOLD = {"en": "The hub cannot reach its data at the moment.", "zh": "平台暂时无法访问数据。"}
SIX = {"stage": "cutting", "hours": "8", "kind": "cemented.dress_men", "pairs": "500", "yuan": "4"}
ASKED = {"style": "Y1", "pairs": "20", "key": "a", "approval_needed": "no"}
LINE = "/firm/line/L00cu/"


@dataclass(frozen=True)
class Away:
    """A hub that is served, and who is signed in there."""

    hub: Served
    sessions: dict[str, str]

    def of(self, login: str, language: str = "en") -> Visitor:
        """Return somebody's browser."""
        return Visitor(self.hub.port, self.sessions[login], language)

    def state(self, people: int, language: str = "en") -> tuple[int, str]:
        """State how many people work on a line; return status and page."""
        return self.post("F00", LINE, {**SIX, "people": str(people)}, language)

    def post(self, login: str, path: str, form: dict[str, str], language: str = "en") -> tuple[int, str]:
        """Send a form once; return status and page."""
        visitor = self.of(login, language)
        answer = visitor.post(path, form)
        visitor.close()
        return answer.status, answer.text

    def get(self, login: str, path: str, language: str = "en") -> tuple[int, str]:
        """Return status and page."""
        visitor = self.of(login, language)
        answer = visitor.get(path)
        visitor.close()
        return answer.status, answer.text

    def is_out(self) -> None:
        """Fail unless pages say in both languages that the data are out of reach."""
        for language, said in TOLD.items():
            status, page = self.state(77, language)
            assert (status, said in page) == (503, True), page
            status, page = self.post("buyer", "/firm/enquiries/new/", ASKED, language)
            assert (status, said in page) == (503, True), page

    def is_back(self, people: int) -> None:
        """Fail unless what was refused can now be done, a job too, and nothing was half done meanwhile."""
        until(lambda: self.get("F00", "/firm/")[0] == 200, "it does not come back")
        assert self.state(people)[0] == 302
        assert self.post("buyer", "/firm/enquiries/new/", ASKED)[0] == 302
        planner = self.of("planner")
        page = planner.send("/plan/imports/", "order.csv", b"order,pairs\nO001,1300\n").leads_to
        until(lambda: "Checking" not in (text := planner.get(page).text) and "hx-get" not in text, "no trial", 90)
        planner.close()


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[Away]:
    """Found a town and serve it."""
    told = program(folder, "found", **settings)
    hub = Served(folder, settings=settings)
    hub.start()
    try:
        yield Away(hub, told["people"])
    finally:
        hub.stop()


@contextmanager
def full_disk(hub: Served) -> Iterator[None]:
    """Let the system refuse every write to a file, of server and worker."""
    assert hub.process is not None
    serving = psutil.Process(hub.process.pid).children(recursive=True)
    for process in serving:
        process.rlimit(psutil.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        for process in serving:
            process.rlimit(psutil.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def unreadable(file: Path) -> Iterator[None]:
    """Put something that is no file in place of a file."""
    file.rename(file.with_suffix(".away"))
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        file.with_suffix(".away").rename(file)


def whole(seen: dict[str, object], people: int) -> None:
    """Fail where the audit is broken, or what was refused stands there all the same."""
    assert seen["faults"] == []
    stated = seen["stated"]
    assert isinstance(stated, list)
    numbers = [n for _, n in stated]
    assert 77 not in numbers
    assert numbers.count(people) == 1
    assert seen["enquiries"] == ["a"]


def test_a_full_disk_and_an_unreadable_file_are_told_and_pass(tmp_path: Path) -> None:
    with served(tmp_path) as away:
        assert away.state(5)[0] == 302
        with full_disk(away.hub):
            away.is_out()
        away.is_back(6)
        with unreadable(tmp_path / "hub.sqlite3"):
            away.is_out()
            status, page = away.get("F00", "/firm/", "zh")
            assert (status, TOLD["zh"] in page) == (503, True)
        away.is_back(7)
    seen = program(tmp_path, "look")
    whole(seen, 6)
    whole(seen, 7)
    assert seen["database"] == [[["ok"]], []]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    """Run a server that can be stopped."""
    with server() as running:
        yield running


def test_a_database_that_is_stopped_is_told_and_all_goes_on_once_it_runs(postgres: Server, tmp_path: Path) -> None:
    settings = {"CORDWAINER_HUB_DATABASE": postgres.address("hub")}
    with served(tmp_path, **settings) as away:
        assert away.state(5)[0] == 302
        postgres.stop()
        away.is_out()
        postgres.start()
        away.is_back(6)
    whole(program(tmp_path, "look", **settings), 6)
