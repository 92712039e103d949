"""Styles of the sample with their routings and bills of material: templates varied by tier, colour and glue."""

from __future__ import annotations

import numpy as np
import polars as pl

from cordwainer.cluster.reference import reference_tables
from cordwainer.cluster.sample.draws import Random, codes, dealt, noise
from cordwainer.cluster.sample.parameters import par, rows

Tables = dict[str, pl.DataFrame]
_KEY = ["construction", "category"]
_WATER = {"glue-pu-solvent": "glue-pu-water", "primer-solvent": "primer-water"}


def styles(rng: Random, count: int, owners: pl.Series, weights: dict[tuple[str, str], float]) -> pl.DataFrame:
    """Return the styles with what the generator knows of them; ``weights`` by construction and category.

    Beside the columns of table style: own_routing, own_bill, water (glue system), area (factor on the upper).
    """
    combos = sorted(weights.items())
    combo = dealt(rng, [w for _, w in combos], count)
    tier = dealt(rng, [par(f"style_tier_{k}") for k in range(1, 6)], count) + 1
    category = {r["category"]: r for r in rows("categories")}
    keys = [combos[int(c)][0] for c in combo]
    upper = [_upper(rng, *key, int(t)) for key, t in zip(keys, tier, strict=True)]
    kind = [category[k[1]] for k in keys]
    last = [
        f"{k['category']}-last-{rng.integers(1, 1 + max(1, int(count * float(k['lasts_per_100']) / 100)))}"
        for k in kind
    ]
    return pl.DataFrame(
        {
            "style": codes("ST", count),
            "owner": owners.gather(rng.integers(0, owners.len(), count)),
            "name_en": [f"{k['label_en']} {i + 1}" for i, k in enumerate(kind)],
            "name_zh": [f"{k['label_zh']}{i + 1}款" for i, k in enumerate(kind)],
            "construction": [k[0] for k in keys],
            "category": [k[1] for k in keys],
            "age_group": [k["age_group"] for k in kind],
            "tier": tier,
            "last": last,
            "heel_mm": [int(k["heel_mm"]) for k in kind],
            "closure": [k["closure"] for k in kind],
            "sole": [f"{key[0]}-{name}".replace("last", "sole") for key, name in zip(keys, last, strict=True)],
            "upper_material": upper,
            "colour": [u.split("-")[1] for u in upper],
            "season": "2026",
            "own_routing": rng.random(count) < par("own_routing_share"),
            "own_bill": rng.random(count) < par("own_bill_share"),
            "water": rng.random(count) < par("water_glue_share"),
            "area": noise(rng, count, par("area_sigma")),
        }
    )


def style_tables(rng: Random, made: pl.DataFrame) -> Tables:
    """Return tables style, routing, routing_before and bill_of_material."""
    known = reference_tables()
    timed = made.filter("own_routing").join(known["routing_template"], on=_KEY, maintain_order="left_right")
    tiered = 1 + par("minutes_tier") * (timed["tier"] - 3)
    minutes = timed["minutes_per_pair"] * tiered * pl.Series(noise(rng, timed.height, par("minutes_sigma")))
    fine = (pl.col("stage") == "closing") & (pl.col("tier") >= int(par("fine_tier")))
    routing = timed.with_columns(minutes_per_pair=minutes.round(2)).select(
        "style",
        "stage",
        "minutes_per_pair",
        skill=pl.when(fine).then(pl.lit("fine closing")).otherwise("skill"),
    )
    before = made.filter("own_routing").join(known["routing_template_before"], on=_KEY, maintain_order="left_right")
    return {
        "style": made.drop("own_routing", "own_bill", "water", "area"),
        "routing": routing,
        "routing_before": before.select("style", "stage", "after_stage"),
        "bill_of_material": _bills(rng, made.filter("own_bill"), known["bill_template"]),
    }


def effective_minutes(tables: Tables) -> pl.DataFrame:
    """Return style, stage and minutes of every style: its own routing, else the template."""
    own = tables["routing"].select("style", "stage", "minutes_per_pair")
    return _with_template(tables, own, "routing_template", ["stage", "minutes_per_pair"])


def effective_bill(tables: Tables) -> pl.DataFrame:
    """Return style, component, material, stage, quantity, loss and supplier of every style: own bill, else the template."""
    columns = ["component", "material", "stage", "quantity_per_pair", "loss_share", "supplied_by"]
    return _with_template(tables, tables["bill_of_material"].select("style", *columns), "bill_template", columns)


def _with_template(tables: Tables, own: pl.DataFrame, template: str, columns: list[str]) -> pl.DataFrame:
    rest = tables["style"].join(own, on="style", how="anti")
    assumed = rest.join(tables[template], on=_KEY, maintain_order="left_right").select("style", *columns)
    return pl.concat([own, assumed])


def _upper(rng: Random, construction: str, category: str, tier: int) -> str:
    options = [
        r
        for r in rows("uppers")
        if (r["construction"], r["category"]) == (construction, category) and int(r["tier_least"]) <= tier
    ] or [r for r in rows("uppers") if (r["construction"], r["category"]) == (construction, category)]
    weights = np.array([float(r["weight"]) for r in options])
    return options[int(rng.choice(len(options), p=weights / weights.sum()))]["material"]


def _bills(rng: Random, made: pl.DataFrame, template: pl.DataFrame) -> pl.DataFrame:
    """Bills of the styles that have their own: upper in their material and area, glue of their system."""
    full = made.join(template, on=_KEY, maintain_order="left_right")
    upper = pl.col("component") == "upper"
    bought = pl.when(pl.col("water")).then(pl.col("material").replace(_WATER)).otherwise("material")
    given = pl.Series(rng.random(full.height) < par("buyer_supplied_share"))
    spread = pl.Series(noise(rng, full.height, par("quantity_sigma")))
    return full.with_columns(given=given, spread=spread).select(
        "style",
        "component",
        material=pl.when(upper).then("upper_material").otherwise(bought),
        stage="stage",
        quantity_per_pair=pl.when(upper)
        .then(pl.col("quantity_per_pair") * pl.col("area"))
        .when(pl.col("quantity_per_pair") == 1)
        .then(1.0)
        .otherwise(pl.col("quantity_per_pair") * pl.col("spread"))
        .round(4),
        loss_share="loss_share",
        supplied_by=pl.when(pl.col("component").is_in(["labels", "box", "carton"]) & pl.col("given"))
        .then(pl.lit("buyer"))
        .otherwise("supplied_by"),
    )
