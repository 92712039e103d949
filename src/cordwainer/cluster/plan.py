"""A plan as tables: decisions, prices and what is derived from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.cluster.checks import broken_tables
from cordwainer.cluster.cluster import complete_frames
from cordwainer.cluster.findings import raise_if_any
from cordwainer.cluster.hashing import hash_of
from cordwainer.core import Period, Text, UserError

DECISIONS = ("lot", "lot_line", "work", "purchase", "outside_order", "outcome", "price")
DERIVED = ("order_plan", "line_period", "carry", "bound_part")


@dataclass(frozen=True)
class Plan:
    """Tables of a plan by name; every plan table of the dictionary is there."""

    frames: Mapping[str, pl.DataFrame]

    @staticmethod
    def build(frames: Mapping[str, pl.DataFrame]) -> Plan:
        """Return a plan whose tables have the columns, types, ranges and keys of the dictionary.

        Whether it can be carried out is for the referee to say.

        Raises
        ------
        DataErrors
            If a table does not have the form that the dictionary asks for.
        """
        complete = complete_frames(frames, dictionary.plan_tables())
        raise_if_any(broken_tables(complete, dictionary.plan_tables()))
        return Plan(MappingProxyType(complete))

    def __getitem__(self, table: str) -> pl.DataFrame:
        """Return a table by name."""
        return self.frames[table]

    @cached_property
    def hash(self) -> str:
        """SHA-256 over the periods and all that is decided: the same for CSV, Excel and Parquet."""
        decided = {"plan_period", *DECISIONS}
        return hash_of([t for t in dictionary.plan_tables() if t.name in decided], self.frames)

    @property
    def head(self) -> dict[str, Any]:
        """The one row of table ``plan``."""
        return self["plan"].row(0, named=True)

    @property
    def first_date(self) -> date:
        """First day of the plan."""
        day: date = self.head["first_date"]
        return day

    @property
    def periods(self) -> tuple[Period, ...]:
        """Periods of the plan in order."""
        rows = self["plan_period"].sort("period").iter_rows(named=True)
        return tuple(Period(r["start_date"], r["days"]) for r in rows)

    def prices_of(self, id_: str) -> pl.DataFrame:
        """Return the rows of table ``price`` that price one thing: line, material, cap, outside maker, skill or tool.

        Raises
        ------
        UserError
            If nothing of that id has a price.
        """
        rows = self["price"].filter((pl.col("id") == id_) & (pl.col("mfen") > 0))
        if rows.is_empty():
            raise UserError(
                "no-price",
                Text(f'Nothing with the id "{id_}" has a price in this plan.', f"本计划中“{id_}”没有影子价格。"),
                Text(
                    "What has none is not scarce; `show prices` lists what has.",
                    "没有价格即不紧缺；show prices 列出有价的。",
                ),
            )
        return rows

    @property
    def faults(self) -> Text | None:
        """What to tell of solvers that failed while the plan was made; None where none did, or nothing is known of it."""
        head = self.head
        count = head["solver_faults"]
        if not count:
            return None
        return Text(
            f"A solver failed {count:,} time(s) while this plan was made. The part of the plan that it was asked about stayed as it was; "
            f"plan and bound hold. The first time: {head['fault_en'] or '?'}",
            f"排产过程中求解器出错 {count:,} 次。所涉部分保持原样，计划与上界仍然有效。首次：{head['fault_zh'] or '？'}",
        )

    @property
    def gap(self) -> float:
        """(B - Z) / max(|B|, 1 yuan)."""
        head = self.head
        return float((head["bound_fen"] - head["contribution_fen"]) / max(abs(head["bound_fen"]), 100))

    @property
    def net_gap(self) -> float:
        """(B - Z) / max(B - Z0, 1 yuan)."""
        head = self.head
        return float(
            (head["bound_fen"] - head["contribution_fen"]) / max(head["bound_fen"] - head["without_lots_fen"], 100)
        )
