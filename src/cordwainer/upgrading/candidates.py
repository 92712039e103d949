"""Which lines may be retired, merged or converted for a target, and how much nearer to it each of that would bring the cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from cordwainer.assessment import Evaluation, backward, evaluate, read_scheme
from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Text, UserError, Verdict
from cordwainer.upgrading.actions import Action, days_open
from cordwainer.upgrading.effects import apply_all
from cordwainer.upgrading.measure import Catalogue, Measure
from cordwainer.upgrading.released import Released, released
from cordwainer.upgrading.who import line_table, lines_of, owners_of

LINES, LAND = "lines", "land"


@dataclass(frozen=True, slots=True)
class Target:
    """What is to go: backward ``lines`` (count), ``land`` (mu), or a flow such as solvent (in the flow's unit, less than before).

    ``by`` is the day on which lines are gone at the latest; None: as early as promises allow, for a flow, and a third into the plan
    for lines and land.
    """

    kind: str
    amount: float
    by: date | None = None

    @property
    def of_flow(self) -> bool:
        """Whether a flow is to become less."""
        return self.kind not in (LINES, LAND)


@dataclass(frozen=True)
class Candidates:
    """What may be done, with what is known of it.

    ``nearer`` is by how much each action alone brings the target nearer, as reckoned before planning again. ``land`` is mu by firm, that is
    freed once all ``lines_of`` the firm are gone. ``grade_rank`` orders firms by grade, the lowest first. ``unknown`` counts firms
    left out because what decides of them is not known.
    """

    actions: tuple[Action, ...]
    nearer: tuple[float, ...]
    land: Mapping[str, float]
    lines_of: Mapping[str, tuple[str, ...]]
    backward: frozenset[str]
    grade_rank: tuple[str, ...]
    lines: pl.DataFrame
    unknown: int


def candidates(cluster: Cluster, plan: Plan, known: Catalogue, target: Target, scheme: str) -> Candidates:
    """Return what may be done for a target.

    Raises
    ------
    UserError
        If the target is of a flow that the cluster does not have.
    """
    if target.of_flow and target.kind not in cluster["flow"]["flow"]:
        raise UserError(
            "no-such-target",
            Text(f"There is no flow {target.kind}.", f"没有名为 {target.kind} 的排放项。"),
            Text(
                f"Choose lines, land or one of: {', '.join(cluster['flow']['flow'])}.",
                f"可选：lines（落后产线）、land（腾退土地），或 {'、'.join(cluster['flow']['flow'])}。",
            ),
        )
    day = plan.periods[0].start
    lines = line_table(cluster, day).filter(pl.col("share_offered") > 0)
    graded = None if cluster["figure"].is_empty() else evaluate(cluster, read_scheme(scheme))
    bad, unknown = _backward(cluster, graded)
    now = released(cluster, plan, target.kind) if target.of_flow else None
    mine = {f: tuple(part["line"]) for (f,), part in lines.group_by("firm", maintain_order=True)}
    land = {f: mu for f, mu in _land(cluster).items() if f in mine}
    found: list[tuple[Action, float]] = []
    open_until = days_open(cluster, plan.periods)
    rate = _rates(now, lines) if now is not None else {}
    for row in lines.iter_rows(named=True):
        if target.kind == LINES and row["firm"] not in bad:
            continue
        if target.kind == LAND and row["firm"] not in land:
            continue
        near = 1.0 if target.kind == LINES else 0.0
        for action, part in _stopping(row, plan, target, open_until, known, lines):
            found.append((action, near if now is None else part * rate.get(row["line"], 0.0)))
    found += _converting(cluster, plan, known, target, bad, now, lines, scheme)
    missing = (
        len(unknown) if target.kind == LINES else len(set(lines["firm"]) - set(land)) if target.kind == LAND else 0
    )
    kept = [(a, n) for a, n in found if n > 0 or target.kind == LAND]
    return Candidates(
        actions=tuple(a for a, _ in kept),
        nearer=tuple(n for _, n in kept),
        land=land,
        lines_of=mine,
        backward=frozenset(bad),
        grade_rank=tuple(_rank(lines, graded)),
        lines=lines,
        unknown=missing,
    )


def there_is(cluster: Cluster, plan: Plan, kind: str, scheme: str) -> float:
    """Return how much there is of what may go: backward lines, land of firms with lines, or a flow over the plan."""
    if kind not in (LINES, LAND):
        return released(cluster, plan, kind).total
    lines = line_table(cluster, plan.periods[0].start).filter(pl.col("share_offered") > 0)
    if kind == LAND:
        return sum(mu for f, mu in _land(cluster).items() if f in set(lines["firm"]))
    graded = None if cluster["figure"].is_empty() else evaluate(cluster, read_scheme(scheme))
    return float(lines.filter(pl.col("firm").is_in(list(_backward(cluster, graded)[0]))).height)


def _backward(cluster: Cluster, graded: Evaluation | None) -> tuple[set[str], set[str]]:
    """Return firms that a rule finds backward, and those of which no rule does but one cannot tell."""
    if graded is None:
        return set(), set(cluster["firm"]["firm"])
    found = backward(cluster, graded.facts.years[-1], graded)
    bad = {f.firm for f in found if f.verdict == Verdict.FAIL}
    return bad, {f.firm for f in found if f.verdict == Verdict.UNKNOWN} - bad


def _land(cluster: Cluster) -> dict[str, float]:
    """Return the land of firms in mu, in the last year that is known."""
    rows = cluster["figure"].filter(indicator="land_mu").drop_nulls("value").sort("year").unique("unit", keep="last")
    return {unit: float(value) for unit, value in rows.select("unit", "value").iter_rows() if value > 0}


def _rates(now: Released, lines: pl.DataFrame) -> dict[str, float]:
    """Return, by line, how much less of a flow there would be over the plan if its work went to lines that are like the others.

    What a line releases beyond the mean of the other lines of its stage; at least a tenth of what it releases, as some work is lost.
    """
    table = now.lines.join(lines.select("line", "stage"), on="line").drop_nulls("per_pair")
    stage = pl.col("amount").sum().over("stage") - pl.col("amount")
    pairs = (pl.col("pairs").sum().over("stage") - pl.col("pairs")).clip(lower_bound=1)
    less = pl.max_horizontal(pl.col("amount") - pl.col("pairs") * stage / pairs, 0.1 * pl.col("amount"))
    return dict(table.select("line", less=less).iter_rows())


def _stopping(
    row: Mapping[str, object],
    plan: Plan,
    target: Target,
    opened: Mapping[str, int],
    known: Catalogue,
    lines: pl.DataFrame,
) -> Iterator[tuple[Action, float]]:
    """Yield how a line may stop, with the share of the plan's work on it that falls away: early, or on the last day for it."""
    line, firm, people = str(row["line"]), str(row["firm"]), int(str(row["people"]))
    periods, first = plan.periods, opened.get(str(row["line"]), 0)
    latest = _latest(plan, target)
    if first > latest:
        return
    for t in sorted({first, latest}):
        day, share = periods[t].start, 1 - t / len(periods)
        yield Action("retire", firm, (line,), day, people=people), share
    into = _merging(row, lines, known)
    if into is not None:
        line_into, moved = into
        cost = round(100 * known.leaving.merge_yuan_person.value * moved)
        action = Action("merge", firm, (line,), periods[latest].start, line_into, moved, "", people - moved, cost)
        yield action, 0.9 * (1 - latest / len(periods))


def _latest(plan: Plan, target: Target) -> int:
    """Return the last period at whose start lines may still stop."""
    periods = plan.periods
    if target.by is None:
        return 0 if target.of_flow else len(periods) // 3
    after = [t for t, p in enumerate(periods) if p.start <= target.by]
    return after[-1] if after else 0


def _merging(row: Mapping[str, object], lines: pl.DataFrame, known: Catalogue) -> tuple[str, int] | None:
    """Return the line of the same stage and district that takes the people on, the best one there is, and how many."""
    people = int(str(row["people"]))
    moved = round(known.leaving.merge_people.value * people)
    others = lines.filter(
        pl.col("stage") == str(row["stage"]),
        pl.col("district") == str(row["district"]),
        pl.col("line") != str(row["line"]),
        pl.col("tier") >= int(str(row["tier"])),
        pl.col("people") * known.leaving.merge_growth.value >= moved,
    )
    if moved < 1 or others.is_empty():
        return None
    own = (pl.col("firm") == str(row["firm"])).cast(pl.Int8)
    best = others.sort(own, "defect_share", -pl.col("people"), "line", descending=[True, False, False, False])
    return str(best["line"][0]), moved


def _converting(
    cluster: Cluster,
    plan: Plan,
    known: Catalogue,
    target: Target,
    bad: set[str],
    now: Released | None,
    lines: pl.DataFrame,
    scheme: str,
) -> Iterator[tuple[Action, float]]:
    """Yield measures at firms that bring the target nearer: less of the flow for the same work, or a firm that is backward no more."""
    day = plan.periods[0].start
    people = dict(lines.group_by("firm").agg(pl.col("people").sum()).iter_rows())
    for measure in known.measures.values():
        kinds = {e.kind for e in measure.effects}
        if target.kind == LAND or (now is None and "figure" not in kinds):
            continue
        if now is not None and not kinds & {"flow", "material", "loss"}:
            continue
        found = owners_of(measure, cluster) if measure.of_orders else lines_of(measure, cluster, day)
        if now is None:
            found = found.filter(pl.col("firm").is_in(list(bad)))
        if found.is_empty():
            continue
        less = (
            _lifted(measure, found, cluster, day, bad, scheme)
            if now is None
            else less_by_firm(now, released(apply_all(measure, found, cluster, day), plan, target.kind), found, cluster)
        )
        for firm, amount in sorted(less.items()):
            mine = () if measure.of_orders else tuple(found.filter(firm=firm)["line"])
            cost = [measure.cost_fen(n, len(mine), people.get(firm, 0)) for n in (measure.capital, measure.running)]
            yearly = round(cost[0] / measure.life.value) + cost[1]
            yield Action("convert", firm, mine, day, measure=measure.name, cost_fen=yearly), amount


def less_by_firm(now: Released, then: Released, found: pl.DataFrame, cluster: Cluster) -> dict[str, float]:
    """Return by firm how much less of a flow the same plan releases."""
    if "line" in found.columns:
        both = now.lines.join(then.lines, on="line", suffix="_then").join(found, on="line")
    else:
        style = cluster["order"].select("order", "style")
        both = now.orders.join(then.orders, on="order", suffix="_then").join(style, on="order").join(found, on="style")
    less = (pl.col("amount") - pl.col("amount_then")).sum()
    return dict(both.group_by("firm").agg(less=less).filter(pl.col("less") > 0).iter_rows())


def _lifted(
    measure: Measure, found: pl.DataFrame, cluster: Cluster, day: date, bad: set[str], scheme: str
) -> dict[str, float]:
    """Return the firms that are backward no more once they took a measure, with the number of their lines."""
    after = apply_all(measure, found, cluster, day)
    still = _backward(after, evaluate(after, read_scheme(scheme)))[0]
    counted = line_table(cluster, day).group_by("firm").agg(pl.len())
    return {f: float(n) for f, n in counted.iter_rows() if f in bad - still and f in set(found["firm"])}


def _rank(lines: pl.DataFrame, graded: Evaluation | None) -> Iterator[str]:
    """Yield firms with lines by grade, the lowest first, within a grade by score; those without a grade come last."""
    firms = sorted(set(lines["firm"]))
    if graded is None:
        yield from firms
        return
    year = graded.facts.years[-1]
    table = {u: (g, s) for u, g, s in graded.frame(year).select("unit", "grade", "score").iter_rows()}
    merged = dict(graded.facts.members.filter(year=year).select("firm", "unit").iter_rows())
    best = {g: k for part in graded.scheme.lists for k, g in enumerate(part.cut.grades)}

    def key(firm: str) -> tuple[float, float, str]:
        grade, score = table.get(merged.get(firm, firm), (None, None))
        return (-best[grade] if grade is not None else 1.0, score if score is not None else 0.0, firm)

    yield from sorted(firms, key=key)
