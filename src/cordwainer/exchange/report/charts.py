"""Geometry of the charts of load, gap and outcome: what the templates draw, in the units of the drawing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.core import Text
from cordwainer.exchange.report.joined import Joined
from cordwainer.exchange.report.view import View
from cordwainer.exchange.report.views_load import load

PANEL_WIDTH, PANEL_HEIGHT = 360, 190
LEFT, _RIGHT, _TOP, _BASE = 50, 6, 26, 118
_STRIP_TOP, _STRIP_BASE = 134, 164
PANEL_SIZE = (PANEL_WIDTH, PANEL_HEIGHT, LEFT)
_TICK_WIDTH = 32
_LEAST_PRICE = 1000.0  # 0.01 yuan: where all prices are nought their axis still ends somewhere


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: place, size, class of style, and what is said of it when pointed at."""

    x: float
    y: float
    width: float
    height: float
    style: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A label at an axis."""

    x: float
    y: float
    label: str


@dataclass(frozen=True)
class LoadPanel:
    """Load against capacity of one stage: bars, two stepped lines, and prices below."""

    stage: Text
    bars: tuple[Bar, ...]
    regular: str
    most: str
    prices: tuple[Bar, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    dearest: str


def ticks(most: float) -> tuple[float, ...]:
    """Return two to five round numbers from above zero, the last of which is not below ``most``."""
    power = 10.0 ** (floor(log10(most)) - 1)
    step = next(power * k for k in (2, 2.5, 5, 10, 20, 25, 50) if power * k * 4 >= most)
    return tuple(step * k for k in range(1, ceil(most / step - 1e-9) + 1))


def said(value: float) -> str:
    """Return a number at an axis: in digits, with decimals only where it has some."""
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.4f}".rstrip("0").rstrip(".")


def _day(day: date) -> str:
    """Return month and day as in 2026-03-02, which nobody takes for the second of another month."""
    return f"{day:%m-%d}"


def load_panels(j: Joined) -> list[LoadPanel]:
    """Return one panel for each stage that has lines, in the order of work."""
    return panels_of(load(j))


def panels_of(view: View) -> list[LoadPanel]:
    """Return one panel for each stage of a view of load by stage and week."""
    rows = view.frame
    highest = max(_LEAST_PRICE, float(pl.Series(rows["price_mfen"]).cast(pl.Float64).max() or 0.0))  # type: ignore[arg-type]
    dearest = ticks(highest / 1e5)[-1] * 1e5
    labels = dictionary.choices()["stage"]
    return [
        _panel(labels[str(stage[0])], frame, dearest) for stage, frame in rows.group_by("stage", maintain_order=True)
    ]


def _panel(stage: Text, rows: pl.DataFrame, dearest: float) -> LoadPanel:
    count = rows.height
    step = (PANEL_WIDTH - LEFT - _RIGHT) / count
    up = ticks(max([1.0, *rows["most_hours"].to_list(), *rows["load_hours"].to_list()]))
    top = up[-1]
    scale = (_BASE - _TOP) / top
    bars: list[Bar] = []
    prices: list[Bar] = []
    for k, row in enumerate(rows.iter_rows(named=True)):
        x, width = LEFT + k * step + step * 0.12, step * 0.76
        price = row["price_mfen"] or 0.0
        title = f"{row['start_date']}: {row['load_hours']:,.0f} h / {row['regular_hours']:,.0f} h, ¥{price / 1e5:.2f}/h"
        overtime = min(row["overtime_hours"], row["load_hours"]) * scale
        regular = row["load_hours"] * scale - overtime
        bars.append(Bar(x, _BASE - regular, width, regular, "load", title))
        if overtime:
            bars.append(Bar(x, _BASE - regular - overtime, width, overtime, "overtime", title))
        tall = (_STRIP_BASE - _STRIP_TOP) * price / dearest
        prices.append(Bar(x, _STRIP_BASE - tall, width, tall, "price", title))
    return LoadPanel(
        stage=stage,
        bars=tuple(bars),
        regular=_stepped(rows["regular_hours"].to_list(), step, scale),
        most=_stepped(rows["most_hours"].to_list(), step, scale),
        prices=tuple(prices),
        across=_dates(rows["start_date"].to_list(), step),
        up=tuple(Tick(LEFT - 4, _BASE - value * scale + 4, said(value)) for value in up),
        dearest=said(dearest / 1e5),
    )


def _stepped(values: list[float], step: float, scale: float) -> str:
    parts = []
    for k, value in enumerate(values):
        y = _BASE - value * scale
        parts.append(f"{'M' if k == 0 else 'L'}{LEFT + k * step:.1f} {y:.1f}H{LEFT + (k + 1) * step:.1f}")
    return "".join(parts)


def _dates(days: list[date], step: float) -> tuple[Tick, ...]:
    every = max(1, round(len(days) / 5))
    return tuple(
        Tick(LEFT + k * step, PANEL_HEIGHT - 10, _day(day))
        for k, day in enumerate(days)
        if k % every == 0 and LEFT + k * step < PANEL_WIDTH - _TICK_WIDTH
    )


@dataclass(frozen=True, slots=True)
class Share:
    """One row of a bar chart drawn in HTML: label, per cent of the widest, what it says, class of style."""

    label: Text
    percent: float
    said: str
    style: str = "load"


def gap_bars(view: View) -> list[Share]:
    """Return the parts of the gap as bars; what is negative (rounding) has no length."""
    labels = dictionary.choices()["bound_part"]
    widest = max([1.0, *(abs(v) for v in view.frame["fen"].to_list())])
    return [
        Share(labels[row["part"]], max(0.0, 100 * row["fen"] / widest), f"{row['fen'] / 100:,.0f}")
        for row in view.frame.iter_rows(named=True)
    ]


def outcome_bars(j: Joined) -> list[Share]:
    """Return pairs by outcome as shares of all pairs ordered."""
    pairs = dict(j.orders.group_by("outcome").agg(pl.col("pairs").sum()).iter_rows())
    whole = max(1, sum(pairs.values()))
    return [
        Share(label, 100 * pairs[value] / whole, f"{pairs[value]:,} ({100 * pairs[value] / whole:.1f} %)", value)
        for value, label in dictionary.choices()["outcome"].items()
        if pairs.get(value)
    ]


def district_bars(view: View) -> list[Share]:
    """Return pairs finished by district as bars."""
    widest = max([1, *view.frame["pairs"].to_list()])
    rows = view.frame.sort("pairs", "district", descending=[True, False])
    return [
        Share(Text(r["district_en"], r["district_zh"]), 100 * r["pairs"] / widest, f"{r['pairs']:,}")
        for r in rows.iter_rows(named=True)
    ]
