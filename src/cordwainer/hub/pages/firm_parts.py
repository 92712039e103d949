"""What the pages of a firm show, worked out of the gate: offers as cards, lines with what is stated, orders, whole tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.core import Language, Text
from cordwainer.exchange import View, column
from cordwainer.hub.access import records
from cordwainer.hub.access.gate import Gate
from cordwainer.hub.pages import world
from cordwainer.hub.web.visit import today

MAKERS = ("maker",)


def offers_of(gate: Gate) -> pl.DataFrame:
    """Return the firm's parts of lots on offer or answered: one row for each lot and stage, the soonest first.

    Columns: lot, stage, line, order, status, until, lot_pairs, style with construction and category, start, end, pairs and
    fen.
    """
    cluster, paid = gate.cluster, records.pay(gate.viewer).select("lot", "stage", "fen")
    work = (
        cluster["promise_work"]
        .group_by("lot", "stage")
        .agg(start=pl.col("start_date").min(), end=pl.col("start_date").max(), pairs=pl.col("pairs").sum())
    )
    mine = gate.own("promise_line").filter(pl.col("line").is_in(gate.own("line")["line"].to_list()))
    rows = (
        mine.join(cluster["promise"].rename({"pairs": "lot_pairs"}), on="lot")
        .join(work, on=["lot", "stage"], how="left")
        .join(cluster["order"].select("order", "style", "due_date"), on="order", how="left")
        .join(
            cluster["style"].select("style", "name_en", "name_zh", "construction", "category"), on="style", how="left"
        )
    )
    rows = rows.join(paid, on=["lot", "stage"], how="left")
    rank = {name: k for k, name in enumerate(dictionary.choices()["stage"])}
    return rows.sort("start", "lot", pl.col("stage").replace_strict(rank, return_dtype=pl.Int64), nulls_last=True)


def cards_of(rows: pl.DataFrame, language: Language) -> list[dict[str, Any]]:
    """Return offers as cards: one for each lot, its stages within."""
    choices, cards = dictionary.choices(), []
    for (lot,), part in rows.group_by("lot", maintain_order=True):
        first = part.row(0, named=True)
        kind = [choices[c][first[c]].in_(language) for c in ("construction", "category") if first[c]]
        fen = part["fen"].sum() if part["fen"].null_count() == 0 else None
        cards.append(
            {
                **first,
                "lot": lot,
                "kind": " · ".join(kind),
                "said_of": {s: choices["stage"][s].in_(language) for s in part["stage"]},
                "stages": [choices["stage"][s].in_(language) for s in part["stage"]],
                "parts": part.to_dicts(),
                "begins": part["start"].min(),
                "ends": part["end"].max(),
                "fen": fen,
                "said": choices["promise_status"][first["status"]].in_(language),
            }
        )
    return cards


def waiting_of(gate: Gate, cards: list[dict[str, Any]], day: date) -> list[dict[str, Any]]:
    """Return the offers that wait for the firm's answer."""
    answered = set(records.replies(gate.viewer)["lot"])
    return [c for c in cards if c["status"] == "offered" and (c["until"] or day) >= day and c["lot"] not in answered]


def lines_of(gate: Gate, language: Language) -> list[dict[str, Any]]:
    """Return the firm's lines with what it states of them last."""
    statements = gate.own("line_statement").sort("valid_from").unique("line", keep="last")
    rows = gate.own("line").select("line", "stage").join(statements, on="line", how="left").sort("line")
    stages = dictionary.choices()["stage"]
    return [{**r, "stage_said": stages[r["stage"]].in_(language)} for r in rows.iter_rows(named=True)]


def orders_of(gate: Gate) -> View:
    """Return a buyer's orders and what is promised of them."""
    promised = (
        gate.cluster["promise"]
        .filter(pl.col("status").is_in(["offered", "accepted"]))
        .group_by("order")
        .agg(
            offered=pl.col("pairs").filter(pl.col("status") == "offered").sum(),
            accepted=pl.col("pairs").filter(pl.col("status") == "accepted").sum(),
        )
    )
    rows = (
        gate.own("order")
        .join(promised, on="order", how="left")
        .join(gate.cluster["style"].select("style", "construction", "category"), on="style", how="left")
        .with_columns(pl.col("offered", "accepted").fill_null(0))
        .sort("due_date", "order")
    )
    columns = (
        column("order", "id", ("order", "order")),
        column("po", "id", Text("Purchase order", "采购单")),
        column("style", "id", ("order", "style")),
        column("construction", "choice", ("style", "construction"), "construction"),
        column("category", "choice", ("style", "category"), "category"),
        column("pairs", "int", ("order", "pairs")),
        column("accepted", "int", Text("Promised (pairs)", "已承诺双数")),
        column("offered", "int", Text("Being asked (pairs)", "询问中双数")),
        column("due_date", "date", ("order", "due_date")),
    )
    return View("orders", Text("My orders", "我的订单"), columns, rows)


def table_view(table: str, frame: pl.DataFrame) -> View:
    """Return a table of the dictionary as people read it."""
    spec = dictionary.tables()[table]
    kinds: dict[str, Any] = {"fen": "yuan"}
    columns = tuple(column(c.name, kinds.get(c.type, c.type), c.label, c.choice) for c in spec.columns)
    return View(table, spec.label, columns, frame)


def frame_of(request: Any) -> dict[str, Any]:  # noqa: ANN401 (Django carries no types)
    """Return what every page of a firm shows."""
    visit = request.visit
    cluster = world.gate_of(request).rows("firm").filter(firm=visit.viewer.firm)
    name = world.named(cluster, "firm", visit.language).get(visit.viewer.firm, visit.viewer.firm)
    return {"firm_name": name, "today": today()}
