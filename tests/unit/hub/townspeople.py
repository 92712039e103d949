"""People who work in a hub that is killed under them: each repeats what got no answer, and writes down what was accepted."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from io import BytesIO
from threading import Event, Thread
from typing import Any
from urllib.parse import quote
from uuid import UUID
from zipfile import ZipFile

from benchmarks.hub_server import Answer, Visitor

_PAUSE_S = 0.1


class Over(Exception):
    """The test is over while an answer was waited for."""


@dataclass
class Ledger:
    """What people were told is done, and what they tried."""

    replies: dict[tuple[str, str], str] = field(default_factory=dict)
    stated: dict[str, list[int]] = field(default_factory=dict)
    tried_stated: dict[str, list[int]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    tried_asked: set[str] = field(default_factory=set)
    ordered: set[str] = field(default_factory=set)
    tried_ordered: set[str] = field(default_factory=set)
    brought: dict[str, str] = field(default_factory=dict)
    tried_brought: set[str] = field(default_factory=set)
    plans: set[int] = field(default_factory=set)
    broken: int = 0
    """Requests that got no answer because something was killed."""


class Person(Thread):
    """Somebody with a browser."""

    def __init__(self, visitor: Visitor, ledger: Ledger, seed: int) -> None:
        super().__init__(daemon=True)
        self.visitor, self.ledger, self.rng = visitor, ledger, random.Random(seed)  # noqa: S311 (to be repeatable)
        self.over = Event()
        self.fault: Exception | None = None

    def run(self) -> None:
        """Work until the test is over; an error is kept for it."""
        try:
            while not self.over.is_set():
                self.work()
                self.over.wait(self.rng.uniform(0.5, 1.5))
        except Over:
            pass
        except Exception as error:  # noqa: BLE001 (told by the test)
            self.fault = error
        finally:
            self.visitor.close()

    def work(self) -> None:
        """Do one round of work."""
        raise NotImplementedError

    def surely(self, call: Callable[[], Answer], *fine: int) -> Answer:
        """Repeat a call until an answer comes; one that is none of those that may come is an error."""
        while True:
            if self.over.is_set():
                raise Over
            try:
                answer = call()
            except (OSError, HTTPException):
                self.ledger.broken += 1
                self.over.wait(_PAUSE_S)
                continue
            if answer.status == 503:
                self.over.wait(_PAUSE_S)
                continue
            if answer.status not in fine:
                raise AssertionError(f"{answer.status}: {answer.text[:3000]}")
            return answer


class Maker(Person):
    """Answers offers, says yes to what it is asked, and states its first line anew again and again."""

    def __init__(self, visitor: Visitor, ledger: Ledger, seed: int, firm: str, lots: list[str]) -> None:
        super().__init__(visitor, ledger, seed)
        self.firm, self.lots, self.count = firm, list(lots), 0

    def work(self) -> None:
        """Do one round of work."""
        page = self.surely(lambda: self.visitor.get("/firm/"), 200)
        for path in sorted(set(re.findall(r'href="(/firm/asked/[^"]+/)"', page.text))):
            self.surely(lambda p=path: self.visitor.post(p, {"answer": "yes"}), 302, 422, 404)  # type: ignore[misc]
        if self.lots and self.rng.random() < 0.5:
            self.reply(self.lots.pop(0))
        self.state(f"L{self.firm[1:]}cu")

    def reply(self, lot: str) -> None:
        """Accept a lot, or now and then decline it."""
        said = "decline" if self.rng.random() < 0.2 else "accept"
        path = f"/firm/offers/{quote(lot)}/"
        # 422 or 404: another of its makers said no to the lot before, or this one did and its answer was lost
        answer = self.surely(lambda: self.visitor.post(path, {"answer": said}), 200, 302, 404, 422)
        if answer.status in (200, 302):
            self.ledger.replies[lot, self.firm] = said

    def state(self, line: str) -> None:
        """State how many people work on a line: each time one more."""
        self.count += 1
        form = {"stage": "cutting", "people": str(self.count), "hours": "8", "kind": "cemented.dress_men"}
        form |= {"pairs": "500", "yuan": "4"}
        self.ledger.tried_stated.setdefault(line, []).append(self.count)
        self.surely(lambda: self.visitor.post(f"/firm/line/{line}/", form), 302)
        self.ledger.stated.setdefault(line, []).append(self.count)


class Brand(Person):
    """Asks, holds and orders."""

    def work(self) -> None:
        """Do one round of work."""
        key = str(UUID(int=self.rng.getrandbits(128)))
        self.ledger.tried_asked.add(key)
        form = {"style": "Y1", "pairs": "20", "key": key, "approval_needed": "no"}
        page = self.surely(lambda: self.visitor.post("/firm/enquiries/new/", form), 302).leads_to
        self.ledger.asked.add(key)
        offers = re.findall(r'name="offer" value="([^"]+)"', self.surely(lambda: self.visitor.get(page), 200).text)
        if not offers:
            return
        offer = offers[0]
        self.surely(lambda: self.visitor.post(page, {"offer": offer, "step": "hold"}), 302, 422)
        self.ledger.tried_ordered.add(offer)
        for _ in range(20):
            self.surely(lambda: self.visitor.post(page, {"offer": offer, "step": "order"}), 302, 422)
            if offer in self._done(page):
                self.ledger.ordered.add(offer)
                return
            self.over.wait(0.2)
        self.surely(lambda: self.visitor.post(page, {"offer": offer, "step": "release"}), 302, 422)

    def _done(self, page: str) -> str:
        """Return what the page says is ordered."""
        text = self.surely(lambda: self.visitor.get(page), 200).text
        return " ".join(re.findall(r'<p class="done"[^>]*>(.*?)</p>', text))


class Clerk(Person):
    """Brings in files, one new order each, when told to."""

    def __init__(self, visitor: Visitor, ledger: Ledger, seed: int) -> None:
        super().__init__(visitor, ledger, seed)
        self.wanted, self.begun, self.count = Event(), Event(), 0

    def work(self) -> None:
        """Bring in one file, if that is wanted."""
        if not self.wanted.wait(_PAUSE_S):
            return
        self.wanted.clear()
        self.count += 1
        order = f"K{self.count:03}"
        name = f"{order}.zip"
        packed = BytesIO()
        with ZipFile(packed, "w") as archive:
            archive.writestr("order.csv", f"order,po,style,pairs,price,due_date\n{order},P1,Y1,100,120,2026-04-05\n")
        self.ledger.tried_brought.add(order)
        self.begun.set()
        page = self._sent(name, packed.getvalue())
        while True:
            text = self.surely(lambda: self.visitor.get(page), 200).text
            if 'value="all"' in text:
                self.surely(lambda: self.visitor.post(page, {"step": "all"}), 302, 422)
            elif 'value="again"' in text:  # its job was ended: its worker was killed too often
                self.surely(lambda: self.visitor.post(page, {"step": "again"}), 302, 422)
            elif 'value="undo"' in text:
                break
            self.over.wait(_PAUSE_S)
        self.ledger.brought[order] = name

    def _sent(self, name: str, content: bytes) -> str:
        """Send a file, unless the list shows that it came although no answer did; return its page."""
        while True:
            listed = self.surely(lambda: self.visitor.get("/plan/imports/"), 200).text
            found = re.search(rf'href="(/plan/imports/\d+/)"><span><strong>{re.escape(name)}<', listed)
            if found:
                return found.group(1)
            try:
                self.visitor.send("/plan/imports/", name, content)
            except (OSError, HTTPException):
                self.ledger.broken += 1
                self.over.wait(_PAUSE_S)


class Chief(Person):
    """Asks for plans when told to."""

    def __init__(self, visitor: Visitor, ledger: Ledger, seed: int) -> None:
        super().__init__(visitor, ledger, seed)
        self.wanted = Event()

    def work(self) -> None:
        """Ask for one plan, if that is wanted."""
        if not self.wanted.wait(_PAUSE_S):
            return
        self.wanted.clear()
        answer = self.surely(lambda: self.visitor.post("/plan/runs/", {"seconds": "5"}), 302)
        self.ledger.plans.add(int(answer.leads_to.split("/")[-2]))


def all_people(port: int, told: dict[str, Any], ledger: Ledger, seed: int) -> list[Person]:
    """Return the people of the town, of whom the last two are the clerk and the chief."""
    sessions = told["people"]
    makers = [
        Maker(Visitor(port, sessions[firm]), ledger, seed + k, firm, lots)
        for k, (firm, lots) in enumerate(told["lots"].items())
    ]
    brand = Brand(Visitor(port, sessions["buyer"]), ledger, seed + 100)
    clerk = Clerk(Visitor(port, sessions["planner"]), ledger, seed + 101)
    return [*makers, brand, clerk, Chief(Visitor(port, sessions["planner"]), ledger, seed + 102)]
