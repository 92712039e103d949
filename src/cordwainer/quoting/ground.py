"""What stands still while quotes are given: lines, makers, roads, limits, offers and tools as arrays.

Indices and units are those of planning's `Net`: lines L, periods T, materials M, caps G, skill rows S, tool rows U,
defect classes D, flows F, districts, firms, sites. Nothing here depends on orders, so that it is made in a second or two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import polars as pl

from cordwainer.cluster import Cluster, LineFacts, efficiencies, line_facts, stated_efficiencies, statements_in_force
from cordwainer.core import Period, exact, scaled
from cordwainer.planning import Moves, OfferPeriods, caps, moves, offer_periods, skills, stock_by_period
from cordwainer.quoting.policies import Policies

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

CARBON = "carbon"


@dataclass(frozen=True)
class Lines:
    """Who the lines belong to and what they are like, L each, in table order.

    ``defect`` is the class whose share in 1/10,000 is in ``defect_e4`` (D). ``fd`` are pairs of firm and district, as in
    `Net`. ``accept`` are the pairs of a lot that the owner takes unasked (0: ask me, or the statement is stale).
    """

    ids: tuple[str, ...]
    number: Mapping[str, int]
    stage: tuple[str, ...]
    firm: Small
    site: Small
    district: Small
    fd: Small
    tier: Ints
    smallest: Ints
    defect: Small
    defect_e4: Ints
    fd_district: Small
    firm_fd_ptr: Small
    stated_e4: Ints
    accept: Ints


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
    """A cluster over the periods of its plan, without its orders."""

    cluster: Cluster
    periods: tuple[Period, ...]
    policies: Policies
    facts: LineFacts
    lines: Lines
    roads: Moves
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
    line_carbon_known: Flags
    makes: Mapping[tuple[str, str, str], tuple[Ints, Ints, Ints]]
    carbon_price: Fraction
    vat: Fraction
    most_lots: int

    @property
    def carbon_at(self) -> int:
        """Number of carbon among the flows."""
        return self.flows.index(CARBON)


def numbered(values: Sequence[str]) -> dict[str, int]:
    """Return the position of each value."""
    return {v: i for i, v in enumerate(values)}


def ground_of(cluster: Cluster, periods: Sequence[Period]) -> Ground:
    """Return the ground of a cluster over the periods of a plan."""
    facts = line_facts(cluster, periods)
    firms, districts = tuple(cluster["firm"]["firm"]), tuple(cluster["district"]["district"])
    materials = tuple(cluster["material"]["material"])
    sites = tuple(cluster["site"]["site"])
    lines = _lines(cluster, periods, facts, firms, districts, sites)
    policies = Policies(cluster)
    flows = tuple(sorted({CARBON, *cluster["cap"]["flow"]}))
    line_flow, known = _line_flow(cluster, flows, lines)
    number = numbered(materials)
    return Ground(
        cluster=cluster,
        periods=tuple(periods),
        policies=policies,
        facts=facts,
        lines=lines,
        roads=moves(cluster, districts, periods),
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
        line_carbon_known=known,
        makes=_makes(cluster, periods, lines),
        carbon_price=policies.plan("carbon_price"),
        vat=policies.plan("vat_share"),
        most_lots=int(policies.plan("most_lots")),
    )


def _lines(
    cluster: Cluster,
    periods: Sequence[Period],
    facts: LineFacts,
    firms: tuple[str, ...],
    districts: tuple[str, ...],
    sites: tuple[str, ...],
) -> Lines:
    rows = cluster["line"].join(
        cluster["site"].select("site", "firm", "district"), on="site", how="left", maintain_order="left"
    )
    firm_no, district_no, site_no = numbered(firms), numbered(districts), numbered(sites)
    firm = np.array([firm_no[f] for f in rows["firm"]], np.int32)
    district = np.array([district_no[d] for d in rows["district"]], np.int32)
    defect_e4, defect = np.unique(np.array([scaled(x, 4) for x in rows["defect_share"]], np.int64), return_inverse=True)
    fd, line_fd = np.unique(firm.astype(np.int64) * len(districts) + district, return_inverse=True)
    first = periods[0].start
    stated = stated_efficiencies(cluster, first)["stated"].fill_null(10_000).to_numpy().astype(np.int64)
    said = statements_in_force(cluster, first)
    accept = np.where(
        (said["mode"] == "accept").fill_null(value=False).to_numpy() & ~facts.stale,
        said["accept_pairs"].fill_null(0).to_numpy(),
        0,
    ).astype(np.int64)
    return Lines(
        ids=facts.lines,
        number=numbered(facts.lines),
        stage=tuple(rows["stage"]),
        firm=firm,
        site=np.array([site_no[s] for s in rows["site"]], np.int32),
        district=district,
        fd=line_fd.astype(np.int32),
        tier=rows["tier"].to_numpy().astype(np.int64),
        smallest=rows["smallest_lot_pairs"].to_numpy().astype(np.int64),
        defect=defect.astype(np.int32),
        defect_e4=defect_e4,
        fd_district=(fd % len(districts)).astype(np.int32),
        firm_fd_ptr=np.searchsorted(fd // len(districts), np.arange(len(firms) + 1)).astype(np.int32),
        stated_e4=stated,
        accept=accept,
    )


def _makes(
    cluster: Cluster, periods: Sequence[Period], lines: Lines
) -> dict[tuple[str, str, str], tuple[Ints, Ints, Ints]]:
    """Return lines, efficiency in 1/10,000 and piece price in fen by (stage, construction, category), lines in order."""
    table = efficiencies(cluster, periods[0].start).join(cluster["line"].select("line", "stage"), on="line")
    number = pl.DataFrame(
        {"line": lines.ids, "number": range(len(lines.ids))}, schema={"line": pl.String, "number": pl.Int64}
    )
    found = {}
    for key, part in table.join(number, on="line").sort("number").group_by("stage", "construction", "category"):
        columns = (part[c].to_numpy().astype(np.int64) for c in ("number", "efficiency_e4", "extra_fen_pair"))
        found[(str(key[0]), str(key[1]), str(key[2]))] = tuple(columns)
    return found  # type: ignore[return-value]


def _unpriced(cluster: Cluster, number: Mapping[str, int]) -> frozenset[int]:
    """Return the materials that nobody offers and that have no list price: what they cost is unknown."""
    priced = set(cluster["supplier_offer"]["material"])
    priced |= set(cluster["material"].filter(pl.col("list_price").is_not_null())["material"])
    return frozenset(i for name, i in number.items() if name not in priced)


def _line_flow(cluster: Cluster, flows: Sequence[str], lines: Lines) -> tuple[Ints, Flags]:
    """Return flow per pair of each line in milli units, L x F, and whether its carbon is known."""
    at = numbered(flows)
    table = np.zeros((len(lines.ids), len(flows)), np.int64)
    given = np.zeros(len(lines.ids), np.bool_)
    rows = cluster["line_flow"].filter(pl.col("flow").is_in(list(flows))).select("line", "flow", "per_pair")
    for line, flow, amount in rows.iter_rows():
        table[lines.number[line], at[flow]] = scaled(amount, 3)
        given[lines.number[line]] |= flow == CARBON
    return table, given | (not carbon_counted_at(cluster, "line"))


def carbon_counted_at(cluster: Cluster, where: str) -> bool:
    """Return whether lines (or materials) are expected to carry coefficients of carbon; a flow that is not there is unknown."""
    said = cluster["flow"].filter(flow=CARBON)["counted_at"].to_list()
    return not said or said[0] in (where, "both")


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


def share_of(value: float, decimals: int = 4) -> Fraction:
    """Return a share of a table as a fraction."""
    return exact(value, decimals)
