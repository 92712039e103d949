"""Turn a generalised-assignment instance into a cluster, and judge a plan of that cluster.

As a cluster an instance has one stage, one week, one line per agent and
one committed order of one pair per job. The order's price is 0, so the contribution is the
cost with its sign turned.

Sets and data: agents i, jobs j; cost c[i,j], weight w[i,j], capacity b[i], all whole numbers.

- *Capacity.* The line of agent i has b[i] people who work one hour on one day: 60,000 · b[i] in 1/1000 minute.
- *Weight.* A pair has 600 standard minutes; the line's efficiency for job j is 10 ÷ w[i,j], rounded up to four
  decimals, so a pair takes at most 60,000 · w[i,j] and at least 60,000 · w[i,j] · (1 − w[i,j] ÷ 100,000). As long as
  (b + 1) · w / 100,000 < 1 for the largest w, a set of jobs fits in the cluster exactly when it fits in the instance.
- *Cost.* The piece price of agent i for job j is `FEN_PER_COST` · c[i,j] fen.

Each job is a category of its own, of which the dictionary has far fewer: the cluster is checked with one category
first and gets those of the jobs afterwards.
"""

import math
from datetime import date

import polars as pl

from benchmarks.gap import FEN_PER_COST, Instance, judge
from benchmarks.registry import Row
from cordwainer.cluster import Cluster, Plan

FIRST_DATE = date(2026, 1, 5)
"""A Monday; the plan has this one week."""

PENALTY_FACTOR = 3
"""A job left out costs this many times the dearest assignment."""

_STAGE = "lasting"
_CONSTRUCTION = "cemented"
_CATEGORY = "casual"


def efficiency(weight: int) -> float:
    """Return the efficiency at which a pair of 600 minutes takes `weight` hours, rounded up to four decimals.

    Parameters
    ----------
    weight
        Positive whole number.

    Returns
    -------
    float
        Standard minutes per worked minute.
    """
    return math.ceil(100_000 / weight) / 10_000


def is_exact(instance: Instance) -> bool:
    """Say whether the cluster allows exactly the assignments that the instance allows.

    Parameters
    ----------
    instance
        The instance.

    Returns
    -------
    bool
        False when the rounding of efficiencies could let one job too many in.
    """
    return int(instance.capacities.max() + 1) * int(instance.weights.max()) < 100_000


def to_cluster(instance: Instance) -> Cluster:
    """Turn an instance into a cluster.

    Parameters
    ----------
    instance
        The instance.

    Returns
    -------
    Cluster
        Lines ``A0`` ... and orders ``J0`` ..., in the instance's order.

    Raises
    ------
    ValueError
        When rounding would make the cluster allow more than the instance.
    cordwainer.core.DataErrors
        When the tables break a rule.
    """
    if not is_exact(instance):
        raise ValueError(f"{instance.name}: capacities and weights are too large to be kept exactly")
    agents, jobs = instance.costs.shape
    base = Cluster.build({**_makers(instance), **_trade(instance)})
    makes = pl.DataFrame(
        {
            "line": [f"A{i}" for i in range(agents) for _ in range(jobs)],
            "construction": _CONSTRUCTION,
            "category": [f"job{j}" for _ in range(agents) for j in range(jobs)],
            "efficiency": [efficiency(int(weight)) for weight in instance.weights.ravel()],
            "extra_fen_pair": instance.costs.ravel() * FEN_PER_COST,
        },
        schema=base["line_makes"].schema,
    )
    styles = base["style"].with_columns(category=pl.col("style").str.replace("S", "job", literal=True))
    return Cluster({**base.frames, "line_makes": makes, "style": styles})


def _makers(instance: Instance) -> dict[str, pl.DataFrame]:
    """Return firms, sites and lines, one of each per agent, and the buyer."""
    agents = [f"A{i}" for i in range(len(instance.capacities))]
    firms = [{"firm": agent, "district": "D"} for agent in agents]
    statement = {
        "valid_from": FIRST_DATE,
        "hours_day": 1.0,
        "days_week": 1.0,
        "reference_construction": _CONSTRUCTION,
        "reference_category": _CATEGORY,
        "pairs_day": 1,
        "fen_pair": 0,
        "invoice": "none",
    }
    people = [int(capacity) for capacity in instance.capacities]
    kinds = {"construction": _CONSTRUCTION, "category": _CATEGORY}
    return {
        "district": pl.DataFrame({"district": ["D"], "name_en": ["All"], "name_zh": ["全部"]}),
        "firm": pl.DataFrame([*firms, {"firm": "B", "district": None}]),
        "site": pl.DataFrame([{"site": agent, "firm": agent, "district": "D"} for agent in agents]),
        "line": pl.DataFrame([{"line": agent, "site": agent, "stage": _STAGE} for agent in agents]),
        "line_statement": pl.DataFrame(
            [{"line": a, "people": n, **statement} for a, n in zip(agents, people, strict=True)]
        ),
        "line_makes": pl.DataFrame([{"line": agent, **kinds, "efficiency": 1.0} for agent in agents]),
    }


def _trade(instance: Instance) -> dict[str, pl.DataFrame]:
    """Return one style and one committed order of one pair per job, and the penalty for leaving one out."""
    jobs = range(instance.costs.shape[1])
    style = {"construction": _CONSTRUCTION, "category": _CATEGORY}
    order = {"po": "P", "pairs": 1, "price": 0, "due_date": FIRST_DATE, "committed": True}
    penalty = PENALTY_FACTOR * FEN_PER_COST * int(instance.costs.max())
    return {
        "style": pl.DataFrame([{"style": f"S{j}", **style} for j in jobs]),
        "routing": pl.DataFrame([{"style": f"S{j}", "stage": _STAGE, "minutes_per_pair": 600.0} for j in jobs]),
        "purchase_order": pl.DataFrame([{"po": "P", "buyer": "B", "tax_included": False}]),
        "order": pl.DataFrame([{"order": f"J{j}", "style": f"S{j}", **order} for j in jobs]),
        "policy": pl.DataFrame([{"name": "broken_fen_pair", "key": "-", "value": float(penalty)}]),
    }


def assignment(instance: Instance, plan: Plan) -> list[int | None]:
    """Read from a plan which agent has which job.

    Parameters
    ----------
    instance
        The instance.
    plan
        A plan of its cluster.

    Returns
    -------
    list of int or None
        Agent of every job, None for a job left out; shape (jobs,).

    Raises
    ------
    ValueError
        When a job has two lots.
    """
    jobs = instance.costs.shape[1]
    rows = plan["lot"].join(plan["lot_line"], on="lot").select("order", "line").rows()
    found = {int(order.removeprefix("J")): int(line.removeprefix("A")) for order, line in rows}
    if len(found) < len(rows):
        raise ValueError(f"{instance.name}: a job stands in two lots")
    return [found.get(job) for job in range(jobs)]


def judge_plan(instance: Instance, plan: Plan) -> list[Row]:
    """Judge a plan of the instance's cluster by its lots and its bound.

    Parameters
    ----------
    instance
        The instance.
    plan
        A plan of its cluster.

    Returns
    -------
    list of Row
        As `judge`.
    """
    return judge(instance, assignment(instance, plan), int(plan.head["bound_fen"]))
