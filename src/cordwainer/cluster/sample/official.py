"""Official figures of the sample: ten years by firm and parcel, with gaps, states and objections; a random stream of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from cordwainer.cluster.sample.draws import Bools, Floats, Random
from cordwainer.cluster.sample.parameters import figures, par, rows
from cordwainer.cluster.sample.parcels import parcel_tables

Tables = dict[str, pl.DataFrame]
_STREAM = 6
_INVENTED = "invented for the sample"
_DRAWN = date(2026, 2, 10)


@dataclass(frozen=True)
class _Base:
    """Firms of the cluster x years: what the figures are drawn from; years before the foundation are false in ``alive``."""

    firm: list[str]
    role: npt.NDArray[np.str_]
    years: tuple[int, ...]
    alive: Bools
    revenue: Floats
    staff: Floats


def official_tables(seed: int, tables: Tables) -> Tables:
    """Return tables site (with parcels), parcel, group_member, figure and objection; all others stay as they are.

    Parameters
    ----------
    seed
        Seed of the sample; the stream is another one than that of the other tables.
    tables
        Tables firm, firm_role, site and figure (staff and revenue of the last year), which keep their values.
    """
    rng = np.random.Generator(np.random.PCG64([seed, _STREAM]))
    base = _base(rng, tables)
    found = parcel_tables(rng, tables, dict(zip(base.firm, base.revenue[:, -1], strict=True)))
    long = [_paths(base), *_drawn(rng, base), _land(rng, base, found)]
    more = _with_states(rng, pl.concat(long))
    found["objection"] = _objections(rng, more)
    found["figure"] = pl.concat([tables["figure"], more], how="diagonal")
    return {name: frame for name, frame in found.items() if name != "land"}


def _base(rng: Random, tables: Tables) -> _Base:
    last, count = int(par("figure_year")), int(par("official_years"))
    years = tuple(range(last - count + 1, last + 1))
    firm = tables["firm"].filter(pl.col("district").is_not_null())
    role = tables["firm_role"].unique("firm", keep="first", maintain_order=True)
    known = firm.join(role, on="firm", how="left", maintain_order="left")
    for name in ("staff", "revenue_yuan"):
        values = tables["figure"].filter(indicator=name).select(firm="unit", **{name: "value"})
        known = known.join(values, on="firm", how="left", maintain_order="left")
    steps = par("growth_year") + par("growth_sigma") * rng.standard_normal((firm.height, count))
    steps[:, [y == 2020 for y in years]] += par("year_2020")
    ahead = np.cumsum(steps[:, ::-1], axis=1)[:, ::-1]
    path = np.exp(-np.hstack([ahead[:, 1:], np.zeros((firm.height, 1))]))
    return _Base(
        firm=known["firm"].to_list(),
        role=known["role"].to_numpy().astype(np.str_),
        years=years,
        alive=np.less_equal.outer(known["founded"].to_numpy(), np.array(years)),
        revenue=np.rint(known["revenue_yuan"].to_numpy()[:, None] * path),
        staff=np.maximum(1.0, np.rint(known["staff"].to_numpy()[:, None] * np.sqrt(path))),
    )


def _rows(base: _Base, indicator: str, values: Floats, mask: Bools) -> pl.DataFrame:
    """Return the cells under the mask in long form; nan becomes a row without a value."""
    i, t = np.nonzero(mask)
    frame = pl.DataFrame(
        {
            "unit": pl.Series(base.firm, dtype=pl.String).gather(i),
            "year": np.array(base.years, np.int64)[t],
            "indicator": pl.repeat(indicator, i.size, dtype=pl.String, eager=True),
            "value": values[i, t],
        }
    )
    return frame.with_columns(pl.col("value").fill_nan(None))


def _paths(base: _Base) -> pl.DataFrame:
    """Staff and revenue of the years before the last one, which the tables hold already."""
    before = base.alive.copy()
    before[:, -1] = False
    return pl.concat([_rows(base, "staff", base.staff, before), _rows(base, "revenue_yuan", base.revenue, before)])


def _drawn(rng: Random, base: _Base) -> list[pl.DataFrame]:
    """Every figure of official.csv: what it is of, times a factor, spread by firm and by year."""
    shape = base.alive.shape
    above = base.revenue >= figures()["above_scale_yuan"]
    inspected = above | (rng.random((shape[0], 1)) < par("inspected_share"))
    maker, tannery = (np.isin(base.role, kinds).reshape(-1, 1) for kinds in (["maker", "workshop"], ["tannery"]))
    among = {
        "all": np.ones(shape, np.bool_),
        "event": np.ones(shape, np.bool_),
        "above": above,
        "below": ~above,
        "makers_above": above & maker,
        "inspected": inspected & maker,
        "tannery": np.broadcast_to(tannery, shape),
    }
    known = {"one": np.ones(shape), "revenue_yuan": base.revenue, "staff": base.staff}
    found = []
    for row in rows("official"):
        name, mask = row["indicator"], among[row["among"]] & base.alive
        values = _values(rng, row, known[row["of"]], len(base.years))
        known[name] = np.where(mask, values, known.get(name, np.nan))
        if row["among"] == "event":
            mask = mask & (values > 0)
        gap = rng.random(shape) >= float(row["known_share"])
        blank = gap & (rng.random(shape) < par("blank_share"))
        found.append(_rows(base, name, np.where(blank, np.nan, values), mask & (blank | ~gap)))
    return found


def _values(rng: Random, row: Mapping[str, str], of: Floats, years: int) -> Floats:
    """Return one figure of all firms and years, in its unit."""
    firms = of.shape[0]
    spread = float(row["sigma_firm"]) * rng.standard_normal((firms, 1))
    spread = spread + float(row["sigma_year"]) * rng.standard_normal((firms, years))
    spread = spread + float(row["trend"]) * (np.arange(years) - (years - 1))
    values = of * float(row["factor"]) * np.exp(spread)
    if row["none_by"]:
        shape = (firms, 1) if row["none_by"] == "firm" else (firms, years)
        values = np.where(rng.random(shape) < float(row["none_share"]), 0.0, values)
    if row["most"]:
        # 1 with a base of its own: a count that cannot exceed what it is of.
        most = of if row["of"] != "one" else float(row["most"])
        values = np.minimum(values, most)
    return np.asarray(np.round(values, int(row["decimals"])), np.float64)


def _land(rng: Random, base: _Base, found: Tables) -> pl.DataFrame:
    """Land of parcels, and of firms in parks: the same every year, now and then unknown."""
    years = pl.DataFrame({"year": base.years}, schema={"year": pl.Int64})
    land = found["land"].join(years, how="cross")
    known = rng.random(land.height) < par("land_known")
    founded = pl.DataFrame({"unit": base.firm, "first": np.argmax(base.alive, axis=1) + base.years[0]})
    return (
        land.filter(pl.Series(known))
        .join(founded, on="unit", how="left", maintain_order="left")
        .filter(pl.col("first").is_null() | (pl.col("year") >= pl.col("first")))
        .select("unit", "year", indicator=pl.lit("land_mu"), value="value")
    )


def _with_states(rng: Random, long: pl.DataFrame) -> pl.DataFrame:
    """Add source, status and date: earlier years are confirmed, those of the last year are under way."""
    last = int(par("figure_year"))
    draw = rng.random(long.height)
    parts = [par("figure_objected"), par("figure_corrected"), par("figure_confirmed")]
    a, b, c = np.cumsum(parts)
    state = np.select([draw < a, draw < b, draw < c], ["objected", "corrected", "confirmed"], "drawn")
    now = pl.col("year") == last
    return long.with_columns(
        source=pl.lit(_INVENTED),
        status=pl.when(now).then(pl.Series(state)).otherwise(pl.lit("confirmed")),
        date=pl.when(now).then(pl.lit(_DRAWN)).otherwise(pl.date(pl.col("year") + 1, 7, 31)),
    ).with_columns(status=pl.when(pl.col("value").is_null()).then(pl.lit("drawn")).otherwise("status"))


def _objections(rng: Random, long: pl.DataFrame) -> pl.DataFrame:
    """One objection for every figure with that status, most of them with what the firm says it is; at least one."""
    against = long.filter(status="objected").sort("unit", "indicator")
    factor = par("objection_claim") * np.exp(0.15 * rng.standard_normal(against.height))
    told = pl.Series(rng.random(against.height) < 0.85)
    return against.with_row_index("n", 1).select(
        objection=pl.format("Q{}", pl.col("n").cast(pl.String).str.zfill(4)),
        unit="unit",
        year="year",
        indicator="indicator",
        claimed=pl.when(told).then((pl.col("value") * pl.Series(factor)).round(2)),
        filed=pl.date(2026, 2, 11) + pl.duration(days=pl.lit(pl.Series(rng.integers(0, 9, against.height)))),
        decision=pl.lit("open"),
    )
