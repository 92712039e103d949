"""Rules of flows: what is capped or priced must be known where it counts (docs/concepts/plan-model.md, rule 9).

A cluster that breaks them can be read, since other uses than planning do without; planning it stops.
"""

from __future__ import annotations

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.cluster.rules.rule import CrossRule, Frames
from cordwainer.cluster.rules.styles import TEMPLATE_KEY, effective, effective_routing
from cordwainer.cluster.schema import ROW

CARBON = "carbon"
"""The flow that policy ``carbon_price`` prices."""

_RULE = "flow-unknown"


def _carbon_is_priced(frames: Frames) -> bool:
    given = frames["policy"].filter(name="carbon_price", key="-")["value"].to_list()
    price = given[0] if given else dictionary.policies()["carbon_price", "-"].default
    return bool(price and price > 0)


def _scopes(frames: Frames) -> pl.DataFrame:
    """Return scope, of, flow of every cap, and the whole cluster for carbon where that is priced."""
    capped = frames["cap"].select("scope", "of", "flow")
    priced = pl.DataFrame({"scope": ["cluster"], "of": [None], "flow": [CARBON]}, schema=capped.schema)
    return (pl.concat([capped, priced]) if _carbon_is_priced(frames) else capped).unique()


def _expected_at(frames: Frames, flows: pl.DataFrame, place: str) -> pl.DataFrame:
    """Return the rows of ``flows`` whose flow is counted at ``place``: line or material."""
    elsewhere = {"line": "material", "material": "line"}[place]
    return flows.join(frames["flow"].filter(counted_at=elsewhere), on="flow", how="anti")


def able_lines(frames: Frames, routing: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Return line, site, firm, district of the lines that can make an ordered style: stage, kind and tier fit.

    Parameters
    ----------
    frames
        All tables.
    routing
        Style, stage and the columns ``by``, which the result has too: one row for each line and value of them.
    """
    asked = (
        routing.join(frames["order"], on="style", how="semi")
        .join(frames["style"].select("style", *TEMPLATE_KEY, asked="tier"), on="style")
        .group_by("stage", *TEMPLATE_KEY, *by)
        .agg(pl.col("asked").min())
    )
    able = (
        frames["line"]
        .select("line", "site", "stage", "tier")
        .join(frames["line_makes"].select("line", *TEMPLATE_KEY), on="line")
        .join(asked, on=["stage", *TEMPLATE_KEY])
        .filter(pl.col("tier") >= pl.col("asked"))
    )
    places = frames["site"].select("site", "firm", "district")
    return able.select("line", "site", *by).unique().join(places, on="site")


def promised_lines(frames: Frames) -> pl.DataFrame:
    """Return line, site, firm, district of the lines of promises that may stand: nobody asks whether they can make it."""
    standing = frames["promise"].filter(pl.col("status").is_in(["offered", "accepted"]))
    lines = frames["promise_line"].join(standing, on="lot", how="semi").select("line").unique()
    places = frames["site"].select("site", "firm", "district")
    return lines.join(frames["line"].select("line", "site"), on="line").join(places, on="site")


def _missing(wanted: pl.DataFrame, table: pl.DataFrame, thing: str) -> pl.DataFrame:
    """Return the wanted coefficients that a table does not hold; no row of the table is at fault, one is missing."""
    lost = wanted.select(thing, "flow").unique().join(table, on=[thing, "flow"], how="anti").sort("flow", thing)
    return lost.select(pl.lit(None, pl.Int64).alias(ROW), value="flow", other=thing)


def _lines(frames: Frames) -> pl.DataFrame:
    able = pl.concat([able_lines(frames, effective_routing(frames)), promised_lines(frames)]).unique()
    scopes = _expected_at(frames, _scopes(frames), "line")
    parts = [able.join(scopes.filter(scope="cluster").select("flow").unique(), how="cross").select("line", "flow")]
    for scope in ("district", "firm", "site"):
        capped = scopes.filter(scope=scope).select("of", "flow")
        parts.append(able.join(capped, left_on=scope, right_on="of").select("line", "flow"))
    return _missing(pl.concat(parts), frames["line_flow"], "line")


def _materials(frames: Frames) -> pl.DataFrame:
    used = (
        effective(frames, "bill_of_material", "bill_template", ["stage", "material"])
        .join(frames["order"], on="style", how="semi")
        .join(effective_routing(frames), on=["style", "stage"], how="semi")
        .select("material")
        .unique()
    )
    flows = _expected_at(frames, _scopes(frames).select("flow").unique(), "material")
    return _missing(used.join(flows, how="cross"), frames["material_flow"], "material")


def _carbon_of(table: str, name: pl.Expr) -> CrossRule:
    def find(frames: Frames) -> pl.DataFrame:
        rows = frames[table].with_row_index(ROW)
        unknown = rows.filter(pl.col("carbon_g_pair").is_null() & _carbon_is_priced(frames))
        return unknown.select(ROW, value=pl.lit(CARBON), other=name)

    return CrossRule(_RULE, table, "carbon_g_pair", find)


PLAN_RULES = [
    CrossRule(_RULE, "line_flow", "flow", _lines),
    CrossRule(_RULE, "material_flow", "flow", _materials),
    _carbon_of("transfer", pl.concat_str("from_district", "to_district", separator=" > ")),
    _carbon_of("outside_maker", pl.col("maker")),
]
