"""The hub in a database of its own: the small cluster, its plan published, one account of each role."""

import os
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cordwainer.hub.commands import set_up

os.environ["CORDWAINER_HUB_DIR"] = tempfile.mkdtemp(prefix="hub-")  # one for each process, also where a parent has one
set_up()

from django.conf import settings  # noqa: E402 (only once Django is set up)
from django.db import transaction  # noqa: E402

from cordwainer.hub import migrate  # noqa: E402
from cordwainer.hub.pages import world  # noqa: E402
from cordwainer.hub.store.desk import forget_desks  # noqa: E402
from tests.unit.hub.desk_world import Clock, found_desk  # noqa: E402
from tests.unit.hub.figures import publish_graded  # noqa: E402
from tests.unit.hub.worlds import Town, publish_small  # noqa: E402


@pytest.fixture(scope="session")
def database() -> None:
    """Make the tables, once per process, with quick password hashing, and let the test client in."""
    migrate()
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]


@pytest.fixture
def hub(database: None) -> Iterator[None]:
    """Give a test an empty hub, and take back afterwards whatever it wrote."""
    world.forget()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    world.forget()


@pytest.fixture(scope="module")
def founded(database: None) -> Iterator[Town]:
    """Found the town once for a module: the small cluster, its plan published on 1 March 2026."""
    world.forget()
    with transaction.atomic():
        yield publish_small(date(2026, 3, 1))
        transaction.set_rollback(True)
    world.forget()


@pytest.fixture
def town(founded: Town) -> Iterator[Town]:
    """Give a test the town, and take back afterwards whatever it wrote."""
    with transaction.atomic():
        yield founded
        transaction.set_rollback(True)
    world.forget()


@pytest.fixture(scope="module")
def graded_founded(database: None) -> Iterator[Town]:
    """Found once for a module the town whose makers have official figures, with a run frozen on 2 March 2026."""
    world.forget()
    with transaction.atomic():
        yield publish_graded(date(2026, 3, 1))
        transaction.set_rollback(True)
    world.forget()


@pytest.fixture
def graded_town(graded_founded: Town) -> Iterator[Town]:
    """Give a test the town with a run, and take back afterwards whatever it wrote."""
    with transaction.atomic():
        yield graded_founded
        transaction.set_rollback(True)
    world.forget()


@pytest.fixture(scope="module")
def desk_founded(database: None) -> Iterator[Town]:
    """Found once for a module the town whose plan leaves room that can be quoted."""
    world.forget()
    with transaction.atomic():
        yield found_desk(date(2026, 3, 1))
        transaction.set_rollback(True)
    world.forget()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Give a test a clock to set: it begins on Monday 2 March 2026 at eight."""
    return Clock.put_up(monkeypatch)


@pytest.fixture
def desk_town(desk_founded: Town, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """Give a test the town with an order desk, a log of its own and the clock."""
    monkeypatch.setattr(settings, "OFFERS_LOG", tmp_path / "offers.log")
    forget_desks()
    with transaction.atomic():
        yield desk_founded
        transaction.set_rollback(True)
    forget_desks()
    world.forget()
