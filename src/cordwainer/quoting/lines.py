"""The lines of a cluster: whose they are, what they make how fast, what they emit, and what their owners take unasked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from cordwainer.cluster import Cluster, LineFacts, efficiencies, stated_efficiencies, statements_in_force
from cordwainer.core import Period, scaled

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

CARBON = "carbon"


@dataclass(frozen=True)
class Lines:
    """Who the lines belong to and what they are like, L each, in table order.

    ``defect`` is the class whose share in 1/10,000 is in ``defect_e4`` (D). ``fd`` are pairs of firm and district, as in
    `Net`.
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


def numbered(values: Sequence[str]) -> dict[str, int]:
    """Return the position of each value."""
    return {v: i for i, v in enumerate(values)}


def lines_of(
    cluster: Cluster,
    periods: Sequence[Period],
    facts: LineFacts,
    firms: tuple[str, ...],
    districts: tuple[str, ...],
    sites: tuple[str, ...],
) -> Lines:
    """Return the lines of a cluster."""
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
    )


def makes_of(
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


def accepted_unasked(cluster: Cluster, day: date) -> Ints:
    """Return the pairs of a lot that the owner of each line takes unasked on a day: 0 where he is to be asked, or said so too long ago."""
    said = statements_in_force(cluster, day)
    begun = (said["valid_from"] <= day).fill_null(value=False)
    fresh = (said["valid_until"] >= day).fill_null(value=True)
    agreed = (said["mode"] == "accept").fill_null(value=False) & begun & fresh
    return np.where(agreed.to_numpy(), said["accept_pairs"].fill_null(0).to_numpy(), 0).astype(np.int64)


def nameable_firms(cluster: Cluster, day: date) -> frozenset[str]:
    """Return the firms that agreed to be named to brands, and have not taken it back by a day."""
    said = cluster["firm"].filter(
        pl.col("named_from") <= day, pl.col("named_until").is_null() | (pl.col("named_until") >= day)
    )
    return frozenset(said["firm"])


def flows_of(cluster: Cluster, flows: Sequence[str], lines: Lines) -> tuple[Ints, Flags]:
    """Return flow per pair of each line in milli units, L x F, and whether it is known: given, or not counted at lines."""
    at = numbered(flows)
    table = np.zeros((len(lines.ids), len(flows)), np.int64)
    known = np.zeros(table.shape, np.bool_)
    rows = cluster["line_flow"].filter(pl.col("flow").is_in(list(flows))).select("line", "flow", "per_pair")
    for line, flow, amount in rows.iter_rows():
        table[lines.number[line], at[flow]] = scaled(amount, 3)
        known[lines.number[line], at[flow]] = True
    return table, known | ~np.array([counted_at(cluster, flow, "line") for flow in flows], np.bool_)


def counted_at(cluster: Cluster, flow: str, where: str) -> bool:
    """Return whether lines (or materials) are expected to carry coefficients of a flow; a flow that is not there is unknown."""
    said = cluster["flow"].filter(flow=flow)["counted_at"].to_list()
    return not said or said[0] in (where, "both")
