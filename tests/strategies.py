"""Random valid clusters and plans for property tests: small, fast, valid by construction, every table family."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import polars as pl
from hypothesis import strategies as st

from cordwainer.cluster import Cluster, Plan, dictionary, polars_schema
from cordwainer.cluster.dictionary import Column, Table

Row = dict[str, Any]
Rows = dict[str, list[Row]]

FIRST = date(2026, 3, 2)
ARCS = (("cutting", "closing"), ("closing", "lasting"), ("sole", "lasting"), ("lasting", "finishing"))
STAGES = tuple(dictionary.choices()["stage"])
_ODD = (
    "鞋厂",
    "=1+1",
    "@x",
    "-5",
    "+8",
    "a,b",
    'q"q',
    "0012",
    "x;y",
    "半 角",
    "_x0041_",
    "１２",
    "yes",
    "2026-03-05",
    "1e5",
)
_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z"), exclude_characters="|\ufffe\uffff")
_WORDS = st.one_of(st.sampled_from(_ODD), st.text(_LETTERS, min_size=1, max_size=8))


class _Maker:
    """Fills rows at random by the dictionary; ``pools`` are the ids that references may name."""

    def __init__(self, random: Random, words: list[str]) -> None:
        self.random, self.words = random, words
        self.pools: dict[tuple[str, str], list[str]] = {}
        for table in dictionary.tables().values():
            if len(table.key) == 1 and table.column(table.key[0]).type == "id":
                name = table.key[0]
                count = random.randint(1, 3)
                self.pools[table.name, name] = [f"{table.name[:4]}{k:03d}{random.choice(words)}" for k in range(count)]

    def day(self, start: int = -30, end: int = 120) -> date:
        """Return a day near the first one."""
        return FIRST + timedelta(days=self.random.randint(start, end))

    def number(self, column: Column, most: int = 1000) -> float:
        """Return a number with no more decimals than the column holds."""
        power: int = 10**column.decimals
        low = int((column.least or 0) * power + 0.999999)
        high = int(min(column.most if column.most is not None else most, most) * power)
        return self.random.randint(low, max(low, high)) / power

    def value(self, column: Column, k: int) -> Any:
        """Return a valid value of a column in row ``k``, null now and then where that is allowed."""
        if column.nullable and self.random.random() < 0.3:
            return None
        if column.references:
            return self.random.choice(self.pools[column.references])
        match column.type:
            case "id":
                own = self.pools.get((column.table, column.name)) if column.key else None
                return own[k % len(own)] if own else f"{self.random.choice(self.words)}{k}"
            case "text":
                return self.random.choice(self.words)
            case "int" | "fen":
                return self.random.randint(int(column.least or 0), int(min(column.most or 5000, 5000)))
            case "number" | "share":
                return self.number(column)
            case "date":
                return self.day()
            case "bool":
                return self.random.random() < 0.5
            case _:
                return self.random.choice(list(dictionary.choices()[column.choice]))

    def rows(self, table: Table, count: int) -> list[Row]:
        """Return rows with distinct keys."""
        made = [{c.name: self.value(c, k) for c in table.columns} for k in range(count)]
        return list({tuple(row[name] for name in table.key): row for row in made}.values())


def _count(maker: _Maker, table: Table) -> int:
    pool = maker.pools.get((table.name, table.key[0])) if len(table.key) == 1 else None
    return len(pool) if pool else maker.random.randint(0, 4)


def _ordered(row: Row, *names: str) -> None:
    """Put the dates of a row in order."""
    given = [name for name in names if row[name] is not None]
    for name, day in zip(given, sorted(row[name] for name in given), strict=True):
        row[name] = day


def _routes(rows: Rows, maker: _Maker) -> list[tuple[str, str]]:
    """Make templates of all five stages for two kinds of shoe, and a routing for some styles; return the kinds."""
    kinds = [("cemented", "casual"), ("vulcanised", "boot")]
    rows["routing_template"] = [
        {
            "construction": a,
            "category": b,
            "stage": s,
            "minutes_per_pair": maker.random.randint(1, 3000) / 100,
            "verified": True,
        }
        for a, b in kinds
        for s in STAGES
    ]
    rows["routing_template_before"] = [
        {"construction": a, "category": b, "stage": s, "after_stage": n} for a, b in kinds for s, n in ARCS
    ]
    rows["routing"], rows["routing_before"] = [], []
    for row in rows["style"]:
        row["construction"], row["category"] = maker.random.choice(kinds)
        if maker.random.random() < 0.5:
            rows["routing"] += [{"style": row["style"], "stage": s, "minutes_per_pair": 2.5} for s in STAGES]
            rows["routing_before"] += [{"style": row["style"], "stage": s, "after_stage": n} for s, n in ARCS]
    for row in rows["bill_template"]:
        row["construction"], row["category"] = kinds[0]
    rows["bill_template"] = list({(r["component"]): r for r in rows["bill_template"]}.values())
    return kinds


def _lines(rows: Rows, maker: _Maker, kinds: list[tuple[str, str]]) -> None:
    """Give every line a statement and something to make."""
    spec = dictionary.tables()
    for name in ("line_statement", "line_makes"):
        rows[name] = maker.rows(spec[name], 2)
        for row in rows["line"]:
            if all(r["line"] != row["line"] for r in rows[name]):
                rows[name].append({**maker.rows(spec[name], 1)[0], "line": row["line"]})
    for row in rows["line_statement"]:
        row["reference_construction"], row["reference_category"] = maker.random.choice(kinds)
        row["accept_pairs"] = 10
        row["valid_until"] = row["valid_until"] and max(row["valid_from"], row["valid_until"])
    for row in rows["line_booked"]:
        row["date_to"] = row["date_from"] + timedelta(days=maker.random.randint(0, 20))


def _trade(rows: Rows, maker: _Maker) -> None:
    """Make sizes add up, dates follow each other, and currencies, caps and curves agree."""
    rows["order_size"] = []
    for row in rows["order"]:
        _ordered(row, "earliest_date", "due_date", "latest_date")
        row["repeat_of"] = None
        part = maker.random.randint(0, row["pairs"])
        if maker.random.random() < 0.7:
            rows["order_size"] += [
                {"order": row["order"], "size": size, "pairs": pairs}
                for size, pairs in (("039", part), ("40", row["pairs"] - part))
            ]
    curves = {row["size_curve"] for row in rows["size_curve"]}
    rows["size_curve"] = [
        {"size_curve": curve, "size": size, "share": share}
        for curve in sorted(curves)
        for size, share in (("39", 0.3333), ("40", 0.6667))
    ]
    rows["policy"] = [
        {"name": "fx", "key": "USD", "value": 7.123456, "verified": False},
        {"name": "fx", "key": "EUR", "value": 7.8, "source": maker.random.choice(maker.words), "verified": True},
        {"name": "stale_share", "key": "-", "value": 0.25, "verified": False},
    ]
    for row in rows["cap"]:
        scope = row["scope"]
        row["of"] = None if scope == "cluster" else maker.random.choice(maker.pools[scope, scope])
        _ordered(row, "date_from", "date_to")


def _supply(rows: Rows, maker: _Maker) -> None:
    rows["price_break"] = [
        {"offer": row["offer"], "from_quantity": at, "price": maker.random.randint(1, 10**6) / 1000}
        for row in rows["supplier_offer"]
        for at in (0.0, 100.5)
    ]


def _promises(rows: Rows, maker: _Maker) -> None:
    """Promise one lot on one line of each stage, where there is one of each."""
    lines = {row["stage"]: row["line"] for row in rows["line"]}
    rows["promise_line"], rows["promise_work"] = [], []
    if set(lines) != set(STAGES):
        rows["promise"] = []
    for row in rows["promise"]:
        for stage in STAGES:
            rows["promise_line"].append({"lot": row["lot"], "stage": stage, "line": lines[stage]})
            rows["promise_work"].append({"lot": row["lot"], "stage": stage, "start_date": FIRST, "pairs": row["pairs"]})


def _frames(rows: Rows) -> dict[str, pl.DataFrame]:
    return {
        name: pl.DataFrame({c: [row.get(c) for row in made] for c in polars_schema(name)}, schema=polars_schema(name))
        for name, made in rows.items()
    }


def cluster_frames(random: Random, words: list[str]) -> dict[str, pl.DataFrame]:
    """Return the tables of a valid cluster that is drawn at random."""
    maker = _Maker(random, words)
    maker.pools["line", "line"] = [f"L{k}" for k in range(5)]
    rows = {t.name: maker.rows(t, _count(maker, t)) for t in dictionary.cluster_tables()}
    for stage, row in zip(STAGES, rows["line"], strict=True):
        row["stage"] = stage
    kinds = _routes(rows, maker)
    _lines(rows, maker, kinds)
    _trade(rows, maker)
    _supply(rows, maker)
    _promises(rows, maker)
    for name in ("certificate", "buyer_approval", "supplier_offer"):
        for row in rows[name]:
            if row["valid_from"] and row["valid_to"]:
                row["valid_to"] = max(row["valid_from"], row["valid_to"])
    for row in rows["firm"]:
        if row["named_from"] and row["named_until"]:
            row["named_until"] = max(row["named_from"], row["named_until"])
    for row in rows["worker_skill"]:
        row["of_which_multi"] = row["workers"]
    return _frames(rows)


def random_cluster(seed: int, *words: str) -> Cluster:
    """Return the valid cluster of a seed; texts are made of ``words``."""
    return Cluster.build(cluster_frames(Random(seed), list(words)))  # noqa: S311


@st.composite
def clusters(draw: Callable[..., Any]) -> Cluster:
    """Draw a valid cluster with every table family, odd texts included."""
    random = draw(st.randoms(use_true_random=False))
    return Cluster.build(cluster_frames(random, draw(st.lists(_WORDS, min_size=1, max_size=4))))


@st.composite
def plans(draw: Callable[..., Any]) -> Plan:
    """Draw a plan whose tables have the form of the dictionary; it need not be one that can be carried out."""
    random = draw(st.randoms(use_true_random=False))
    maker = _Maker(random, draw(st.lists(_WORDS, min_size=1, max_size=4)))
    counts = {"lot": len(maker.pools["lot", "lot"]), "plan": 1, "plan_period": random.randint(1, 4)}
    rows = {t.name: maker.rows(t, counts.get(t.name, random.randint(0, 4))) for t in dictionary.plan_tables()}
    return Plan.build(_frames(rows))
