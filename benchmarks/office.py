"""Two yardsticks for a plan: the rule of the office, and the same cluster with lines without end."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.planning import Settings, limits, plan_periods
from cordwainer.planning.build import build
from cordwainer.planning.buying import buy
from cordwainer.planning.faults import Faults
from cordwainer.planning.filling import place_all
from cordwainer.planning.prices import Pricer
from cordwainer.planning.pricing import Prices, scratch
from cordwainer.planning.problem import Ints, Problem, index_of
from cordwainer.planning.result import finish
from cordwainer.planning.rows import needs, work_rows
from cordwainer.planning.state import State, new_state


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
    desk = Desk.of(cluster, settings)
    state = office_state(cluster, desk)
    return int(desk.plan(cluster, state).head["contribution_fen"])


@dataclass(frozen=True)
class Desk:
    """All that a plan of a cluster is made from: the problem, what may be bought, stock (M x T, milli units), and first prices."""

    problem: Problem
    offers: limits.OfferPeriods
    arriving: Ints
    pricer: Pricer

    @staticmethod
    def of(cluster: Cluster, settings: Settings) -> "Desk":
        """Return that of a cluster."""
        periods = plan_periods(cluster, settings)
        problem = build(cluster, periods, None)
        materials = index_of(problem.materials)
        offers = limits.offer_periods(cluster, materials, periods)
        arriving = limits.stock_by_period(cluster, materials, periods)
        return Desk(problem, offers, arriving, Pricer(problem, offers, arriving, settings.threads))

    def plan(self, cluster: Cluster, state: State) -> Plan:
        """Return lots as a plan of the cluster, with the cheapest purchases for them; its bound is that at no prices."""
        need = self.problem.frozen.need + needs(self.problem, work_rows(self.problem, state))
        bought = buy(self.offers, self.arriving, need)
        head: dict[str, object] = {"freeze_date": None, "seed": 0, "work": 0, "settings": "beside the engine"}
        return finish(cluster, self.problem, state, self.pricer, self.offers, bought, head | Faults().head())


def office_state(cluster: Cluster, desk: Desk) -> State:
    """Return the plan of the office rule.

    Parameters
    ----------
    cluster
        What is to be planned.
    desk
        The same, ready to be planned.

    Returns
    -------
    State
        Its lots.
    """
    problem, p, unit_price = desk.problem, desk.pricer.prices, desk.pricer.unit_price
    state = new_state(problem.net, problem.most_lots, unit_price)
    free = [np.zeros_like(x) for x in (p.line, p.cap, p.skill, p.tool, p.outside)]
    prices = Prices(free[0], unit_price + np.zeros_like(p.material), *free[1:])
    due = dict(cluster["order"].select("order", "due_date").iter_rows())
    sequence = np.argsort(np.array([due[o].toordinal() for o in problem.orders]), kind="stable").astype(np.int64)
    place_all(problem.net, prices, scratch(problem.net), state, sequence)
    return state


def with_many_lines(cluster: Cluster, times: int) -> Cluster:
    """Return the cluster with every line ``times`` as large, at the same ask and efficiency.

    Workers with a skill grow alike; caps, tools and materials stay.
    """
    larger = cluster["line_statement"].with_columns(pl.col("people", "pairs_day") * times)
    skilled = cluster["worker_skill"].with_columns(pl.col("workers", "of_which_multi") * times)
    return cluster.replace(line_statement=larger, worker_skill=skilled)
