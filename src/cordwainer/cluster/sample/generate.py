"""The Wenzhou sample from a seed: draws every table in turn and builds the checked cluster."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.cluster.cluster import Cluster
from cordwainer.cluster.reference import reference_tables
from cordwainer.cluster.sample import buyers as trade
from cordwainer.cluster.sample import details, firms, limits, lines, orders, places, statements, styles, supply
from cordwainer.cluster.sample.draws import Random
from cordwainer.cluster.sample.official import official_tables
from cordwainer.cluster.sample.parameters import SampleSize, figures, par, rows, size_named

Tables = dict[str, pl.DataFrame]

SAMPLE_FIRST_DATE = date(2026, 3, 2)
"""A Monday after the Spring Festival: the first day of the plan that a sample is made for."""


def sample(size: str | SampleSize, seed: int) -> Cluster:
    """Return a checked cluster shaped after Wenzhou; equal for equal size and seed.

    Parameters
    ----------
    size
        S, M, L, or firms, orders and weeks.
    seed
        Seed of all draws.

    Raises
    ------
    KeyError
        If the size is not S, M or L.
    """
    wanted = size if isinstance(size, SampleSize) else size_named(size)
    tables = _tables(np.random.Generator(np.random.PCG64(seed)), wanted)
    return Cluster.build(_fitting(tables | official_tables(seed, tables)))


def _tables(rng: Random, size: SampleSize) -> Tables:
    made = firms.firms(rng, size.firms)
    known = trade.buyers(rng, made, size.orders)
    vendors = trade.outside_suppliers(rng)
    tables = {**reference_tables(), "transfer": places.transfers(), "policy": limits.policies()}
    tables |= firms.firm_tables(rng, made)
    tables |= _with_outsiders(tables, known, vendors)
    tables["certificate"] = firms.certificates(rng, made, SAMPLE_FIRST_DATE, size.weeks)
    tables["standard_implies"] = pl.DataFrame([{k: r[k] for k in ("standard", "implied")} for r in rows("implies")])
    made_lines = lines.lines(rng, made)
    tables["line_makes"] = lines.line_makes(rng, made_lines)
    tables |= statements.line_tables(rng, made_lines)
    tables["line_flow"] = statements.line_flows(rng, made_lines, figures()["grid_g_kwh"])
    tables |= _demand(rng, tables, made_lines, known, size)
    tables |= supply.supply_tables(rng, tables, made, vendors["firm"].to_list(), SAMPLE_FIRST_DATE, size.weeks)
    tables["cap"] = limits.caps(tables, SAMPLE_FIRST_DATE, size.weeks)
    tables["tool"] = limits.tools(rng, tables, size.weeks)
    return tables


def _with_outsiders(tables: Tables, known: pl.DataFrame, vendors: pl.DataFrame) -> Tables:
    """Add buyers and suppliers outside the cluster to firm and firm_role."""
    buyer = known.filter(~pl.col("inside")).select("firm", "name_en", "name_zh", role=pl.lit("brand"))
    both = pl.concat([buyer, vendors.with_columns(role=pl.lit("supplier"))])
    firm = pl.concat([tables["firm"], both.drop("role").with_columns(status=pl.lit("active"))], how="diagonal")
    return {"firm": firm, "firm_role": pl.concat([tables["firm_role"], both.select("firm", "role")])}


def _demand(rng: Random, tables: Tables, made_lines: pl.DataFrame, known: pl.DataFrame, size: SampleSize) -> Tables:
    """Return styles, orders with their details, and the statements that balance them."""
    count = max(1, round(size.orders * par("styles_per_order")))
    weights = lines.combo_capacity(made_lines, tables["line_makes"])
    made = styles.styles(rng, count, trade.owners(known, rng), weights)
    found: Tables = styles.style_tables(rng, made)
    whole = {**tables, **found}
    costs = orders.style_costs(whole)
    picked = orders.order_styles(rng, whole, size.orders)
    raw = orders.raw_pairs(rng, size.orders)
    minutes = picked.with_columns(raw=pl.Series(raw)).join(styles.effective_minutes(whole), on="style")
    minutes = minutes.select("stage", minutes=pl.col("raw") * pl.col("minutes_per_pair"))
    factor, offered = statements.balance(made_lines, minutes, size.weeks)
    stated = statements.statements(rng, made_lines, tables["line_makes"], offered, SAMPLE_FIRST_DATE)
    found |= {"line_statement": stated, "line_booked": statements.booked(rng, stated, SAMPLE_FIRST_DATE)}
    pairs = orders.whole_pairs(raw, factor)
    found |= orders.orders(rng, size, SAMPLE_FIRST_DATE, picked, pairs, costs, known)
    whole = {**tables, **found}
    found["order_size"], curve = details.order_sizes(rng, whole)
    found["buyer_approval"], needed = details.approvals(rng, whole, known, SAMPLE_FIRST_DATE, size.weeks)
    found["order_maker"] = details.order_makers(rng, whole)
    found["order_requirement"] = details.requirements(rng, found["order"])
    found |= limits.outside_tables(whole, size)
    away = pl.Series(rng.random(size.orders) < par("made_at_share"))
    maker = found["outside_maker"]["maker"].gather(rng.integers(0, found["outside_maker"].height, size.orders))
    found["order"] = (
        found["order"]
        .join(curve, on="order", maintain_order="left")
        .with_columns(approval_needed=needed, made_at=pl.when(away).then(maker))
    )
    return found


def _fitting(tables: Tables) -> Tables:
    """Keep only the columns of the dictionary: helper columns of the generator fall away."""
    columns = {t.name: [c.name for c in t.columns] for t in dictionary.cluster_tables()}
    return {name: frame.select(c for c in columns[name] if c in frame.columns) for name, frame in tables.items()}
