"""The programme under a budget: which measures at which firms lift the cluster most, within limits of fairness.

Choose x[i] in {0, 1} for every opportunity i; over several years, x[i, y] for every year y. Maximise  sum worth[i] x[i]  subject to
(1) sum cost[i] x[i] <= budget; over years, up to the end of each year no more than the budgets up to then;
(2) x[i] <= x[j] where i needs j at the same firm and the firm has not got j;
(3) x[i] + x[j] <= 1 where i and j exclude each other at a firm;
(4) sum over the opportunities at one firm that change the same stage alike (of one kind) of x[i] <= 1;
(5) over years: sum over y of x[i, y] <= 1, what i needs comes in the same year or before;
(6) sum over a district of cost[i] x[i] <= its most;   (7) over the firms up to a size of cost[i] x[i] >= their least, where given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import polars as pl

from cordwainer.core import Text, UserError
from cordwainer.solvers import Limits, LinearModel, solve_mip
from cordwainer.upgrading.measure import Catalogue, Measure

_SECONDS = 60.0
_YUAN = 100.0


@dataclass(frozen=True)
class Rules:
    """What a programme must keep to: ``budget_fen``; most of it by district; least of it for some firms (small ones), share.

    ``years``: the budget is shared out evenly over so many; what is left of one is there in the next.
    """

    budget_fen: int
    most_by_district: Mapping[str, float] = field(default_factory=dict)
    small: frozenset[str] = frozenset()
    least_small: float = 0.0
    years: int = 1


@dataclass(frozen=True)
class Programme:
    """The chosen rows of the opportunities, what they are worth together by the estimate and by its bound, and what they cost, fen."""

    rows: pl.DataFrame
    worth_fen: int
    bound_fen: int
    cost_fen: int

    @property
    def gap(self) -> float:
        """By how much the choice may fall short of the best one by the same estimate, share."""
        return (self.bound_fen - self.worth_fen) / max(1, abs(self.bound_fen))


def alike(a: Measure, b: Measure) -> bool:
    """Return whether two measures would do the same work twice at one firm: one excludes the other, or kind and a stage are the same."""
    if a.name in b.needs or b.name in a.needs:
        return False
    stages = not a.stages or not b.stages or bool(set(a.stages) & set(b.stages))
    return a.name in b.excludes or b.name in a.excludes or (a.kind == b.kind and stages)


def limits(
    table: pl.DataFrame, known: Catalogue, district: Mapping[str, str], rules: Rules
) -> Iterator[tuple[dict[int, float], float, float]]:
    """Yield the rows of the model: coefficient by opportunity, least and most; costs in yuan.

    A table with a column ``year`` has an opportunity once for every year.
    """
    cost = (table["capital_fen"] / _YUAN).to_list()
    firm, name = table["firm"].to_list(), table["measure"].to_list()
    when = table["year"].to_list() if "year" in table.columns else [0] * table.height
    budget = rules.budget_fen / _YUAN
    for y in range(rules.years):
        share = budget * (y + 1) / rules.years
        yield {i: cost[i] for i in range(table.height) if when[i] <= y}, -np.inf, share
    of_firm: dict[str, dict[str, list[int]]] = {}
    for i, f in enumerate(firm):
        of_firm.setdefault(f, {}).setdefault(name[i], []).append(i)
    for at in of_firm.values():
        for n, mine in at.items():
            if len(mine) > 1:
                yield dict.fromkeys(mine, 1.0), -np.inf, 1.0
            for need in known.measures[n].needs:
                for i in mine if need in at else ():
                    yield {i: 1.0, **{j: -1.0 for j in at[need] if when[j] <= when[i]}}, -np.inf, 0.0
        for a, b in combinations(at, 2):
            if alike(known.measures[a], known.measures[b]):
                yield dict.fromkeys([*at[a], *at[b]], 1.0), -np.inf, 1.0
    for d, share in rules.most_by_district.items():
        yield {i: cost[i] for i, f in enumerate(firm) if district.get(f) == d}, -np.inf, share * budget
    if rules.least_small > 0:
        yield {i: cost[i] for i, f in enumerate(firm) if f in rules.small}, rules.least_small * budget, np.inf


def over_years(table: pl.DataFrame, years: int, rate: float, worth: str) -> pl.DataFrame:
    """Return opportunities once for every year: a present value is discounted, a yearly gain counts for the years that are left of them."""
    if years == 1:
        return table
    each = [
        table.with_columns(
            (pl.col(worth) * ((1 + rate) ** -y if worth.startswith("npv") else (years - y) / years))
            .round(0)
            .cast(pl.Int64),
            year=pl.lit(y),
        )
        for y in range(years)
    ]
    return pl.concat(each)


def choose(
    table: pl.DataFrame, known: Catalogue, district: Mapping[str, str], rules: Rules, worth: str = "npv_fen"
) -> Programme:
    """Return the best programme by the estimates of single measures; over years its rows say in which (``year``, from 0).

    Parameters
    ----------
    table
        Opportunities.
    district
        District of each firm.
    worth
        Column that is to be lifted most.

    Raises
    ------
    UserError
        If the budget is not above 0, nothing applies, or the limits of fairness cannot be kept; the nearest that can is told.
    """
    if rules.budget_fen <= 0:
        raise UserError(
            "no-budget",
            Text("There is no budget.", "没有预算。"),
            Text("Give a budget above 0 yuan.", "请给出大于 0 元的预算。"),
        )
    rate = known.assumptions.discount_rate.value
    if table.is_empty():
        raise UserError(
            "no-measure",
            Text("No measure applies to any firm.", "没有适用于任何企业的措施。"),
            Text("Add roles, lines or measures.", "请补充角色、产线或措施。"),
        )
    table = over_years(table, rules.years, rate, worth)
    gain = (table[worth] / _YUAN).to_numpy()
    found = solve_mip(_model(gain, list(limits(table, known, district, rules))), Limits(seconds=_SECONDS, gap=1e-6))
    if found.values is None or found.objective is None:
        raise _unfair(table, known, district, rules)
    chosen = table.filter(pl.Series(found.values > 0.5))
    bound = found.objective if found.best_bound is None else found.best_bound
    total, spent = int(chosen[worth].sum()), int(chosen["capital_fen"].sum())
    return Programme(chosen, total, max(total, round(_YUAN * bound)), spent)


def _model(gain: np.ndarray, rows: list[tuple[dict[int, float], float, float]]) -> LinearModel:
    count = len(gain)
    columns: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    for r, (entries, _, _) in enumerate(rows):
        for i, value in entries.items():
            columns[i].append((r, value))
    flat = [e for c in columns for e in c]
    return LinearModel(
        costs=gain,
        column_lower=np.zeros(count),
        column_upper=np.ones(count),
        row_lower=np.array([low for _, low, _ in rows]),
        row_upper=np.array([high for _, _, high in rows]),
        starts=np.cumsum([0, *map(len, columns)]).astype(np.int32),
        indices=np.array([r for r, _ in flat], np.int32),
        values=np.array([v for _, v in flat], np.float64),
        integral=np.ones(count, np.bool_),
        maximise=True,
    )


def _unfair(table: pl.DataFrame, known: Catalogue, district: Mapping[str, str], rules: Rules) -> UserError:
    """Return the error that the small firms cannot be given their share, with the most that they can."""
    loose = Rules(rules.budget_fen, rules.most_by_district)
    most = np.where(table["firm"].is_in(list(rules.small)), table["capital_fen"] / _YUAN, 0.0)
    found = solve_mip(_model(most, list(limits(table, known, district, loose))), Limits(seconds=_SECONDS))
    share = 0.0 if found.objective is None else _YUAN * found.objective / rules.budget_fen
    return UserError(
        "no-programme",
        Text(
            f"No programme gives small firms {rules.least_small:.0%} of the budget; the most that measures allow is {share:.1%}.",
            f"没有方案能让小企业得到预算的 {rules.least_small:.0%}；现有措施最多 {share:.1%}。",
        ),
        Text("Ask for less, or add measures for small firms.", "请降低比例，或为小企业增加措施。"),
    )


def by_payback(table: pl.DataFrame, known: Catalogue, budget_fen: int, worth: str = "npv_fen") -> Programme:
    """Return what offices do: the shortest payback first, as long as the budget lasts."""
    rank = (
        table.with_row_index("at")
        .filter(pl.col("payback_years").is_not_null())
        .sort("payback_years", "firm", "measure")
    )
    return _taken(table, known, rank["at"].to_list(), budget_fen, worth)


def equal_share(table: pl.DataFrame, known: Catalogue, budget_fen: int, worth: str = "npv_fen") -> Programme:
    """Return an equal share for every firm to which measures apply, which each spends on its shortest paybacks."""
    share = budget_fen // max(1, table["firm"].n_unique())
    at: list[int] = []
    for firm in table["firm"].unique(maintain_order=True):
        mine = table.with_row_index("at").filter(pl.col("firm") == firm, pl.col("payback_years").is_not_null())
        rank = mine.sort("payback_years", "measure")["at"].to_list()
        taken = _taken(table, known, rank, share, worth).rows.select("firm", "measure")
        at += table.with_row_index("at").join(taken, on=["firm", "measure"], how="semi")["at"].to_list()
    rows = table[sorted(at)]
    total = int(rows[worth].sum())
    return Programme(rows, total, total, int(rows["capital_fen"].sum()))


def _taken(table: pl.DataFrame, known: Catalogue, rank: list[int], budget: int, worth: str) -> Programme:
    """Take opportunities in a sequence while the budget lasts; what needs another one waits for it."""
    firm, name, cost = (table[c].to_list() for c in ("firm", "measure", "capital_fen"))
    has = set(zip(firm, name, strict=True))
    took: dict[str, list[Measure]] = {}
    at: list[int] = []
    for i in rank:
        measure, mine = known.measures[name[i]], took.setdefault(firm[i], [])
        lacks = any((firm[i], n) in has and n not in [m.name for m in mine] for n in measure.needs)
        if cost[i] <= budget and not lacks and not any(alike(measure, m) for m in mine):
            budget -= cost[i]
            mine.append(measure)
            at.append(i)
    rows = table[sorted(at)]
    total = int(rows[worth].sum())
    return Programme(rows, total, total, int(rows["capital_fen"].sum()))
