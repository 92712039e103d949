"""Evaluated units with their figures: firms, groups and parcels, merged as a scheme says, year by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from cordwainer.assessment.definitions import figures
from cordwainer.assessment.membership import Membership, membership
from cordwainer.assessment.scheme import Scheme, Units
from cordwainer.cluster import Cluster, places

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Facts:
    """Figures of units x years as one row each: row u * T + t is unit u in year t of ``years``.

    ``values`` maps a figure to its R values, nan where unknown; ``alive`` is false before a unit exists; ``industry`` is the
    index of the industry group (0 where the scheme has none, -1 where no group fits); ``inherits`` is the unit whose grade
    the row takes, else -1; ``disputed`` whether a figure of the row is under objection; ``kind`` is firm, group or parcel.
    """

    unit: tuple[str, ...]
    kind: tuple[str, ...]
    years: tuple[int, ...]
    values: Mapping[str, Floats]
    alive: Bools
    industry: Ints
    inherits: Ints
    disputed: Bools
    members: pl.DataFrame

    @property
    def rows(self) -> int:
        """Number of rows: units x years."""
        return len(self.unit) * len(self.years)

    @property
    def year(self) -> Ints:
        """Index of the year of each row."""
        return np.tile(np.arange(len(self.years), dtype=np.int64), len(self.unit))

    def value(self, figure: str) -> Floats:
        """Return the values of a figure; all unknown where nobody reports it."""
        found = self.values.get(figure)
        return np.full(self.rows, np.nan) if found is None else found


def facts(cluster: Cluster, scheme: Scheme, years: Sequence[int]) -> Facts:
    """Return the units of a scheme with their figures in the years.

    Parameters
    ----------
    cluster
        Tables firm, firm_role, site, parcel, group_member and figure.
    scheme
        Says who is graded as one.
    years
        Calendar years, rising, without gaps.
    """
    return facts_of(cluster, scheme.units, [i.roles for i in scheme.industries], years)


def facts_of(cluster: Cluster, units: Units, roles: Sequence[Sequence[str]], years: Sequence[int]) -> Facts:
    """Return units with all their figures; ``roles`` are those of each industry group."""
    who = membership(cluster, units, years)
    names = [f.name for f in figures().values() if f.merge != "computed"]
    grid, disputed = _firm_grid(cluster, who, years, names)
    values = {name: _merged(name, grid[k], who) for k, name in enumerate(names)}
    values |= _computed(cluster, who, years)
    return Facts(
        unit=who.units,
        kind=who.kinds,
        years=tuple(years),
        values=_with_own(cluster, who, years, values),
        alive=np.bincount(who.of, weights=who.alive, minlength=who.rows) > 0,
        industry=_industry(cluster, who, roles, values_of=grid[names.index("revenue_yuan")]),
        inherits=who.inherits,
        disputed=np.bincount(who.of, weights=disputed, minlength=who.rows) > 0,
        members=who.frame(years),
    )


def _firm_grid(cluster: Cluster, who: Membership, years: Sequence[int], names: list[str]) -> tuple[Floats, Bools]:
    """Figures x (firm, year), nan where unknown; and whether any figure of a firm and year is objected to.

    A figure of a parcel counts for the firm that holds it, unless that firm has one of its own.
    """
    count, span = len(who.firms), len(years)
    grid = np.full((len(names), count * span), np.nan)
    disputed = np.zeros(count * span, np.bool_)
    known = (
        cluster["figure"]
        .filter(pl.col("year").is_between(years[0], years[-1]))
        .select(
            pl.col("unit").cast(pl.Enum(who.firms), strict=False).to_physical().cast(pl.Int64).alias("firm"),
            pl.col("indicator").cast(pl.Enum(names), strict=False).to_physical().cast(pl.Int64).alias("figure"),
            pl.col("year") - years[0],
            "value",
            objected=pl.col("status") == "objected",
        )
        .drop_nulls(["firm", "figure"])
    )
    at = (known["firm"] * span + known["year"]).to_numpy()
    grid[known["figure"].to_numpy(), at] = known["value"].to_numpy()
    disputed[at[known["objected"].to_numpy()]] = True
    land = names.index("land_mu")
    held = _held_land(cluster, who, years)
    grid[land] = np.where(np.isnan(grid[land]), held, grid[land])
    return grid, disputed


def _held_land(cluster: Cluster, who: Membership, years: Sequence[int]) -> Floats:
    """Land of the parcels that a firm holds, mu by (firm, year); unknown where that of one of them is."""
    held = cluster["parcel"].filter(pl.col("holder").is_in(who.firms.implode())).select("parcel", "holder")
    found = np.full(len(who.firms) * len(years), np.nan)
    if held.is_empty():
        return found
    wanted = held.join(pl.DataFrame({"year": years}, schema={"year": pl.Int64}), how="cross")
    told = cluster["figure"].filter(indicator="land_mu").select("year", "value", parcel="unit")
    each = wanted.join(told, on=["parcel", "year"], how="left")
    total = each.group_by("holder", "year").agg(
        pl.when(pl.col("value").null_count() == 0).then(pl.col("value").sum()).alias("value")
    )
    at = places(total["holder"], who.firms) * len(years) + (total["year"] - years[0]).to_numpy()
    found[at] = total["value"].cast(pl.Float64).to_numpy()
    return found


def _merged(name: str, each: Floats, who: Membership) -> Floats:
    """Return a figure of units from that of their firms: unknown where it is of one member, but for registers."""
    merge = figures()[name].merge
    alive, of, rows = who.alive, who.of, who.rows
    if merge == "register":
        return np.asarray(
            np.bincount(of, weights=np.where(alive, np.nan_to_num(each), 0.0), minlength=rows), np.float64
        )
    # A tenant uses the land of its landlord, which counts once where both are one unit.
    needed = alive & ~(who.inside & np.isnan(each)) if name == "land_mu" else alive
    lacking = np.bincount(of, weights=needed & np.isnan(each), minlength=rows)
    counted = np.bincount(of, weights=needed, minlength=rows)
    if merge == "sum":
        found = np.bincount(of, weights=np.where(needed, np.nan_to_num(each), 0.0), minlength=rows)
    else:
        found = np.full(rows, -np.inf if merge == "most" else np.inf)
        ufunc = np.maximum if merge == "most" else np.minimum
        ufunc.at(found, of[needed], np.nan_to_num(each[needed]))
    return np.where((lacking == 0) & (counted > 0), found, np.nan)


def _computed(cluster: Cluster, who: Membership, years: Sequence[int]) -> dict[str, Floats]:
    """Tenant firms, age of the oldest member, age of the youngest land: what follows from tables and is not stored."""
    span = len(years)
    calendar = np.tile(np.array(years, np.float64), len(who.firms))
    founded = np.repeat(who.founded, span)
    age = np.full(who.rows, -np.inf)
    np.maximum.at(age, who.of, np.where(who.alive & ~np.isnan(founded), calendar - founded, -np.inf))
    granted = (
        cluster["parcel"]
        .filter(pl.col("holder").is_in(who.firms.implode()), pl.col("granted").is_not_null())
        .group_by("holder")
        .agg(pl.col("granted").max().dt.year().cast(pl.Float64))
    )
    last = np.full(len(who.firms), -np.inf)
    last[places(granted["holder"], who.firms)] = granted["granted"].to_numpy()
    youngest = np.full(who.rows, np.inf)
    np.minimum.at(youngest, who.of, np.where(who.alive, calendar - np.repeat(last, span), np.inf))
    return {
        "tenants": np.bincount(who.let_by[who.let_by >= 0], minlength=who.rows).astype(np.float64),
        "age_years": np.where(np.isfinite(age), age, np.nan),
        "land_years": np.where(np.isfinite(youngest), youngest, np.nan),
    }


def _with_own(cluster: Cluster, who: Membership, years: Sequence[int], values: dict[str, Floats]) -> dict[str, Floats]:
    """Let figures that are given for a group or merged parcel itself stand in place of the sum of its firms."""
    merged = [u for u, k in zip(who.units, who.kinds, strict=True) if k != "firm"]
    given = cluster["figure"].filter(
        pl.col("unit").is_in(merged), pl.col("year").is_between(years[0], years[-1]), pl.col("value").is_not_null()
    )
    place = {u: k for k, u in enumerate(who.units)}
    for unit, year, name, value in given.select("unit", "year", "indicator", "value").iter_rows():
        if name in values:
            values[name][place[unit] * len(years) + year - years[0]] = value
    return values


def _industry(cluster: Cluster, who: Membership, roles: Sequence[Sequence[str]], values_of: Floats) -> Ints:
    """Industry group of each row: that of the member with the largest revenue; a firm's is the first that fits a role."""
    if not roles:
        return np.zeros(who.rows, np.int64)
    first = np.full(len(who.firms), len(roles), np.int64)
    held = cluster["firm_role"].filter(pl.col("firm").is_in(who.firms.implode()))
    for k in range(len(roles) - 1, -1, -1):
        firm = held.filter(pl.col("role").is_in(list(roles[k])))["firm"]
        first[places(firm, who.firms)] = k
    each = np.repeat(np.where(first == len(roles), -1, first), len(who.alive) // len(who.firms))
    order = np.lexsort((np.nan_to_num(values_of, nan=-1.0), who.of))
    found = np.full(who.rows, -1, np.int64)
    found[who.of[order]] = each[order]
    return found
