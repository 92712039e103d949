"""Orders of the sample: styles, pairs, prices that cover cost and margin, and the weeks in which they may be made."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from cordwainer.cluster.sample.draws import Floats, Ints, Random, codes, lognormal
from cordwainer.cluster.sample.parameters import SampleSize, par, rows
from cordwainer.cluster.sample.styles import effective_bill, effective_minutes

Tables = dict[str, pl.DataFrame]


def style_costs(tables: Tables) -> pl.DataFrame:
    """Return style, material_fen (at list prices), labour_fen (at usual asks) of a pair of every style."""
    hour = pl.DataFrame([{"stage": r["stage"], "ask": float(r["ask_fen_hour"])} for r in rows("stages")])
    labour = (
        effective_minutes(tables)
        .join(hour, on="stage")
        .group_by("style")
        .agg(labour_fen=(pl.col("minutes_per_pair") * pl.col("ask") / (60 * par("pace_median"))).sum())
    )
    material = (
        effective_bill(tables)
        .filter(pl.col("supplied_by") != "buyer")
        .join(tables["material"].select("material", "list_price"), on="material")
        .group_by("style")
        .agg(material_fen=(pl.col("quantity_per_pair") * (1 + pl.col("loss_share")) * pl.col("list_price")).sum())
    )
    return labour.join(material, on="style").sort("style")


def raw_pairs(rng: Random, count: int) -> Floats:
    """Return relative sizes of orders: lognormal with mean about 1."""
    return lognormal(rng, count, 1.0, par("order_sigma"))


def order_styles(rng: Random, tables: Tables, count: int) -> pl.DataFrame:
    """Return style and owner of each order; some styles are ordered again and again."""
    made = tables["style"].select("style", "owner")
    weight = lognormal(rng, made.height, 1.0, par("style_sigma"))
    drawn = rng.choice(made.height, count, p=weight / weight.sum())
    drawn[: min(count, made.height)] = rng.permutation(made.height)[:count]
    return made[np.sort(drawn)]


def windows(rng: Random, size: SampleSize) -> tuple[Ints, Ints, Ints]:
    """Return the weeks of earliest start, due and latest of each order (counted from the first, may be below 0)."""
    n, weeks = size.orders, size.weeks
    length = np.minimum(rng.integers(int(par("window_least")), int(par("window_most")) + 1, n), weeks - 2)
    spread = rng.integers(-int(par("begun_weeks")), weeks, n)
    peaks = np.array([par("peak_1"), par("peak_2")]) * weeks
    near = peaks[rng.integers(0, 2, n)] + rng.normal(0, par("peak_sigma") * weeks, n)
    begin = np.where(rng.random(n) < par("peak_share"), np.rint(near), spread).astype(np.int64)
    begin = np.minimum(begin, weeks - length)
    begin = np.maximum(begin, -int(par("begun_weeks")))
    due = begin + np.maximum(1, np.rint(length * par("due_share"))).astype(np.int64)
    return begin, np.maximum(due, begin + 1), begin + length - 1


def orders(
    rng: Random,
    size: SampleSize,
    first: date,
    picked: pl.DataFrame,
    pairs: Ints,
    costs: pl.DataFrame,
    known: pl.DataFrame,
) -> Tables:
    """Return tables order (with helper columns week_from, week_to, net_fen) and purchase_order."""
    n = size.orders
    begin, due, latest = windows(rng, size)
    frame = picked.with_columns(
        pairs=pl.Series(pairs),
        week_from=pl.Series(begin),
        due_week=pl.Series(np.maximum(due, 0)),
        week_to=pl.Series(np.maximum(latest, np.maximum(due, 0))),
        margin=pl.Series(np.clip(par("margin_mean") + par("margin_sigma") * rng.standard_normal(n), -0.1, 0.6)),
    )
    frame = frame.join(costs, on="style", maintain_order="left").join(
        known.select(owner="firm", market="market", currency="currency", tax_included="tax_included"),
        on="owner",
        maintain_order="left",
    )
    frame = frame.sort("owner", "week_from", "style").with_columns(order=codes("O", n))
    frame = frame.with_columns(po=_papers(rng, frame))
    frame = _priced(frame)
    papers = frame.unique("po", maintain_order=True).select(
        "po",
        buyer="owner",
        buyer_no=pl.lit("NO-") + pl.col("po").str.slice(1),
        currency="currency",
        tax_included="tax_included",
    )
    papers = papers.join(known.select(buyer="firm", price_term="price_term"), on="buyer", maintain_order="left")
    soft = pl.Series(rng.random(papers.height) < par("forecast_share"))
    papers = papers.with_columns(firmness=pl.when(soft).then(pl.lit("forecast")).otherwise(pl.lit("confirmed")))
    return {"order": _dated(rng, frame, first), "purchase_order": papers}


def _papers(rng: Random, frame: pl.DataFrame) -> pl.Series:
    """Purchase order of each order: neighbours of one buyer share a paper now and then."""
    fresh = (frame["owner"] != frame["owner"].shift(1)).fill_null(value=True)
    fresh |= pl.Series(rng.random(frame.height) < par("paper_new_share"))
    number = fresh.cast(pl.Int64).cum_sum()
    return codes("P", int(number[-1])).gather(number - 1)


def _priced(frame: pl.DataFrame) -> pl.DataFrame:
    """Add price in hundredths of the currency and the net price in fen."""
    rate = pl.col("currency").replace_strict(
        {"CNY": 1.0, "USD": par("fx_usd"), "EUR": par("fx_eur")}, return_dtype=pl.Float64
    )
    net = (pl.col("labour_fen") + pl.col("material_fen") + par("carriage_fen")) * (1 + pl.col("margin"))
    taxed = pl.when("tax_included").then(1 + par("vat")).otherwise(1.0)
    return frame.with_columns(net_fen=net, price=(net * taxed / rate).round(0).cast(pl.Int64))


def _dated(rng: Random, frame: pl.DataFrame, first: date) -> pl.DataFrame:
    """Add dates and terms: lateness, commitment, lots, makers, approval, repeats."""
    n = frame.height
    day = timedelta(days=1)
    week = [first + 7 * int(k) * day for k in frame["week_from"]]
    placed = [w - int(b) * day for w, b in zip(week, rng.integers(14, 60, n), strict=True)]
    due = [first + (7 * int(k) + int(r)) * day for k, r in zip(frame["due_week"], rng.integers(1, 7, n), strict=True)]
    last = [first + (7 * int(k) + 6) * day for k in frame["week_to"]]
    blank = rng.random((4, n))
    makers = rng.choice(4, n, p=[par(f"makers_{k}") for k in ("any", 1, 2, 3)])
    again = frame["style"] == frame["style"].shift(1)
    style_before = pl.Series("repeat_of", frame["order"].shift(1))
    small = np.minimum(par("smallest_lot_most"), frame["pairs"].to_numpy() * par("smallest_lot_share"))
    return frame.with_columns(
        placed_date=pl.Series(placed),
        earliest_date=pl.Series(_starts(rng, week, first), dtype=pl.Date),
        due_date=pl.Series(due),
        latest_date=pl.Series(
            [None if b < par("no_latest_share") else d for b, d in zip(blank[0], last, strict=True)], dtype=pl.Date
        ),
        late_fen_pair_week=(pl.col("net_fen") * par("late_share")).round(0).cast(pl.Int64),
        committed=pl.Series(
            (blank[1] < par("committed_share")) & (frame["margin"].to_numpy() > par("committed_margin"))
        ),
        most_makers=pl.Series([None if m == 0 else int(m) for m in makers], dtype=pl.Int64),
        smallest_lot_pairs=pl.Series(np.maximum(1, np.floor(small / 10) * 10).astype(np.int64)),
        repeat_of=pl.when(again).then(style_before).otherwise(None),
        channel=pl.Series(rng.choice(["oem", "odm", "obm"], n, p=[par("oem"), par("odm"), par("obm")])),
    )


def _starts(rng: Random, week: list[date], first: date) -> list[date | None]:
    """Return the earliest start of each order: a day shortly before its week; blank for some that may begin at once."""
    early = rng.integers(0, 4, len(week))
    blank = rng.random(len(week)) < par("start_blank_share")
    return [
        (None if b else first) if w <= first else w - timedelta(days=int(e))
        for w, e, b in zip(week, early, blank, strict=True)
    ]


def whole_pairs(raw: Floats, scale: float) -> Ints:
    """Return pairs of each order: scaled, within limits, rounded as buyers round."""
    exact = np.clip(raw * scale, par("pairs_least"), par("pairs_most"))
    step = np.where(exact < par("pairs_round_from"), par("pairs_round"), par("pairs_round_large"))
    return np.asarray(np.maximum(step, np.rint(exact / step) * step), np.int64)
