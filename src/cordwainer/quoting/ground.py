"""What stands still while quotes are given: lines, makers, roads, limits, offers and tools as arrays.

Indices and units are those of planning's `Net`: lines L, periods T, materials M, caps G, skill rows S, tool rows U,
defect classes D, flows F, districts, firms, sites. Nothing here depends on orders, so that it is made in a second or two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, LineFacts, line_facts
from cordwainer.core import Period
from cordwainer.planning import OfferPeriods, Transfers, caps, offer_periods, skills, stock_by_period, transfers
from cordwainer.quoting.lines import CARBON, Flags, Ints, Lines, Small, flows_of, lines_of, makes_of, numbered
from cordwainer.quoting.policies import Policies


@dataclass(frozen=True)
class Limits:
    """Limits besides minutes, as in `Net`: supply is left to the live state, as it depends on what was bought."""

    cap_ids: tuple[str, ...]
    cap_flow: Small
    cap_amount: Ints
    cap_line: Flags
    cap_period: Flags
    skill_ids: tuple[tuple[str, str], ...]
    skill_names: Mapping[str, int]
    skill_row: Small
    skill_limit: Ints
    tool_ids: tuple[str, ...]
    tool_rows: Mapping[tuple[str, str], tuple[tuple[str, int], ...]]
    tool_limit: Ints


@dataclass(frozen=True)
class Ground:
    """A cluster over the periods of its plan, without its orders; ``bound`` are the flows that are capped or priced."""

    cluster: Cluster
    periods: tuple[Period, ...]
    policies: Policies
    facts: LineFacts
    lines: Lines
    roads: Transfers
    limits: Limits
    offers: OfferPeriods
    arriving: Ints
    firms: tuple[str, ...]
    districts: tuple[str, ...]
    sites: tuple[str, ...]
    materials: tuple[str, ...]
    material_number: Mapping[str, int]
    unpriced: frozenset[int]
    flows: tuple[str, ...]
    line_flow: Ints
    line_flow_known: Flags
    bound: tuple[str, ...]
    makes: Mapping[tuple[str, str, str], tuple[Ints, Ints, Ints]]
    carbon_price: Fraction
    vat: Fraction
    most_lots: int

    @property
    def carbon_at(self) -> int:
        """Number of carbon among the flows."""
        return self.flows.index(CARBON)


def ground_of(cluster: Cluster, periods: Sequence[Period]) -> Ground:
    """Return the ground of a cluster over the periods of a plan."""
    facts = line_facts(cluster, periods)
    firms, districts = tuple(cluster["firm"]["firm"]), tuple(cluster["district"]["district"])
    materials = tuple(cluster["material"]["material"])
    sites = tuple(cluster["site"]["site"])
    lines = lines_of(cluster, periods, facts, firms, districts, sites)
    policies = Policies(cluster)
    flows = tuple(sorted({CARBON, *cluster["cap"]["flow"]}))
    line_flow, known = flows_of(cluster, flows, lines)
    number = numbered(materials)
    return Ground(
        cluster=cluster,
        periods=tuple(periods),
        policies=policies,
        facts=facts,
        lines=lines,
        roads=transfers(cluster, districts, periods),
        limits=_limits(cluster, facts, periods, flows, firms, lines),
        offers=offer_periods(cluster, number, periods),
        arriving=stock_by_period(cluster, number, periods),
        firms=firms,
        districts=districts,
        sites=sites,
        materials=materials,
        material_number=number,
        unpriced=_unpriced(cluster, number),
        flows=flows,
        line_flow=line_flow,
        line_flow_known=known,
        bound=_bound(cluster, policies),
        makes=makes_of(cluster, periods, lines),
        carbon_price=policies.plan("carbon_price"),
        vat=policies.plan("vat_share"),
        most_lots=int(policies.plan("most_lots")),
    )


def _unpriced(cluster: Cluster, number: Mapping[str, int]) -> frozenset[int]:
    """Return the materials that nobody offers and that have no list price: what they cost is unknown."""
    priced = set(cluster["supplier_offer"]["material"])
    priced |= set(cluster["material"].filter(pl.col("list_price").is_not_null())["material"])
    return frozenset(i for name, i in number.items() if name not in priced)


def _limits(
    cluster: Cluster,
    facts: LineFacts,
    periods: Sequence[Period],
    flows: tuple[str, ...],
    firms: tuple[str, ...],
    lines: Lines,
) -> Limits:
    cap = caps(cluster, numbered(flows), facts, periods)
    skilled = pl.concat([cluster[t]["skill"] for t in ("routing", "routing_template")]).drop_nulls().unique()
    names = numbered(sorted(skilled))
    skill_ids, skill_row, skill_limit = skills(cluster, facts, numbered(firms), lines.firm, names)
    tool_ids, tool_rows, tool_limit = _tools(cluster, periods)
    return Limits(
        cap_ids=cap.ids,
        cap_flow=cap.flow,
        cap_amount=cap.amount,
        cap_line=cap.line,
        cap_period=cap.period,
        skill_ids=skill_ids,
        skill_names=names,
        skill_row=skill_row,
        skill_limit=skill_limit,
        tool_ids=tool_ids,
        tool_rows=tool_rows,
        tool_limit=tool_limit,
    )


def _tools(
    cluster: Cluster, periods: Sequence[Period]
) -> tuple[tuple[str, ...], dict[tuple[str, str], tuple[tuple[str, int], ...]], Ints]:
    """Return tool ids, the rows (size, row) of each kind and code, and limit by row x T in pairs x millionths."""
    days = [sum((p.start.toordinal() + k) % 7 != 0 for k in range(p.days)) for p in periods]
    per_day: dict[tuple[str, str, str], int] = {}
    for kind, code, size, sets, pairs in (
        cluster["tool"].select("kind", "code", "size", "sets", "pairs_day").iter_rows()
    ):
        key = (kind, code, size or "")
        per_day[key] = per_day.get(key, 0) + sets * pairs
    rows: dict[tuple[str, str], tuple[tuple[str, int], ...]] = {}
    for i, (kind, code, size) in enumerate(per_day):
        rows[kind, code] = (*rows.get((kind, code), ()), (size, i))
    limit = np.array([[1_000_000 * n * d for d in days] for n in per_day.values()], np.int64)
    return tuple("|".join(k) for k in per_day), rows, limit.reshape(len(per_day), len(days))


def _bound(cluster: Cluster, policies: Policies) -> tuple[str, ...]:
    priced = {CARBON} if policies.plan("carbon_price") else set()
    return tuple(sorted({*cluster["cap"]["flow"], *priced}))


def judged(ground: Ground, lines: Ints) -> Flags:
    """Return whether all that is capped or priced at lines is known of them: one of which it is not may not be asked."""
    limits, known = ground.limits, np.ones(len(lines), np.bool_)
    for flow in ground.bound:
        f = ground.flows.index(flow)
        capped = limits.cap_line[limits.cap_flow == f][:, lines].any(axis=0)
        priced = flow == CARBON and bool(ground.carbon_price)
        known &= ground.line_flow_known[lines, f] | ~(capped | priced)
    return known
