"""The hub on PostgreSQL: the same tests as on SQLite, the lock on rows, and no start as superuser."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cordwainer.core import UserError
from cordwainer.hub.database import database_of
from tests.unit.hub.postgres_server import ROOT, Server, server

SAME = (
    "test_store.py",
    "test_acts.py",
    "test_gate.py",
    "test_jobs.py",
    "test_desk.py::test_a_brand_asks_holds_and_orders_once_the_makers_agreed",
    "test_imports.py::test_only_the_good_rows_go_in_where_that_is_asked",
    "test_routes.py",
    "on_postgres.py",
)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    """Run a server for this module."""
    with server() as running:
        yield running


def environment(address: str, folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    return {**kept, "CORDWAINER_HUB_DATABASE": address, "CORDWAINER_HUB_DIR": str(folder), "CORDWAINER_LANG": "en"}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_hub_stands_on_postgres_as_on_sqlite(postgres: Server, tmp_path: Path) -> None:
    """Runs a good part of the hub's tests anew in a process of their own: that makes it slow."""
    files = [str(Path("tests/unit/hub") / name) for name in SAME]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", "-n0", *files]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(postgres.address("hub"), tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:]
    assert " passed" in done.stdout


def test_a_superuser_is_refused(postgres: Server, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cordwainer.cli", "hub", "migrate"],
        env=environment(postgres.address("super"), tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "does not run as a superuser" in done.stderr + done.stdout


def test_an_address_is_read_as_it_is_written(tmp_path: Path) -> None:
    made = database_of("postgresql://hub:p%40ss@db.local:5433/shoes?sslmode=require", tmp_path)
    wanted = {"NAME": "shoes", "USER": "hub", "PASSWORD": "p@ss", "HOST": "db.local", "PORT": "5433"}
    assert {k: made[k] for k in wanted} == wanted
    assert made["OPTIONS"]["sslmode"] == "require"
    assert database_of("", tmp_path)["NAME"] == tmp_path / "hub.sqlite3"
    for wrong in ("mysql://x/y", "postgresql://host", "hub"):
        with pytest.raises(UserError):
            database_of(wrong, tmp_path)
