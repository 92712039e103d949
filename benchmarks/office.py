"""Two yardsticks for a plan: the rule of the office, and the same cluster with lines without end."""

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster
from cordwainer.planning import Settings, limits, plan_periods
from cordwainer.planning.build import build
from cordwainer.planning.buying import bill, buy
from cordwainer.planning.filling import place_all
from cordwainer.planning.money import money
from cordwainer.planning.prices import Pricer
from cordwainer.planning.pricing import Prices, scratch
from cordwainer.planning.problem import index_of
from cordwainer.planning.rows import needs, work_rows
from cordwainer.planning.state import new_state


def office_rule(cluster: Cluster, settings: Settings) -> int:
    """Return the contribution of the office rule: earliest due first, each on the cheapest free lines.

    Orders may be split and made in overtime; committed orders come with the others; nothing is moved once it stands.

    Parameters
    ----------
    cluster
        What is to be planned.
    settings
        First date and periods.

    Returns
    -------
    int
        Contribution, fen.
    """
    periods = plan_periods(cluster, settings)
    problem = build(cluster, periods, None)
    materials = index_of(problem.materials)
    offers = limits.offer_periods(cluster, materials, periods)
    arriving = limits.stock_by_period(cluster, materials, periods)
    pricer = Pricer(problem, offers, arriving, settings.threads)
    state = new_state(problem.net, problem.most_lots, pricer.unit_price)
    p = pricer.prices
    free = [np.zeros_like(x) for x in (p.line, p.cap, p.skill, p.tool, p.outside)]
    prices = Prices(free[0], pricer.unit_price + np.zeros_like(p.material), *free[1:])
    due = dict(cluster["order"].select("order", "due_date").iter_rows())
    sequence = np.argsort(np.array([due[o].toordinal() for o in problem.orders]), kind="stable").astype(np.int64)
    place_all(problem.net, prices, scratch(problem.net), state, sequence)
    rows = work_rows(problem, state)
    bought = buy(offers, arriving, problem.frozen.need + needs(problem, rows))
    return int(money(problem, state, rows, bill(offers, bought)).contribution)


def with_many_lines(cluster: Cluster, times: int) -> Cluster:
    """Return the cluster with every line ``times`` as large, at the same ask and efficiency.

    Workers with a skill grow alike; caps, tools and materials stay.
    """
    larger = cluster["line_statement"].with_columns(pl.col("people", "pairs_day") * times)
    skilled = cluster["worker_skill"].with_columns(pl.col("workers", "of_which_multi") * times)
    return cluster.replace(line_statement=larger, worker_skill=skilled)
