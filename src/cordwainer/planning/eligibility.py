"""Who may do what: candidate lines for every job, shared by orders that ask for the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, LineFacts, efficiencies
from cordwainer.core import Period
from cordwainer.planning.carbon import carbon_mfen
from cordwainer.planning.orders import Conditions, order_table
from cordwainer.planning.problem import Flags, Ints, Small, index_of
from cordwainer.planning.styles import StyleArrays


@dataclass
class Candidates:
    """Growing lists of candidates; see `Net` for the meaning of the arrays."""

    job_list: list[int] = field(default_factory=list)
    ptr: list[int] = field(default_factory=lambda: [0])
    line: list[Ints] = field(default_factory=list)
    m: list[Ints] = field(default_factory=list)
    base: list[Ints] = field(default_factory=list)
    piece: list[Ints] = field(default_factory=list)
    carbon: list[Ints] = field(default_factory=list)
    mask: list[Small] = field(default_factory=list)
    masks: dict[tuple[bool, ...], int] = field(default_factory=dict)

    def mask_id(self, allowed: tuple[bool, ...]) -> int:
        """Return the number of a period mask."""
        return self.masks.setdefault(allowed, len(self.masks))


@dataclass(frozen=True)
class LineTable:
    """Lines by stage and kind of shoe: for each (stage, construction, category) arrays sorted by line."""

    groups: dict[tuple[str, str, str], tuple[Ints, Ints, Ints]]
    tier: Ints
    site: tuple[str, ...]
    firm: tuple[str, ...]


def line_table(cluster: Cluster, facts: LineFacts, periods: Sequence[Period]) -> LineTable:
    """Return which lines make what: line, efficiency in 1/10,000 and piece price by (stage, construction, category)."""
    index = index_of(facts.lines)
    lines = cluster["line"].join(cluster["site"].select("site", "firm"), on="site", how="left", maintain_order="left")
    makes = efficiencies(cluster, periods[0].start).join(cluster["line"].select("line", "stage"), on="line")
    groups = {}
    for key, part in makes.group_by("stage", "construction", "category"):
        which = np.array([index[x] for x in part["line"]], np.int64)
        order = np.argsort(which)
        groups[(str(key[0]), str(key[1]), str(key[2]))] = (
            which[order],
            part["efficiency_e4"].to_numpy()[order],
            part["extra_fen_pair"].to_numpy()[order],
        )
    return LineTable(groups, lines["tier"].to_numpy(), tuple(lines["site"]), tuple(lines["firm"]))


def candidates(
    cluster: Cluster,
    periods: Sequence[Period],
    facts: LineFacts,
    styles: StyleArrays,
    defect_e4: Ints,
    defect_class: Small,
    line_carbon: Ints,
    carbon_flow: Ints,
    carbon_price: Fraction,
) -> Candidates:
    """Return the candidate lists of all jobs, orders in table order, stages in routing order.

    ``line_carbon`` (L) and ``carbon_flow`` (style-stage x defect class) are milligrams per pair; the price is fen per tonne.
    """
    table = line_table(cluster, facts, periods)
    found = Candidates()
    known: dict[tuple[object, ...], int] = {}
    conditions = Conditions(cluster, periods)
    named: dict[str, set[str]] = {}
    barred: dict[str, set[str]] = {}
    for order, firm, rule in cluster["order_maker"].select("order", "firm", "rule").iter_rows():
        (named if rule == "named" else barred).setdefault(order, set()).add(firm)
    required: dict[str, list[tuple[str, str | None]]] = {}
    for order, standard, stage in cluster["order_requirement"].select("order", "standard", "stage").iter_rows():
        required.setdefault(order, []).append((standard, stage))
    always = found.mask_id((True,) * len(periods))
    wanted = order_table(cluster).select(
        "order", "style", "construction", "category", "style_tier", "buyer", "approval_needed"
    )
    for order, style, construction, category, tier, buyer, approval in wanted.iter_rows():
        s0, s1 = styles.ptr[styles.index[style]], styles.ptr[styles.index[style] + 1]
        for sj in range(s0, s1):
            stage, is_last = styles.stage[sj], styles.after[sj] < 0
            standards = tuple(sorted(x for x, at in required.get(order, []) if at == stage or (at is None and is_last)))
            names = tuple(sorted(named.get(order, set()))) if is_last else ()
            bars = tuple(sorted(barred.get(order, set())))
            key = (sj, standards, names, bars, buyer if approval else None)
            if key not in known:
                which, efficiency, piece = table.groups.get((stage, construction, category), _NOBODY)
                keep = table.tier[which] >= tier
                which, efficiency, piece = which[keep], efficiency[keep], piece[keep]
                masks = [(always, True)] * len(which)
                if standards or names or bars or approval:
                    masks = _masks(found, table, conditions, periods, which, key, stage)
                ok = np.array([m[1] for m in masks], np.bool_)
                which, efficiency, piece = which[ok], efficiency[ok], piece[ok]
                minutes = -((-10 * styles.centi[sj] * (10_000 + defect_e4[which])) // efficiency)
                carbon = line_carbon[which] + carbon_flow[sj, defect_class[which]]
                found.line.append(which)
                found.m.append(minutes)
                found.piece.append(piece)
                found.carbon.append(carbon)
                found.base.append(1000 * piece + carbon_mfen(carbon, carbon_price))
                found.mask.append(np.array([m[0] for m in masks], np.int32)[ok])
                found.ptr.append(found.ptr[-1] + len(which))
                known[key] = len(known)
            found.job_list.append(known[key])
    return found


_NOBODY = (np.zeros(0, np.int64), np.ones(0, np.int64), np.zeros(0, np.int64))


def _masks(
    found: Candidates,
    table: LineTable,
    conditions: Conditions,
    periods: Sequence[Period],
    which: Ints,
    key: tuple[int, tuple[str, ...], tuple[str, ...], tuple[str, ...], str | None],
    stage: str,
) -> list[tuple[int, bool]]:
    _, standards, names, bars, buyer = key
    never = (False,) * len(periods)
    result = []
    for line in which:
        firm, site = table.firm[line], table.site[line]
        allowed: Flags = np.ones(len(periods), np.bool_)
        if firm in bars or (names and firm not in names):
            allowed[:] = False
        for standard in standards:
            allowed &= np.array(conditions.certified(standard, stage).get(firm, never))
        if buyer is not None:
            allowed &= np.array(conditions.approved(buyer, stage).get(site, never))
        result.append((found.mask_id(tuple(bool(a) for a in allowed)), bool(allowed.any())))
    return result


def line_columns(cluster: Cluster) -> pl.DataFrame:
    """Return lines with firm and district of their site, in table order."""
    site = cluster["site"].select("site", "firm", "district")
    return cluster["line"].join(site, on="site", how="left", maintain_order="left")
