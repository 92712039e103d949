"""What a shadow price is the price of, and in which unit people count it."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.exchange.report.joined import Joined

_MINUTES_PER_HOUR = 60
_LARGER = {"g": ("kg", "公斤", 1000), "kWh": ("kWh", "度", 1), "l": ("l", "升", 1)}
"""Units of flows as people count them: English, Chinese, how many of the flow's unit it holds."""

_Both = tuple[pl.Expr, pl.Expr]


def price_names(j: Joined) -> pl.DataFrame:
    """Return of everything that may have a price kind, id, name and unit in both languages.

    Column ``times`` holds how many of the units that are priced make one of the units shown.
    """
    hour, pair = (pl.lit("worker-hour"), pl.lit("工时")), (pl.lit("pair"), pl.lit("双"))
    hours = pl.lit(_MINUTES_PER_HOUR)
    unit = dictionary.choices()["material_unit"]
    per_unit = tuple(
        pl.col("unit").replace_strict({k: v.in_(w) for k, v in unit.items()}, return_dtype=pl.String)
        for w in ("en", "zh")
    )
    skill = (pl.format("{}, {}", "firm_en", "skill"), pl.format("{} {}", "firm_zh", "skill"))
    return pl.concat(
        [
            _one_kind("line", _lines(j), "line", _pair("of"), hour, hours),
            _one_kind("material", j.materials, "material", _pair("material"), (per_unit[0], per_unit[1])),
            _one_kind("cap", _caps(j), "cap", _pair("of_cap"), _pair("per"), pl.col("times")),
            _one_kind("outside", j.makers, "maker", _pair("maker"), pair),
            _one_kind("skill", _skills(j), "id", skill, hour, hours),
            _one_kind("tool", _tools(j), "id", (pl.col("id"), pl.col("id")), pair),
        ]
    )


def _pair(name: str) -> _Both:
    return pl.col(f"{name}_en"), pl.col(f"{name}_zh")


def _one_kind(
    kind: str, frame: pl.DataFrame, key: str, names: _Both, per: _Both, times: pl.Expr | None = None
) -> pl.DataFrame:
    return frame.select(
        kind=pl.lit(kind),
        id=pl.col(key),
        of_en=names[0],
        of_zh=names[1],
        per_en=per[0],
        per_zh=per[1],
        times=(pl.lit(1) if times is None else times).cast(pl.Int64),
    )


def _lines(j: Joined) -> pl.DataFrame:
    stage = dictionary.choices()["stage"]
    said = [
        pl.col("stage").replace_strict({k: v.in_(w) for k, v in stage.items()}, return_dtype=pl.String)
        for w in ("en", "zh")
    ]
    return j.lines.with_columns(
        of_en=pl.format("{}, {}", "firm_en", said[0]), of_zh=pl.format("{} {}", "firm_zh", said[1])
    )


def _skills(j: Joined) -> pl.DataFrame:
    skills = j.cluster["worker_skill"].select("firm", "skill").join(j.firms, on="firm", how="left")
    return skills.with_columns(pl.format("{}|{}", "firm", "skill").alias("id"))


def _tools(j: Joined) -> pl.DataFrame:
    size = pl.col("size").fill_null("")
    return j.cluster["tool"].select(pl.format("{}|{}|{}", "kind", "code", size).alias("id")).unique()


def _caps(j: Joined) -> pl.DataFrame:
    """Return caps named by flow, place and days, such as Solvent, Wencheng, 2026-03-02 to 2026-03-29."""
    flows = j.cluster["flow"].select("flow", "unit", flow_en="name_en", flow_zh="name_zh")
    sites = j.cluster["site"].select("site", "firm").join(j.firms, on="firm", how="left")
    places = pl.concat(
        [
            frame.select(scope=pl.lit(scope), of=scope, place_en=f"{name}_en", place_zh=f"{name}_zh")
            for scope, frame, name in (
                ("district", j.districts, "district"),
                ("firm", j.firms, "firm"),
                ("site", sites, "firm"),
            )
        ]
    )
    caps = (
        j.cluster["cap"]
        .join(flows, on="flow", how="left")
        .join(places, on=["scope", "of"], how="left")
        .with_columns(
            place_en=pl.col("place_en").fill_null("whole cluster"), place_zh=pl.col("place_zh").fill_null("全集群")
        )
    )
    counted = {
        f"per_{word}": pl.col("unit").replace({k: v[at] for k, v in _LARGER.items()})
        for at, word in enumerate(("en", "zh"))
    }
    times = pl.col("unit").replace_strict({k: v[2] for k, v in _LARGER.items()}, default=1, return_dtype=pl.Int64)
    return caps.with_columns(
        of_cap_en=pl.format("{}, {}, {} to {}", "flow_en", "place_en", "date_from", "date_to"),
        of_cap_zh=pl.format("{}，{}，{} 至 {}", "flow_zh", "place_zh", "date_from", "date_to"),
        times=times,
        **counted,
    )
