"""Limits of the sample: caps on flows, outside makers, tools, and the values that the plan reads."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from cordwainer.cluster.sample.draws import Random, noise
from cordwainer.cluster.sample.parameters import SampleSize, par, rows
from cordwainer.cluster.sample.styles import effective_bill

Tables = dict[str, pl.DataFrame]


def caps(tables: Tables, first: date, weeks: int) -> pl.DataFrame:
    """Return table cap: solvent by district and third of the plan, effluent and electricity of the cluster.

    Amounts are shares of what the orders would use, spread evenly over the weeks.
    """
    use = flow_use(tables)
    found: list[dict[str, object]] = []
    parts = min(3, weeks)
    each = weeks // parts
    spans = [(k * each, weeks if k == parts - 1 else (k + 1) * each) for k in range(parts)]
    for district, grams in solvent_by_district(tables):
        if grams >= par("cap_district_share") * use["solvent"]:
            for k, (a, b) in enumerate(spans):
                amount = grams * (b - a) / weeks * par("cap_solvent")
                found.append(_cap(f"solvent-{district}-{k + 1}", district, "solvent", first, a, b, amount))
    for k, (a, b) in enumerate(spans):
        for flow in ("cod", "electricity"):
            amount = use[flow] * (b - a) / weeks * par(f"cap_{flow}")
            found.append(_cap(f"{flow}-{k + 1}", None, flow, first, a, b, amount))
    return pl.DataFrame(found, schema_overrides={"of": pl.String})


def flow_use(tables: Tables) -> dict[str, float]:
    """Return what all orders would use of each flow, with the mean line of every stage."""
    pairs = tables["order"].group_by("style").agg(pl.col("pairs").sum())
    bill = effective_bill(tables).join(pairs, on="style")
    material = (
        bill.join(tables["material_flow"], on="material")
        .group_by("flow")
        .agg(
            use=(pl.col("pairs") * pl.col("quantity_per_pair") * (1 + pl.col("loss_share")) * pl.col("per_unit")).sum()
        )
    )
    stages = pl.concat([tables["routing"].select("style", "stage")])
    assumed = (
        tables["style"]
        .join(stages, on="style", how="anti")
        .join(tables["routing_template"], on=["construction", "category"])
    )
    worked = (
        pl.concat([stages, assumed.select("style", "stage")])
        .join(pairs, on="style")
        .group_by("stage")
        .agg(pl.col("pairs").sum())
    )
    mean = (
        tables["line_flow"]
        .join(tables["line"].select("line", "stage"), on="line")
        .group_by("stage", "flow")
        .agg(pl.col("per_pair").mean())
    )
    line = mean.join(worked, on="stage").group_by("flow").agg(use=(pl.col("pairs") * pl.col("per_pair")).sum())
    total = pl.concat([material, line]).group_by("flow").agg(pl.col("use").sum())
    return dict(total.iter_rows())


def solvent_by_district(tables: Tables) -> list[tuple[str, float]]:
    """Return what all orders would give off by district of lasting, in grams, by district.

    The pairs of each construction and category are split over districts as the lasting minutes of the lines that make it.
    """
    shoe = ["construction", "category"]
    minutes = pl.col("people") * pl.col("hours_day") * pl.col("share_offered")
    lines = (
        tables["line"]
        .filter(pl.col("stage") == "lasting")
        .join(tables["line_statement"].select("line", minutes=minutes), on="line")
        .join(tables["site"].select("site", "district"), on="site")
        .join(tables["line_makes"].select("line", *shoe), on="line")
    )
    share = lines.group_by("district", *shoe).agg(pl.col("minutes").sum())
    share = share.with_columns(share=pl.col("minutes") / pl.col("minutes").sum().over(shoe))
    solvent = tables["material_flow"].filter(pl.col("flow") == "solvent")
    each = pl.col("quantity_per_pair") * (1 + pl.col("loss_share")) * pl.col("per_unit")
    per_style = effective_bill(tables).join(solvent, on="material").group_by("style").agg(grams=each.sum())
    own = tables["line_flow"].filter(pl.col("flow") == "solvent").join(lines, on="line", how="semi")["per_pair"].mean()
    used = (
        tables["order"]
        .join(per_style, on="style")
        .join(tables["style"].select("style", *shoe), on="style")
        .group_by(shoe)
        .agg(grams=(pl.col("pairs") * (pl.col("grams") + pl.lit(own))).sum())
    )
    split = used.join(share, on=shoe).group_by("district").agg((pl.col("grams") * pl.col("share")).sum())
    return list(split.sort("district").iter_rows())


def outside_tables(tables: Tables, size: SampleSize) -> Tables:
    """Return tables outside_maker and outside_makes; prices stand near the cluster's own cost."""
    pairs_week = float(tables["order"]["pairs"].sum()) / size.weeks
    own: dict[str, list[tuple[str, str]]] = {r["profile"]: [] for r in rows("profiles")}
    for r in rows("profiles"):
        own[r["profile"]].append((r["construction"], r["category"]))
    makers, makes = [], []
    for r in rows("outside"):
        makers.append(
            {
                "maker": r["maker"],
                "name_en": r["name_en"],
                "name_zh": r["name_zh"],
                "region": r["region"],
                "lead_days": int(r["lead_days"]),
                "week_pairs": max(50, round(pairs_week * float(r["week_share"]))),
                "carbon_g_pair": float(r["carbon_g"]),
            }
        )
        makes += [
            {
                "maker": r["maker"],
                "construction": key[0],
                "category": key[1],
                "fen_pair": int(r["carriage_fen"]),
                "fen_minute": float(r["fen_minute"]),
                "material_factor": float(r["price_factor"]),
            }
            for key in sorted({c for p in r["profiles"].split() for c in own[p]})
        ]
    return {"outside_maker": pl.DataFrame(makers), "outside_makes": pl.DataFrame(makes)}


def tools(rng: Random, tables: Tables, weeks: int) -> pl.DataFrame:
    """Return table tool: lasts and sole moulds that are known, a few of them tight for the orders that need them."""
    pairs = tables["order"].join(tables["style"].select("style", "last", "sole", "construction"), on="style")
    with_sole = pairs.filter(pl.col("construction") != "injection")
    found = [_tools(rng, "last", pairs.select("pairs", code="last"), weeks)]
    found.append(_tools(rng, "mould", with_sole.select("pairs", code="sole"), weeks))
    return pl.concat(found)


def _tools(rng: Random, kind: str, pairs: pl.DataFrame, weeks: int) -> pl.DataFrame:
    """Return tools of one kind for some of the codes, with sets for a multiple of the mean pairs a day."""
    need = pairs.group_by("code").agg(pl.col("pairs").sum()).sort("code")
    known = need.filter(pl.Series(rng.random(need.height) < par(f"tool_{kind}_share")))
    each = int(par(f"tool_{kind}_day"))
    mean_day = known["pairs"].to_numpy() / (weeks * par("days_week_mean"))
    sets = np.ceil(mean_day * par("tool_ample") * noise(rng, known.height, par("tool_sigma")) / each)
    return known.select(
        tool=pl.lit(f"{kind}-") + pl.col("code"),
        kind=pl.lit(kind),
        code="code",
        sets=pl.Series(np.maximum(1, sets).astype(np.int64)),
        pairs_day=pl.lit(each, pl.Int64),
    )


def policies() -> pl.DataFrame:
    """Return table policy: exchange rates and penalties with their source."""
    wanted = (
        ("fx", "USD", "fx_usd", "yuan"),
        ("fx", "EUR", "fx_eur", "yuan"),
        ("broken_fen_pair", "-", "broken", "fen"),
    )
    return pl.DataFrame(
        [
            {
                "name": n,
                "key": k,
                "value": par(p),
                "unit": u,
                "source": "planning value of the sample",
                "verified": False,
            }
            for n, k, p, u in wanted
        ]
    )


def _cap(name: str, district: str | None, flow: str, first: date, a: int, b: int, amount: float) -> dict[str, object]:
    return {
        "cap": name,
        "scope": "cluster" if district is None else "district",
        "of": district,
        "flow": flow,
        "date_from": first + timedelta(days=7 * a),
        "date_to": first + timedelta(days=7 * b - 1),
        "amount": float(round(amount)),
    }
