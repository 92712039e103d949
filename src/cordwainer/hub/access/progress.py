"""How far orders are: progress by stage, milestones, what is late.

Of an order its lead firm reads milestones, and progress of all its lots in pairs; never what other makers are paid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from cordwainer.cluster import Link, dictionary
from cordwainer.hub.access.floor import READERS_OF, gate
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.acts.floor import makers_of, planned_by
from cordwainer.hub.models.floor import MilestoneDay
from cordwainer.hub.store.floor import leads_now, links_now, sizes_of, spoken_for
from cordwainer.hub.store.versions import live


@dataclass(frozen=True)
class Step:
    """How far a stage of a lot is: pairs of the lot, planned by today, finished, seconds, sent back; who does it ("" where not told)."""

    lot: str
    order: str
    stage: str
    firm: str
    pairs: int
    planned: int
    done: int
    seconds: int
    rework: int
    last_day: date | None

    @property
    def behind(self) -> int:
        """Pairs that the plan has finished and the maker has not."""
        return max(0, self.planned - self.done)


def steps(viewer: Viewer, day: date, order: str = "") -> list[Step]:
    """Return the stages of accepted lots with their progress: a maker's lots, all lots of orders that it leads or buys, the planner's all.

    Makers are named in lots in which the viewer has a part, and to the planner.
    """
    if viewer.role not in READERS_OF:
        return []
    cluster, seen = live(), gate(viewer)
    firm = viewer.firm
    lots = cluster["promise"].filter(status="accepted").rename({"pairs": "lot_pairs"}).drop("status", "until")
    if order:
        lots = lots.filter(order=order)
    owners = seen.ownership.owners("line").rename({"key": "line"})
    rows = (
        cluster["promise_line"]
        .join(lots, on="lot")
        .join(owners, on="line")
        .join(planned_by(day).rename({"pairs": "planned"}), on=["lot", "stage"], how="left")
    )
    last = cluster["promise_work"].group_by("lot", "stage").agg(last_day=pl.col("start_date").max().dt.offset_by("6d"))
    rows = rows.join(last, on=["lot", "stage"], how="left")
    done = seen.rows("progress") if viewer.role == "planner" else gate(Viewer("planner")).rows("progress")
    sums = done.group_by("lot", "stage").agg(pl.col("pairs", "seconds", "rework").sum())
    rows = rows.join(sums, on=["lot", "stage"], how="left")
    mine = set(seen.rows("progress")["lot"]) | set(rows.filter(firm=firm)["lot"])
    leads, bought = leads_now(), set(seen.own("order")["order"]) if viewer.role == "buyer" else set()
    rank = {name: k for k, name in enumerate(dictionary.choices()["stage"])}
    found = []
    for r in rows.iter_rows(named=True):
        of_order = leads.get(r["order"]) == firm or r["order"] in bought
        if viewer.role != "planner" and not of_order and r["lot"] not in mine:
            continue
        named = viewer.role == "planner" or (viewer.role == "maker" and r["lot"] in mine)
        numbers = {n: r[n] or 0 for n in ("planned", "seconds", "rework")}
        step = Step(
            lot=r["lot"],
            order=r["order"],
            stage=r["stage"],
            firm=r["firm"] if named else "",
            pairs=r["lot_pairs"],
            done=r["pairs"] or 0,
            last_day=r["last_day"],
            **numbers,
        )
        found.append(step)
    return sorted(found, key=lambda s: (s.order, s.lot, rank[s.stage]))


def sizes(viewer: Viewer, lot: str) -> tuple[tuple[str, int], ...]:
    """Return size and pairs of the order of a lot that the viewer has a part in; empty where sizes are not known."""
    order = next((x.order for x, _ in my_links(viewer) if x.lot == lot), None)
    return () if order is None else sizes_of(order)


def my_links(viewer: Viewer) -> list[tuple[Link, int]]:
    """Return the handovers that the viewer's lots need from it, with the pairs that are left to give; the planner's all."""
    if viewer.role == "planner":
        mine = list(links_now().values())
    else:
        mine = [x for x in links_now().values() if viewer.role == "maker" and x.giver == viewer.firm]
    return [(x, x.pairs - spoken_for(x.lot, x.stage)) for x in mine]


@dataclass(frozen=True)
class Milestone:
    """A milestone of an order: when it is due and was done (None: not known, not yet); whether the viewer may say so."""

    order: str
    kind: str
    due: date | None
    done: date | None

    def is_late(self, day: date) -> bool:
        """Whether it is overdue on a day."""
        return self.done is None and self.due is not None and self.due < day


def orders(viewer: Viewer) -> list[str]:
    """Return the orders with accepted lots that the viewer buys or works on, the planner's all."""
    accepted = live()["promise"].filter(status="accepted")["order"].unique().sort()
    if viewer.role == "planner":
        return accepted.to_list()
    if viewer.role not in READERS_OF:
        return []
    if viewer.role == "buyer":
        own = set(gate(viewer).own("order")["order"])
        return [o for o in accepted if o in own]
    return [o for o in accepted if viewer.firm in makers_of(o)]


def leads(viewer: Viewer, order: str) -> bool:
    """Return whether the viewer's firm leads an order."""
    return viewer.role == "maker" and leads_now().get(order) == viewer.firm


def milestones(viewer: Viewer, order: str = "") -> list[Milestone]:
    """Return milestones by order and day: of orders that the viewer buys or leads, the planner's all.

    Other makers of an order read no milestones: what they need stands in their lots.
    """
    leads = leads_now()
    mine = [o for o in orders(viewer) if viewer.role != "maker" or leads.get(o) == viewer.firm]
    wanted = [o for o in mine if not order or o == order]
    rows = live()["order_milestone"].filter(pl.col("order").is_in(wanted))
    found: dict[tuple[str, str], Milestone] = {
        (o, k): Milestone(o, k, due, done)
        for o, k, due, done in rows.select("order", "kind", "due", "done").iter_rows()
    }
    for day in MilestoneDay.objects.filter(order__in=wanted).order_by("pk"):
        key = (day.order, day.milestone)
        found[key] = Milestone(*key, day.due, day.done)
    return sorted(found.values(), key=lambda m: (m.order, m.due or date.max, m.kind))


def late(viewer: Viewer, day: date) -> Iterator[dict[str, Any]]:
    """Yield what is late on a day, of what the viewer reads: order, lot, stage or milestone, firm, due, days, pairs behind."""
    for m in milestones(viewer):
        if m.is_late(day) and m.due is not None:
            who = "" if m.kind == "deposit" else leads_now().get(m.order, "")
            shown = who if viewer.role == "planner" or who == viewer.firm else ""
            row: Mapping[str, Any] = {"order": m.order, "milestone": m.kind, "firm": shown, "due": m.due}
            yield {**row, "lot": None, "stage": None, "days": (day - m.due).days, "behind": None}
    for s in steps(viewer, day):
        if s.behind and (viewer.role != "maker" or s.firm == viewer.firm or leads_now().get(s.order) == viewer.firm):
            past = (day - s.last_day).days if s.last_day is not None and s.last_day < day else 0
            row = {"order": s.order, "milestone": None, "firm": s.firm, "due": s.last_day, "lot": s.lot}
            yield {**row, "stage": s.stage, "days": past, "behind": s.behind}
