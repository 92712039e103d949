"""What is lost if a firm, supplier, district, market or buyer fails: all by the plan's prices, the worst by replans on both sides."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest

import polars as pl

from cordwainer.assessment.exposure import Exposure
from cordwainer.assessment.nodes import Node, nodes
from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Period, Text, UserError
from cordwainer.planning import (
    Standstill,
    Value,
    ValueSettings,
    paid_less,
    remember,
    standing_still,
    values_of_changes,
    without_orders,
)
from cordwainer.tasks import Cancelled, Executor, Listener, Progress

YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class Shock:
    """What happens.

    Parameters
    ----------
    weeks
        Periods that something stands still.
    first
        First of them, counted from 0 in the plan.
    late_days
        Days by which a buyer pays late.
    interest
        What money costs a year, as a share; an assumption that whoever asks should set.
    """

    weeks: int = 4
    first: int = 0
    late_days: int = 90
    interest: float = 0.06

    @property
    def late_share(self) -> float:
        """Share of a price that is lost if it comes late."""
        return self.interest * self.late_days / YEAR_DAYS


@dataclass(frozen=True)
class Resilience:
    """Losses by node and event, and what they were worked out from.

    ``frame``: kind, node, event, sales_yuan, share, prices_fen, late, survives, recovers, low_fen, high_fen, least_fen, most_fen;
    ``certified`` events were replanned on both sides, of ``wanted``.
    """

    shock: Shock
    frame: pl.DataFrame
    certified: int
    wanted: int


@dataclass(frozen=True, slots=True)
class _Case:
    node: Node
    event: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.node.kind, self.node.id, self.event


def changed(cluster: Cluster, plan: Plan, node: Node, event: str, shock: Shock) -> Cluster:
    """Return the cluster after an event: lines and suppliers shut, orders due meanwhile gone, money late, or all its orders gone."""
    window = plan.periods[shock.first : shock.first + shock.weeks]
    if event == "late":
        return paid_less(cluster, node.orders, shock.late_share)
    if event == "never":
        return without_orders(cluster, node.orders)
    if node.orders:
        return without_orders(cluster, due_within(cluster, node, window))
    return standing_still(cluster, node.lines, node.suppliers, window)


def due_within(cluster: Cluster, node: Node, window: Sequence[Period]) -> list[str]:
    """Return the orders of a node that are due in some periods in a row."""
    mine = pl.col("order").is_in(list(node.orders)) & pl.col("due_date").is_between(window[0].start, window[-1].end)
    return cluster["order"].filter(mine)["order"].to_list()


def resilience(
    cluster: Cluster,
    plan: Plan,
    shock: Shock | None = None,
    worst: int = 50,
    values: ValueSettings | None = None,
    executor: Executor | None = None,
    listener: Listener | None = None,
    carried: bool = True,
) -> Resilience:
    """Return what is lost by node and event: all by prices, then the worst certified.

    Parameters
    ----------
    cluster, plan
        A cluster and a plan of it.
    worst
        Number of events that are certified: in turn those with the largest loss by prices and those with the largest sales. An event
        that leaves no order at all is not among them: there is nothing to plan, and all is lost.
    values
        Settings of the replans.
    executor
        Where they run; None: here, one after the other.
    listener
        Hears how many events are done, first by prices, then certified; where it says stop, what is done so far is the result.
    carried
        Whether to tell how the plan fares if it is carried out as it is, which takes most of the time by prices.

    Raises
    ------
    UserError
        If the plan does not reach as far as the shock.
    """
    chosen = shock or Shock()
    if not 0 <= chosen.first < chosen.first + chosen.weeks <= len(plan.periods):
        raise UserError(
            "beyond-plan",
            Text(
                f"The plan has {len(plan.periods)} periods; the standstill would end after {chosen.first + chosen.weeks}.",
                f"计划只有 {len(plan.periods)} 个周期，停摆将到第 {chosen.first + chosen.weeks} 个周期。",
            ),
            Text("Choose fewer weeks or an earlier beginning.", "请减少停摆周数或提前起始周。"),
        )
    cases = [_Case(n, e) for n in nodes(cluster) for e in n.events]
    watch = _Watch(listener, len(cases) + min(worst, len(cases)))
    rows = _by_prices(cluster, plan, chosen, cases, watch, carried)
    leaving = [c for c in cases if c.key in rows and _some_left(cluster, plan, c, chosen)]
    wanted = _worst(leaving, rows, worst)
    found: dict[tuple[str, str, str], Value] = {}
    if wanted and watch.at(len(cases)):
        base = remember(cluster, plan, 1)
        changes = [changed(cluster, plan, c.node, c.event, chosen) for c in wanted]
        settings = values or ValueSettings(threads=1)
        try:
            made = values_of_changes(base, changes, settings, executor, watch.within(len(cases), len(wanted)))
            found = {c.key: value for c, value in zip(wanted, made, strict=True)}
        except Cancelled as stopped:
            found = {wanted[k].key: value for k, value in stopped.results.items()}
    return Resilience(chosen, _frame(rows, found), len(found), len(wanted))


def _some_left(cluster: Cluster, plan: Plan, case: _Case, shock: Shock) -> bool:
    """Return whether an event leaves any order: without one there is nothing to plan, and all is lost."""
    if not case.node.orders or case.event == "late":
        return True
    window = plan.periods[shock.first : shock.first + shock.weeks]
    gone = case.node.orders if case.event == "never" else due_within(cluster, case.node, window)
    return len(gone) < cluster["order"].height


class _Watch:
    """Tells a listener how far the whole is, and remembers that it said stop."""

    def __init__(self, listener: Listener | None, total: int) -> None:
        self.listener, self.total, self.began, self.stopped = listener, total, time.monotonic(), False

    def at(self, done: int) -> bool:
        """Tell that so many events are done; return whether to go on."""
        progress = Progress(done, self.total, time.monotonic() - self.began)
        if self.listener is not None and not self.stopped and not self.listener(progress):
            self.stopped = True
        return not self.stopped

    def within(self, begin: int, count: int) -> Listener:
        """Return a listener for work in batches that stands for ``count`` events after ``begin``."""
        return lambda p: self.at(begin + count * p.done // max(1, p.total))


def _by_prices(
    cluster: Cluster, plan: Plan, shock: Shock, cases: Sequence[_Case], watch: _Watch, carried: bool
) -> dict[tuple[str, str, str], dict[str, object]]:
    """Return a row for each event, for as many as the listener lets."""
    still, exposure = Standstill(cluster, plan), Exposure(cluster, plan)
    window, rows = plan.periods[shock.first : shock.first + shock.weeks], {}
    for k, case in enumerate(cases):
        if not watch.at(k):
            break
        node, row = case.node, dict[str, object]()
        if case.event == "late":
            row = {
                "sales_yuan": exposure.yuan(node.orders),
                "prices_fen": still.paid_less(node.orders, shock.late_share),
            }
        elif node.orders:
            gone = node.orders if case.event == "never" else due_within(cluster, node, window)
            row = {"sales_yuan": exposure.yuan(gone), "prices_fen": still.without_orders(gone)}
        else:
            lines, offers = still.shut(node.lines, node.suppliers)
            row = {
                "sales_yuan": exposure.through(node, shock.first, shock.weeks),
                "prices_fen": still.by_prices(lines, offers, shock.first, shock.weeks),
            }
            if carried:
                row |= asdict(still.carried(lines, offers, shock.first, shock.weeks))
        share = float(str(row["sales_yuan"])) / exposure.total if exposure.total else None
        rows[case.key] = {"share": share} | row
    return rows


def _worst(cases: Sequence[_Case], rows: dict[tuple[str, str, str], dict[str, object]], count: int) -> list[_Case]:
    """Return the events to certify: in turn the largest loss by prices and the largest sales, each once."""
    ranks = [sorted(cases, key=lambda c: (-float(str(rows[c.key][by])), c.key)) for by in ("prices_fen", "sales_yuan")]
    turns = [c for pair in zip_longest(*ranks) for c in pair if c is not None]
    return list({c.key: c for c in turns}.values())[:count]


def _frame(
    rows: dict[tuple[str, str, str], dict[str, object]], found: dict[tuple[str, str, str], Value]
) -> pl.DataFrame:
    """Return one table, worst first: those certified by the middle of their interval, then the others by prices."""
    table = []
    for key, row in rows.items():
        sure = found.get(key)
        ends = {} if sure is None else _losses(sure)
        table.append(dict(zip(("kind", "node", "event"), key, strict=True)) | row | ends)
    whole = ("prices_fen", "late", "survives", "recovers", "low_fen", "high_fen", "least_fen", "most_fen")
    schema = {
        **dict.fromkeys(("kind", "node", "event"), pl.String),
        **dict.fromkeys(("sales_yuan", "share"), pl.Float64),
        **dict.fromkeys(whole, pl.Int64),
    }
    middle = (pl.col("low_fen") + pl.col("high_fen")) / 2
    return (
        pl.DataFrame(table, schema=schema)
        .with_columns(middle=middle)
        .sort(
            ["middle", "prices_fen", "sales_yuan", "kind", "node", "event"],
            descending=[True, True, True, False, False, False],
            nulls_last=True,
        )
        .drop("middle")
    )


def _losses(found: Value) -> dict[str, int]:
    """Return the interval of a value as that of a loss."""
    return {"low_fen": -found.high, "high_fen": -found.low, "least_fen": -found.most, "most_fen": -found.least}
