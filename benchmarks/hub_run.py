"""Twenty people at the pages of a hub at once, over real HTTP: how long each kind of page takes."""

from __future__ import annotations

import json
import random
import re
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from benchmarks.hub_server import ROOT, Served, Visitor, environment, until

PAUSE_S = (0.5, 1.5)
"""Between two pages of one person, at random: twenty people then ask for about twenty pages a second at most."""
PLAN_S = {"S": 10.0, "M": 60.0, "L": 120.0}


@dataclass
class Times:
    """Seconds of each kind of page, and what did not come well."""

    by_page: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)

    def all(self) -> list[float]:
        """Return the seconds of all pages."""
        return [s for times in self.by_page.values() for s in times]


def percentile(times: list[float], share: float) -> float:
    """Return the time in which a share of pages came."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def found(folder: Path, size: str) -> dict[str, Any]:
    """Found the hub in a folder, and return who is signed in and which pages there are."""
    kept = folder / f"town-{size}.json"
    if kept.exists():
        return dict(json.loads(kept.read_text(encoding="utf-8")))
    command = [sys.executable, "-m", "benchmarks.hub_town", size, str(PLAN_S[size])]
    done = subprocess.run(  # noqa: S603 (our own arguments)
        command, env=environment(folder), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    kept.write_text(done.stdout.splitlines()[-1], encoding="utf-8")
    return dict(json.loads(kept.read_text(encoding="utf-8")))


def kind_of(role: str, path: str) -> str:
    """Return role and address of a page without what it is about: pages of one kind are counted together."""
    plain, _, query = path.partition("?")
    plain = re.sub(r"^(/plan/(?:order|firm|line)|/firm/(?:offers|line))/[^/]+/$", r"\1/…/", plain)
    return f"{role} {plain}{'?…' if query else ''}"


@dataclass
class Guest:
    """One of those who are at the pages."""

    hub: Served
    person: Mapping[str, str]
    pages: list[str]
    times: Times
    seed: int

    def go(self, until_s: float) -> None:
        """Open pages until it is over, each time another."""
        rng = random.Random(self.seed)  # noqa: S311 (to be repeatable)
        visitor = Visitor(self.hub.port, self.person["session"], rng.choice(("en", "zh")))
        while time.monotonic() < until_s:
            self.open(visitor, rng.choice(self.pages))
            time.sleep(rng.uniform(*PAUSE_S))
        visitor.close()

    def open(self, visitor: Visitor, path: str) -> float:
        """Open one page, and note how long it took."""
        start = time.perf_counter()
        answer = visitor.get(path)
        took = time.perf_counter() - start
        if answer.status != 200:
            self.times.wrong.append(f"{path}: {answer.status}")
        self.times.by_page[kind_of(self.person["role"], path)].append(took)
        return took


def guests(hub: Served, told: Mapping[str, Any], times: Times) -> list[Guest]:
    """Return the twenty people with the pages that each opens."""
    made = []
    for k, person in enumerate(told["people"]):
        pages = list(told["pages"][person["role"]])
        own = told["own"].get(person["firm"], {})
        if person["role"] == "maker" and own:
            pages += [f"/firm/line/{own['line']}/"]
            pages += [f"/firm/offers/{own['lot']}/"] if own["lot"] else []
        made.append(Guest(hub, person, pages, times, k))
    return made


def warm(hub: Served, told: Mapping[str, Any]) -> Times:
    """Open every page once, one after the other, and return how long each took cold."""
    times = Times()
    for guest in guests(hub, told, times):
        visitor = Visitor(hub.port, guest.person["session"])
        for path in dict.fromkeys(guest.pages):
            guest.open(visitor, path)
        visitor.close()
    return times


def crowd(hub: Served, told: Mapping[str, Any], seconds: float) -> Times:
    """Let all be at the pages at once for some seconds."""
    times = Times()
    end = time.monotonic() + seconds
    threads = [Thread(target=g.go, args=(end,)) for g in guests(hub, told, times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def bring_in(hub: Served, session: str, content: bytes) -> tuple[float, float, int]:
    """Send a file and return the seconds until its problems are listed, until its good rows are in, and how many problems."""
    visitor = Visitor(hub.port, session)
    start = time.perf_counter()
    page = visitor.send("/plan/imports/", "order.zip", content).leads_to
    listed = _when(visitor, page, lambda text: 'value="drop"' in text)
    tried = time.perf_counter() - start
    problems = re.search(r"([\d,]+) (?:problems|places)", listed)
    start = time.perf_counter()
    visitor.post(page, {"step": "good" if 'value="good"' in listed else "all"})
    _when(visitor, page, lambda text: 'value="undo"' in text)
    brought = time.perf_counter() - start
    visitor.close()
    return tried, brought, int(problems.group(1).replace(",", "")) if problems else 0


def _when(visitor: Visitor, page: str, holds: Callable[[str], bool]) -> str:
    """Return a page as soon as something holds of it."""
    seen = [""]

    def look() -> bool:
        seen[0] = visitor.get(page).text
        return holds(seen[0])

    until(look, f"{page} does not come so far", 300)
    return seen[0]


def first_paint(hub: Served, session: str, paths: list[str], chromium: str) -> dict[str, float]:
    """Return the seconds until Chromium first paints each page."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (only where there is a browser)

    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        address = f"http://127.0.0.1:{hub.port}"
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        page = context.new_page()
        for path in paths:
            taken = []
            for _ in range(3):
                page.goto(address + path)
                said = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
                page.wait_for_function(f"({said}) !== null")
                taken.append(float(page.evaluate(said)) / 1000)
            found[path] = statistics.median(taken)
        browser.close()
    return found
