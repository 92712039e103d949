"""What can be wrong with your own cluster beyond single cells: shoes without minutes, sizes that do not add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import polars as pl

from cordwainer.cluster import dictionary, reference_tables
from cordwainer.core import Problem, Text
from cordwainer.exchange.headers import both, table_named
from cordwainer.exchange.own.specs import OWN_LINES, OWN_MATERIALS, OWN_ORDERS, OWN_TABLES, size_names
from cordwainer.exchange.problems import Place, trouble

Frames = Mapping[str, pl.DataFrame]
_SHOE = ("construction", "category")


def own_faults(frames: Frames) -> Iterator[Problem]:
    """Yield the problems of the three sheets; ``row`` counts from 2 for the first row of a table."""
    yield from _lines(frames[OWN_LINES.name])
    yield from _orders(frames[OWN_ORDERS.name])
    yield from _materials(frames)


def shoe_text(construction: str, category: str) -> Text:
    """Return the name of a kind of shoe."""
    known = dictionary.choices()
    return Text(
        f"{known['construction'][construction].en}, {known['category'][category].en}",
        f"{known['construction'][construction].zh}{known['category'][category].zh}",
    )


def _told(rule: str, sheet: str, index: int, column: str, value: object, other: Text | str = "") -> Problem:
    return trouble(rule, Place("", sheet), row=index + 2, column=column, value=value, other=other)


def _of_shoe(rule: str, sheet: str, index: int, shoe: tuple[str, str], stage: Text | str = "") -> Problem:
    """Return what is wrong with a kind of shoe; the value is as it stands in the drop-down lists."""
    known = dictionary.choices()
    written = f"{both(known['construction'][shoe[0]])} / {both(known['category'][shoe[1]])}"
    place = Place("", sheet)
    return trouble(rule, place, row=index + 2, column="category", value=written, other=stage, limit=shoe_text(*shoe))


def _lines(lines: pl.DataFrame) -> Iterator[Problem]:
    work = set(reference_tables()["routing_template"].select(*_SHOE, "stage").iter_rows())
    for i, row in enumerate(lines.iter_rows(named=True)):
        shoe = (row["construction"], row["category"])
        if (*shoe, row["stage"]) not in work:
            stage = dictionary.choices()["stage"][row["stage"]]
            known = any(entry[:2] == shoe for entry in work)
            yield _of_shoe("own-stage" if known else "own-shoe", OWN_LINES.name, i, shoe, stage)


def _orders(orders: pl.DataFrame) -> Iterator[Problem]:
    shoes = set(reference_tables()["routing_template"].select(_SHOE).iter_rows())
    styles: dict[str, tuple[object, ...]] = {}
    names = size_names()
    for i, row in enumerate(orders.iter_rows(named=True)):
        shoe = (row["construction"], row["category"])
        if shoe not in shoes:
            yield _of_shoe("own-shoe", OWN_ORDERS.name, i, shoe)
        first = styles.setdefault(row["style"], (*shoe, row["tier"]))
        if first != (*shoe, row["tier"]):
            yield _told("own-conflict", OWN_ORDERS.name, i, "style", row["style"], Text("style", "款式"))
        sized = sum(row[name] or 0 for name in names)
        if sized == 0 and row["pairs"] is None:
            yield _told("pairs-missing", OWN_ORDERS.name, i, "pairs", None)
        elif sized and row["pairs"] is not None and sized != row["pairs"]:
            place = Place("", OWN_ORDERS.name)
            yield trouble("sizes-differ", place, row=i + 2, column="pairs", value=row["pairs"], limit=sized)


def _materials(frames: Frames) -> Iterator[Problem]:
    known = material_names()
    seen: set[str] = set()
    for i, name in enumerate(frames[OWN_MATERIALS.name]["material"]):
        material = known.get(name)
        if material is None:
            yield _told("own-material", OWN_MATERIALS.name, i, "material", name)
        elif material in seen:
            yield _told("own-conflict", OWN_MATERIALS.name, i, "material", name, Text("material", "材料"))
        seen.add(material or "")


def own_notes(frames: Frames) -> Iterator[Problem]:
    """Yield what is no fault but has no effect: materials of the list that no ordered shoe needs."""
    known, used = material_names(), set(used_bill(frames)["material"])
    for i, name in enumerate(frames[OWN_MATERIALS.name]["material"]):
        if known[name] not in used:
            yield _told("own-unused", OWN_MATERIALS.name, i, "material", name)


_SAID_AS = {"order": "order_no", "price": "yuan_pair", "fen_pair": "yuan_pair", "late_fen_pair_week": "late_yuan_week"}
"""Columns of the tables that stand under another name on the sheets."""


def headed(found: Problem) -> Problem:
    """Return a problem of one of the three sheets with its column as the sheet's heading has it."""
    spec = table_named(found.sheet, OWN_TABLES) if found.sheet else None
    name = _SAID_AS.get(found.column or "", found.column)
    column = next((c for c in spec.columns if c.name == name), None) if spec else None
    return replace(found, column=both(column.label)) if column else found


def used_bill(frames: Frames) -> pl.DataFrame:
    """Return the bill templates of the kinds of shoe that are ordered."""
    shoes = frames[OWN_ORDERS.name].select(_SHOE).unique()
    return reference_tables()["bill_template"].join(shoes, on=list(_SHOE), how="semi")


@cache
def material_names() -> Mapping[str, str]:
    """Return the material of the list for each accepted writing: id, either name, or id and Chinese name."""
    listed = reference_tables()["bill_template"].select("material").unique()
    table = reference_tables()["material"].join(listed, on="material", how="semi")
    return {
        name: row["material"]
        for row in table.iter_rows(named=True)
        for name in (row["material"], row["name_en"], row["name_zh"], material_choice(row["material"], row["name_zh"]))
        if name
    }


def material_choice(material: str, name_zh: str | None) -> str:
    """Return how a material stands in the drop-down list."""
    return f"{material} {name_zh or ''}".strip()
