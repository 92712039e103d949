"""Rules about what a plan says of itself: its cluster, its figures, its derived tables; and what it must name right."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cordwainer.cluster import Cluster, Plan
from cordwainer.referee.bound import DEAREST
from cordwainer.referee.case import Case, Fault
from cordwainer.referee.clock import DAY
from cordwainer.referee.derived import differences


def periods(_: Cluster, plan: Plan) -> Iterator[Fault]:
    """Find where this fails: the plan has one head, and periods without gaps from its first day."""
    if plan["plan"].height != 1:
        yield Fault("plan", "-", by=plan["plan"].height)
        return
    rows = plan["plan_period"].sort("period").to_dicts()
    if not rows:
        yield Fault("plan_period", "-")
    due = plan.first_date
    for t, row in enumerate(rows):
        if row["period"] != t or row["start_date"] != due:
            yield Fault("plan_period", str(row["period"]), row["period"])
        due = row["start_date"] + row["days"] * DAY


def reference(cluster: Cluster, plan: Plan) -> Iterator[Fault]:
    """Find where this fails: every order, line, offer, maker and period that the plan's decisions name exists."""
    named = [
        ("lot", "order", "order", "order"),
        ("lot_line", "line", "line", "line"),
        ("purchase", "offer", "supplier_offer", "offer"),
        ("outside_order", "order", "order", "order"),
        ("outside_order", "maker", "outside_maker", "maker"),
        ("outcome", "order", "order", "order"),
    ]
    for table, column, other, key in named:
        known = set(cluster[other][key])
        for value in sorted(set(plan[table][column]) - known):
            yield Fault(table, value, note=column)
    T = plan["plan_period"].height
    for table in ("work", "purchase", "outside_order"):
        for t in sorted({t for t in plan[table]["period"] if t >= T}):
            yield Fault(table, str(t), t, note="period")


def prices(cluster: Cluster, plan: Plan) -> Iterator[Fault]:
    """Find where this fails: every price is of something that exists and not absurd; prices of material do not rise."""
    T = plan["plan_period"].height
    known = {
        "line": set(cluster["line"]["line"]),
        "material": set(cluster["material"]["material"]),
        "cap": set(cluster["cap"]["cap"]),
        "outside": set(cluster["outside_maker"]["maker"]),
        "skill": {f"{f}|{k}" for f, k in cluster["worker_skill"].select("firm", "skill").iter_rows()},
        "tool": {f"{k}|{c}|{s or ''}" for k, c, s in cluster["tool"].select("kind", "code", "size").iter_rows()},
    }
    rows = list(plan["price"].select("kind", "id", "period", "mfen").iter_rows())
    for kind, of, t, mfen in rows:
        if of not in known[kind] or t >= (1 if kind == "cap" else T) or not 0 <= mfen <= DEAREST:
            yield Fault("price", of, t, mfen, kind)
    series = {(of, t): mfen for kind, of, t, mfen in rows if kind == "material"}
    for of, t in sorted(series):
        if series[of, t] > series.get((of, t - 1), 0) and t > 0:
            yield Fault("price", of, t, series[of, t], "material")


def cluster_hash(case: Case) -> Iterator[Fault]:
    """Find where this fails: the plan was made for this very cluster."""
    if case.plan.head["cluster_hash"] != case.cluster.hash:
        yield Fault("plan", case.plan.head["plan"])


def claim_contribution(case: Case) -> Iterator[Fault]:
    """Find where this fails: the plan states its contribution to the fen; by fen too much."""
    yield from _claim(case, "contribution_fen", case.money.total)


def claim_bound(case: Case) -> Iterator[Fault]:
    """Find where this fails: the plan states its bound to the fen; by fen too much."""
    yield from _claim(case, "bound_fen", case.bound.total)


def claim_without_lots(case: Case) -> Iterator[Fault]:
    """Find where this fails: the plan states to the fen what would be worth most without lots; by fen too much."""
    yield from _claim(case, "without_lots_fen", case.bound.without_lots)


def _claim(case: Case, column: str, computed: int) -> Iterator[Fault]:
    said = case.plan.head[column]
    if said != computed:
        yield Fault("plan", case.plan.head["plan"], by=said - computed, note=f"{said} / {computed}")


def derived_table(name: str) -> Callable[[Case], Iterator[Fault]]:
    """Return the rule that a derived table is what follows from the decisions."""

    def rule(case: Case) -> Iterator[Fault]:
        for key, what in differences(name, case.plan[name], case.derived[name]):
            yield Fault(name, key, note=what)

    return rule
