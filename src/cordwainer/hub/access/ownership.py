"""Whose a row is, and who works with whom: followed along the references that owners.csv and partners.csv name."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import polars as pl

from cordwainer.cluster import dictionary

Frames = Mapping[str, pl.DataFrame]
LIVE = ("offered", "accepted")
"""States of a promise in which its makers and its buyer are partners."""


@cache
def listed(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one of this folder's lists."""
    text = (files("cordwainer.hub.access") / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@dataclass(frozen=True)
class Ownership:
    """Owners and partners of every row of a cluster (and of its plan, where its tables are among the frames)."""

    frames: Frames

    @cached_property
    def _keys(self) -> dict[str, pl.DataFrame]:
        return {}

    def owners(self, table: str) -> pl.DataFrame:
        """Return the owners of the rows of a table with one key: columns key and firm; a row may have several."""
        if table not in self._keys:
            key = dictionary.tables()[table].key[0]
            found = [
                self._by(table, row["column"], row["of"], key) for row in listed("owners") if row["table"] == table
            ]
            none = pl.DataFrame(schema={"key": pl.String, "firm": pl.String})
            self._keys[table] = pl.concat([none, *found]).drop_nulls().unique(maintain_order=True)
        return self._keys[table]

    def _by(self, table: str, column: str, of: str, key: str) -> pl.DataFrame:
        rows = self.frames[table].select(pl.col(key).alias("key"), pl.col(column).alias("via"))
        if of == "firm":
            return rows.select("key", firm="via")
        return rows.join(self.owners(of), left_on="via", right_on="key").select("key", "firm")

    def owned(self, table: str, firms: frozenset[str]) -> pl.Expr:
        """Return the condition that a row of a table belongs to one of the firms."""
        found = pl.lit(value=False)
        for row in listed("owners"):
            if row["table"] != table:
                continue
            if row["of"] == "firm":
                ids = sorted(firms)
            else:
                owners = self.owners(row["of"])
                ids = owners.filter(pl.col("firm").is_in(sorted(firms)))["key"].unique().sort().to_list()
            mine = pl.col(row["column"]).is_in(ids)
            if table == "price":
                mine &= pl.col("kind") == "line"
            found |= mine.fill_null(value=False)
        return found

    def partnered(self, table: str, firm: str) -> pl.Expr:
        """Return the condition that a row of a table is of work which the firm does with its owner."""
        found = pl.lit(value=False)
        for row in listed("partners"):
            if row["table"] == table:
                ids = self._partners(firm)[row["among"]]
                found |= pl.col(row["column"]).is_in(ids).fill_null(value=False)
        return found

    @cached_property
    def _together(self) -> pl.DataFrame:
        """Lot, firm and order of promises on offer or accepted: who has a part in which."""
        promises = self.frames["promise"].filter(pl.col("status").is_in(LIVE)).select("lot", "order")
        doers = (
            self.frames["promise_line"]
            .join(self.owners("line"), left_on="line", right_on="key")
            .select("lot", "firm")
            .unique()
        )
        buyers = promises.join(self.owners("order"), left_on="order", right_on="key").select("lot", "firm")
        return pl.concat([doers, buyers]).join(promises, on="lot")

    def _partners(self, firm: str) -> dict[str, list[str]]:
        """Return lots, orders, styles and firms that a firm works with: of promises on offer or accepted."""
        together = self._together
        lots = together.filter(firm=firm)["lot"].unique().sort().to_list()
        orders = together.filter(pl.col("lot").is_in(lots))["order"].unique().sort().to_list()
        styles = self.frames["order"].filter(pl.col("order").is_in(orders))["style"].unique().sort().to_list()
        firms = together.filter(pl.col("lot").is_in(lots))["firm"].unique().sort().to_list()
        return {"lots": lots, "orders": orders, "styles": styles, "firms": firms}
