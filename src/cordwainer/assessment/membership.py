"""Which firms are one evaluated unit, in each year: groups, parcels with their tenants, or firms by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from cordwainer.assessment.scheme import Units
from cordwainer.cluster import Cluster, places

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Membership:
    """Firms x years (row f * T + t) and the row of their unit (u * T + t).

    ``inside``: a tenant in one unit with its landlord. ``let_by``: row of the unit that lets to the firm, where that is another
    unit, else -1. ``inherits``, by row of the units: unit whose grade is taken, else -1.
    """

    firms: pl.Series
    founded: Floats
    alive: Bools
    units: tuple[str, ...]
    kinds: tuple[str, ...]
    of: Ints
    inside: Bools
    let_by: Ints
    inherits: Ints

    @property
    def rows(self) -> int:
        """Units x years."""
        return len(self.units) * (len(self.of) // max(1, len(self.firms)))

    def frame(self, years: Sequence[int]) -> pl.DataFrame:
        """Return columns unit, year, firm of units that are more than one firm."""
        span = len(years)
        many = np.flatnonzero(np.array([k != "firm" for k in self.kinds])[self.of // span] & self.alive)
        unit = pl.Series(self.units, dtype=pl.String).gather(self.of[many] // span)
        year = pl.Series(years, dtype=pl.Int64).gather(many % span)
        return pl.DataFrame({"unit": unit, "year": year, "firm": self.firms.gather(many // span)})


def membership(cluster: Cluster, units: Units, years: Sequence[int]) -> Membership:
    """Return the units of the firms of the cluster.

    A firm with sites on several parcels counts at the one that it holds, else at the first by id. A group goes before a parcel.
    """
    firm = cluster["firm"].filter(pl.col("district").is_not_null()).select("firm", "founded")
    firms, span = firm["firm"], len(years)
    founded = firm["founded"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    alive = ~(np.repeat(founded, span) > np.tile(np.array(years, np.float64), len(firms)))
    landlord, parcel = _landlords(cluster, firms)
    names, kinds, code = firms.to_list(), ["firm"] * len(firms), np.repeat(np.arange(len(firms)), span)
    taken = np.zeros(len(firms) * span, np.bool_)
    if units.groups == "merge":
        groups, of_group = _groups(cluster, units, firms, years)
        code = np.where(of_group >= 0, len(names) + of_group, code)
        taken = of_group >= 0
        names, kinds = [*names, *groups], [*kinds, *["group"] * len(groups)]
    is_tenant = (landlord >= 0) & (landlord != np.arange(len(firms)))
    if units.tenants == "merge":
        shared = np.flatnonzero(np.isin(parcel, parcel[is_tenant]) & (parcel >= 0))
        ids = cluster["parcel"]["parcel"]
        used = sorted(set(parcel[shared].tolist()))
        of_parcel = np.full(len(ids) + 1, -1, np.int64)
        of_parcel[used] = np.arange(len(used)) + len(names)
        wanted = np.full(len(firms), -1, np.int64)
        wanted[shared] = of_parcel[parcel[shared]]
        wide = np.repeat(wanted, span)
        code = np.where((wide >= 0) & ~taken, wide, code)
        names, kinds = [*names, *(ids[k] for k in used)], [*kinds, *["parcel"] * len(used)]
    t = np.tile(np.arange(span), len(firms))
    of = code * span + t
    lord = np.where(np.repeat(is_tenant, span), of[np.maximum(np.repeat(landlord, span), 0) * span + t], -1)
    inherits = np.full(len(names) * span, -1, np.int64)
    if units.tenants == "inherit":
        takes = (lord >= 0) & (lord != of) & ~taken
        inherits[of[takes]] = lord[takes]
    return Membership(
        firms,
        founded,
        alive,
        tuple(names),
        tuple(kinds),
        of,
        lord == of,
        np.where((lord != of) & alive, lord, -1),
        inherits,
    )


def _landlords(cluster: Cluster, firms: pl.Series) -> tuple[Ints, Ints]:
    """Return, by firm, the firm that holds the parcel it stands on and that parcel, as positions; -1 where there is none."""
    parcels = cluster["parcel"]["parcel"]
    on = (
        cluster["site"]
        .select("firm", "parcel")
        .filter(pl.col("firm").is_in(firms.implode()))
        .join(cluster["parcel"].select("parcel", "holder"), on="parcel")
        .filter(pl.col("holder").is_in(firms.implode()))
        .with_columns(own=pl.col("holder") == pl.col("firm"))
        .sort(pl.col("own").not_(), "parcel")
        .unique("firm", keep="first", maintain_order=True)
    )
    landlord, parcel = np.full(len(firms), -1, np.int64), np.full(len(firms), -1, np.int64)
    at = places(on["firm"], firms)
    landlord[at], parcel[at] = places(on["holder"], firms), places(on["parcel"], parcels)
    return landlord, parcel


def _groups(cluster: Cluster, units: Units, firms: pl.Series, years: Sequence[int]) -> tuple[list[str], Ints]:
    """Return the groups and, by firm and year, the group at the end of the year; two at once by the rule of the scheme."""
    table = cluster["group_member"].filter(pl.col("firm").is_in(firms.implode())).sort("group")
    groups = table["group"].unique(maintain_order=True).to_list()
    found = np.full(len(firms) * len(years), -1, np.int64)
    twice = np.zeros(found.size, np.bool_)
    at = {f: k for k, f in enumerate(firms)}
    for group, firm, begin, end in table.select("group", "firm", "valid_from", "valid_to").iter_rows():
        for t, year in enumerate(years):
            day = date(year, 12, 31)
            if (begin is None or begin <= day) and (end is None or end >= day):
                row = at[firm] * len(years) + t
                twice[row] |= found[row] >= 0
                found[row] = groups.index(group) if found[row] < 0 else found[row]
    if units.two_groups == "apart":
        found[twice] = -1
    return groups, found
