"""A hub killed at any moment loses nothing that it said it has, does nothing twice, and goes on where it was.

``CORDWAINER_KILLS=50`` kills so many times (3 otherwise: once each); the figures are printed.
"""

import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmarks.hub_server import Served, until
from tests.unit.hub.programs import program
from tests.unit.hub.townspeople import Chief, Clerk, Ledger, Person, all_people

KILLS = int(os.environ.get("CORDWAINER_KILLS", "3"))
THEMES = ("acceptance", "import", "planning")


class Killed:
    """A hub at work that is killed again and again."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.rng = folder, random.Random(seed)  # noqa: S311 (to be repeatable)
        self.hub, self.ledger = Served(folder), Ledger()
        self.kills: Counter[tuple[str, str]] = Counter()
        told = program(folder, "found")
        self.hub.start()
        self.people: list[Person] = all_people(self.hub.port, told, self.ledger, seed)
        for person in self.people:
            person.start()

    @property
    def clerk(self) -> Clerk:
        """Who brings in files."""
        return next(p for p in self.people if isinstance(p, Clerk))

    @property
    def chief(self) -> Chief:
        """Who asks for plans."""
        return next(p for p in self.people if isinstance(p, Chief))

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Return what the database says to a query."""
        with closing(sqlite3.connect(self.folder / "hub.sqlite3", timeout=30)) as database, database:
            return database.execute(query).fetchall()

    def at_work(self, *kinds: str) -> bool:
        """Say whether a job of one of these kinds is being done."""
        return any(kind in kinds for (kind,) in self.ask("SELECT kind FROM hub_job WHERE status = 'running'"))

    def kill(self, theme: str) -> None:
        """Kill in the middle of what a theme names."""
        if theme == "import":
            self.clerk.wanted.set()
            until(self.clerk.begun.is_set, "no file is sent", 300)
            self.clerk.begun.clear()
            time.sleep(self.rng.uniform(0.0, 1.2))
            victim = self.rng.choice(("worker", "all", "server"))
        elif theme == "planning":
            self.chief.wanted.set()
            until(lambda: self.at_work("plan"), "no plan is made", 300)
            time.sleep(self.rng.uniform(0.0, 4.0))
            victim = self.rng.choice(("worker", "all"))
        else:
            time.sleep(self.rng.uniform(0.2, 1.5))
            victim = self.rng.choice(("server", "all"))
        {"server": self.hub.kill_server, "worker": self.hub.kill_worker, "all": self.hub.kill_all}[victim]()
        self.kills[theme, victim] += 1
        until(self.hub.answers, "the hub does not come back")
        if victim != "server":
            self.let_leases_end()

    def let_leases_end(self) -> None:
        """Let a minute pass for jobs whose worker was killed."""
        with closing(sqlite3.connect(self.folder / "hub.sqlite3", timeout=30)) as database, database:
            database.execute("UPDATE hub_job SET lease_until = '2000-01-01 00:00:00' WHERE status = 'running'")

    def all_brought(self) -> bool:
        """Say whether the clerk has brought in whatever it sent; fail where somebody met with an error."""
        assert [p.fault for p in self.people if p.fault] == []
        return self.ledger.tried_brought == set(self.ledger.brought)

    def end(self) -> None:
        """Let the jobs that are left be done, and everybody go home."""
        until(lambda: not self.ask("SELECT 1 FROM hub_job WHERE status IN ('waiting', 'running')"), "jobs left", 600)
        until(self.all_brought, "a file is left", 300)
        for person in self.people:
            person.over.set()
        for person in self.people:
            person.join(60)
        self.hub.stop()
        assert [p.fault for p in self.people if p.fault] == []


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[Killed]:
    """Serve a town that is to be killed."""
    made = Killed(tmp_path, 2026)
    try:
        yield made
    finally:
        for person in made.people:
            person.over.set()
        made.hub.stop()


def whole(seen: dict[str, Any]) -> None:
    """Fail where the audit has a fault or the database is damaged."""
    assert seen["faults"] == []
    assert seen["database"] == [[["ok"]], []]


@pytest.mark.slow
@pytest.mark.timeout(600 + 60 * KILLS)
def test_nothing_accepted_is_lost_or_doubled_when_the_hub_is_killed(killed: Killed) -> None:
    """The hub is served by processes of its own, which start anew after each kill: that makes it slow."""
    for k in range(KILLS):
        killed.kill(THEMES[k % len(THEMES)])
        if k % 10 == 9:
            whole(program(killed.folder, "look"))  # while it is at work
    killed.end()
    seen, ledger = program(killed.folder, "look"), killed.ledger
    whole(seen)
    told_to_makers(seen, ledger)
    told_to_brands(seen, ledger)
    told_to_planners(seen, ledger)
    tries = Counter(tries for *_, tries, _ in seen["jobs"])
    print(
        f"\n{sum(killed.kills.values())} kills {dict(killed.kills)}; {ledger.broken} requests without answer; "
        f"{len(ledger.replies)} replies, {sum(map(len, ledger.stated.values()))} statements, {len(ledger.asked)} enquiries, "
        f"{len(ledger.ordered)} orders, {len(ledger.brought)} files, {len(ledger.plans)} plans accepted; "
        f"{len(seen['jobs'])} jobs, tries {dict(tries)}; {seen['entries']} entries of the audit whole"
    )


def told_to_makers(seen: dict[str, Any], ledger: Ledger) -> None:
    """Check replies to lots on offer, what became of these, and statements of lines."""
    said = {(lot, firm): answer for lot, firm, answer in seen["replies"]}
    assert len(said) == len(seen["replies"])
    assert {key: said.get(key) for key in ledger.replies} == ledger.replies
    for lot, makers in seen["makers"].items():
        answers = [said.get((lot, firm)) for firm in makers]
        if "decline" in answers:
            assert seen["promises"][lot] == "declined"
        elif any(answers):
            assert seen["promises"][lot] == ("accepted" if all(answers) else "offered")
    for line, tried in ledger.tried_stated.items():
        stated = ledger.stated.get(line, [])
        assert seen["people"][line] in {stated[-1], *(n for n in tried if n > stated[-1])}
    times = Counter((row.split("|")[0], people) for row, people in seen["stated"])
    assert {(line, n) for line, stated in ledger.stated.items() for n in stated} <= set(times)
    assert set(times.values()) <= {1}


def told_to_brands(seen: dict[str, Any], ledger: Ledger) -> None:
    """Check enquiries, options and orders."""
    assert len(seen["enquiries"]) == len(set(seen["enquiries"]))
    assert ledger.asked <= set(seen["enquiries"]) <= ledger.tried_asked
    options = {offer: status for offer, _, status in seen["options"]}
    accepted = {offer for offer, status in options.items() if status == "accepted"}
    assert ledger.ordered <= accepted <= ledger.tried_ordered
    ordered = [order for order in seen["orders"] if order.startswith("Q")]
    assert sorted(ordered) == sorted(accepted)
    assert all(len(seen["lots_of_orders"][order]) == 1 for order in accepted)


def told_to_planners(seen: dict[str, Any], ledger: Ledger) -> None:
    """Check files that were brought in, and jobs."""
    assert {order for order in seen["orders"] if order.startswith("K")} == set(ledger.brought)
    assert [name for name, state, _ in seen["batches"] if state == "brought"] == list(ledger.brought.values())
    assert all(seen["imports"][name] == 1 for name in ledger.brought.values())
    jobs = {pk: (kind, status, result) for pk, kind, status, _, result in seen["jobs"]}
    assert ledger.plans <= set(jobs)
    assert {status for _, status, _ in jobs.values()} <= {"done", "failed"}
    assert all(result["en"] == "Its workers were lost." for _, status, result in jobs.values() if status == "failed")
    made = [result["run"] for kind, status, result in jobs.values() if (kind, status) == ("plan", "done")]
    assert sorted([1, *made]) == sorted(seen["runs"])
