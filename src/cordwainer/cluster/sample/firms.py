"""Firms of the sample: districts, roles, staff with its tail, sites, certificates."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from cordwainer.cluster.sample.draws import Floats, Ints, Random, apportion, codes, dealt, noise, normal, picked, strata
from cordwainer.cluster.sample.names import trade_names
from cordwainer.cluster.sample.parameters import figures, par, rows

PROFILES = ("women", "men", "casual", "sports", "children", "safety", "injection")
Tables = dict[str, pl.DataFrame]


def firms(rng: Random, count: int) -> pl.DataFrame:
    """Return the firms of the cluster with what the generator knows of them.

    Columns: firm, name_en, name_zh, district, role, profile, staff (people), cost (factor on asks), founded, general.
    """
    district = _districts(count)
    role = _roles(rng, district)
    staff = _staff(rng, role)
    places, kinds = rows("districts"), rows("roles")
    names = trade_names(rng, count)
    labels = [(names[i], kinds[int(r)]) for i, r in enumerate(role)]
    return pl.DataFrame(
        {
            "firm": codes("F", count),
            "name_en": [f"{n[0]} {k['label_en']}" for n, k in labels],
            "name_zh": [f"{n[1]}{k['label_zh']}" for n, k in labels],
            "district": picked([p["district"] for p in places], district),
            "role": picked([k["role"] for k in kinds], role),
            "profile": _profiles(rng, district),
            "staff": staff,
            "cost": np.array([float(p["cost"]) for p in places])[district] * noise(rng, count, par("ask_sigma")),
            "founded": rng.integers(int(par("founded_from")), int(par("founded_to")), count),
            "general": staff >= par("general_staff"),
        }
    )


def firm_tables(rng: Random, made: pl.DataFrame) -> Tables:
    """Return tables firm, firm_role, site and figure (staff and revenue) of the cluster's firms."""
    firm = made.select(
        "firm",
        "name_en",
        "name_zh",
        "district",
        "founded",
        tax_kind=pl.when("general").then(pl.lit("general")).otherwise(pl.lit("small")),
        status=pl.lit("active"),
    )
    site = made.select(
        site=pl.lit("S") + pl.col("firm").str.slice(1),
        firm="firm",
        district="district",
        calendar=pl.when("general").then(pl.lit("factory")).otherwise(pl.lit(None)),
    )
    return {
        "firm": firm,
        "firm_role": made.select("firm", "role"),
        "site": site,
        "figure": _official(rng, made),
    }


def certificates(rng: Random, made: pl.DataFrame, first: date, weeks: int) -> pl.DataFrame:
    """Return certificates of makers and workshops; some end within the plan, some have unknown dates."""
    able = made.filter(pl.col("role").is_in(["maker", "workshop", "sole_maker"]))
    found: list[dict[str, object]] = []
    for kind in rows("standards"):
        held = rng.random(able.height) < float(kind["held_share"])
        ends = rng.random(able.height) < float(kind["ends_share"])
        unknown = rng.random(able.height) < par("certificate_unknown_share")
        inside = rng.integers(7, 7 * weeks, able.height)
        after = rng.integers(7 * weeks, int(par("certificate_days")), able.height)
        for i in np.flatnonzero(held):
            end = first + timedelta(days=int(inside[i] if ends[i] else after[i]))
            begin = end - timedelta(days=int(par("certificate_days")))
            found.append(
                {
                    "firm": able["firm"][int(i)],
                    "standard": kind["standard"],
                    "certificate": f"{kind['standard']}-{able['firm'][int(i)]}",
                    "valid_from": begin,
                    "valid_to": None if unknown[i] else end,
                }
            )
    schema = {"firm": pl.String, "standard": pl.String, "certificate": pl.String}
    return pl.DataFrame(found, schema={**schema, "valid_from": pl.Date, "valid_to": pl.Date})


def _districts(count: int) -> Ints:
    """District of each firm, in order of districts (roles and sizes are dealt over it)."""
    return np.repeat(
        np.arange(len(rows("districts"))), apportion([float(r["firm_share"]) for r in rows("districts")], count)
    )


def _roles(rng: Random, district: Ints) -> Ints:
    """Role of each firm: dealt by share, then sole makers moved towards their districts by exchange of roles."""
    kinds = [r["role"] for r in rows("roles")]
    wanted = [float(r["share"]) for r in rows("roles")]
    counts = apportion(wanted, district.size)
    weight = np.array([float(r["sole_makers"]) for r in rows("districts")])[district]
    sole = kinds.index("sole_maker")
    role = np.full(district.size, -1, np.int64)
    role[rng.choice(district.size, int(counts[sole]), replace=False, p=weight / weight.sum())] = sole
    rest = np.repeat(np.arange(len(kinds)), np.where(np.arange(len(kinds)) == sole, 0, counts))
    role[role < 0] = rng.permutation(rest)
    return role


def _profiles(rng: Random, district: Ints) -> list[str]:
    """Speciality of each firm, dealt within its district by the district's shares."""
    found = np.zeros(district.size, np.int64)
    for d, place in enumerate(rows("districts")):
        here = np.flatnonzero(district == d)
        found[here] = dealt(rng, [float(place[p]) for p in PROFILES], here.size)
    return picked(PROFILES, found)


def _staff(rng: Random, role: Ints) -> Ints:
    """Staff of each firm: a lognormal body with a Pareto tail, scaled to the published mean.

    Where the tail begins is a parameter; its exponent is the published one.
    """
    quantile = strata(rng, role.size)
    start = 1 - par("tail_share")
    mean = figures()["staff_per_firm"]
    mu, sigma = np.log(mean * figures()["size_median_ratio"]), par("staff_sigma")
    body = np.exp(mu + sigma * normal(np.minimum(quantile, start)))
    tail: Floats = ((1 - start) / np.maximum(1 - quantile, 1e-9)) ** (1 / figures()["pareto_alpha"])
    staff = body * np.where(quantile > start, tail, 1.0)
    staff *= np.array([float(r["staff_factor"]) for r in rows("roles")])[role]
    staff = np.minimum(staff * (mean / staff.mean()), figures()["staff_most"])
    staff *= mean / staff.mean()
    return np.asarray(np.maximum(1, np.rint(staff)), np.int64)


def _official(rng: Random, made: pl.DataFrame) -> pl.DataFrame:
    """Staff and revenue of each firm as official figures of last year; all invented, marked as drawn."""
    each = figures()["output_yuan"] / figures()["census_staff"]
    revenue = made["staff"].to_numpy() * each * noise(rng, made.height, par("revenue_sigma"))
    long = [("staff", made["staff"].cast(pl.Float64)), ("revenue_yuan", pl.Series(revenue).round(0))]
    return pl.concat(
        made.select(
            unit="firm",
            year=pl.lit(int(par("figure_year")), pl.Int64),
            indicator=pl.lit(name),
            value=values,
            source=pl.lit("invented for the sample"),
            status=pl.lit("drawn"),
        )
        for name, values in long
    )
