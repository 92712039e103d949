"""Parcels and groups of the sample: who holds land, who lets to whom, which firms belong together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from cordwainer.cluster.sample.draws import Bools, Floats, Ints, Random, codes
from cordwainer.cluster.sample.parameters import figures, par

Tables = dict[str, pl.DataFrame]


def parcel_tables(rng: Random, tables: Tables, revenue: Mapping[str, float]) -> Tables:
    """Return tables site (with its parcel), parcel, group_member, and land (unit, value in mu).

    Parameters
    ----------
    rng
        Own random stream.
    tables
        Tables firm and site; one site for each firm of the cluster.
    revenue
        Yuan of the last year by firm of the cluster.
    """
    site = tables["site"]
    earned = np.array([revenue[f] for f in site["firm"]])
    above = earned >= figures()["above_scale_yuan"]
    holds = rng.random(site.height) < np.where(above, par("holder_above"), par("holder_below"))
    holds[int(np.argmax(earned))] = True
    parcel, park = _places(rng, site["district"], holds)
    count = int(parcel.max()) + 1
    names = codes("P", count)
    holder: list[str | None] = [None] * count
    where = [""] * count
    for i, p in enumerate(parcel):
        where[p] = site["district"][i]
        if holds[i]:
            holder[p] = site["firm"][i]
    granted = [
        date(int(y), int(m), 1)
        for y, m in zip(
            rng.integers(int(par("granted_from")), int(par("figure_year")), count),
            rng.integers(1, 13, count),
            strict=True,
        )
    ]
    return {
        "site": site.with_columns(parcel=names.gather(parcel)),
        "parcel": pl.DataFrame(
            {"parcel": names, "district": where, "holder": holder, "granted": granted},
            schema_overrides={"holder": pl.String},
        ),
        "group_member": _groups(rng, site["firm"], earned),
        "land": _land(rng, site["firm"], names.gather(parcel), earned, holds, park),
    }


def _places(rng: Random, district: pl.Series, holds: Bools) -> tuple[Ints, Bools]:
    """Return the parcel of each site, and whether it stands in a park; tenants go to a landlord of their district."""
    parcel = np.full(len(district), -1, np.int64)
    parcel[holds] = np.arange(int(holds.sum()))
    following = int(holds.sum())
    park = ~holds & (rng.random(len(district)) < par("park_tenants"))
    names = district.to_numpy()
    for name in district.unique(maintain_order=True):
        here = names == name
        landlords = parcel[here & holds]
        let = np.flatnonzero(here & ~holds & ~park)
        if landlords.size:
            parcel[let] = rng.choice(landlords, let.size)
        else:
            park[let] = True
        small = np.flatnonzero(here & park)
        parcel[small] = following + np.arange(small.size) // int(par("park_firms"))
        following += -(-small.size // int(par("park_firms")))
    return parcel, park


def _land(rng: Random, firm: pl.Series, parcel: pl.Series, earned: Floats, holds: Bools, park: Bools) -> pl.DataFrame:
    """Mu of parcels that a firm holds, with room for all that stand on them, and of firms in parks."""
    spread = np.exp(par("land_sigma") * rng.standard_normal(len(firm)))
    mu = earned / figures()["revenue_mu"] * spread
    on = pl.DataFrame({"unit": parcel, "value": mu, "park": park})
    held = on.filter(~pl.col("park")).group_by("unit", maintain_order=True).agg(pl.col("value").sum())
    own = pl.DataFrame({"unit": firm, "value": mu * par("park_land")}).filter(pl.Series(park))
    known = parcel.filter(pl.Series(holds))
    return pl.concat([held.filter(pl.col("unit").is_in(known.implode())), own]).with_columns(
        pl.col("value").round(2).clip(lower_bound=0.01)
    )


def _groups(rng: Random, firm: pl.Series, earned: Floats) -> pl.DataFrame:
    """Return groups of large firms; the last member of the first group is in the second one, too, if there is one."""
    count = max(1, round(len(firm) / par("group_every")))
    order = np.argsort(-earned, kind="stable")
    heads, rest = order[:count], rng.permutation(order[count : int(par("group_most")) * count])
    found, at = [], 0
    for k, head in enumerate(heads):
        size = int(rng.integers(1, int(par("group_most"))))
        members = [int(head), *(int(i) for i in rest[at : at + size])]
        at += size
        found += [(f"G{k + 1:03}", firm[i]) for i in members]
        if k == 0 and count > 1:
            found.append(("G002", firm[members[-1]]))
    return pl.DataFrame(found, schema=["group", "firm"], orient="row").sort("group", "firm")
