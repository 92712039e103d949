"""A cluster: all its tables, checked, in one immutable value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.cluster.checks import broken
from cordwainer.cluster.findings import raise_if_any
from cordwainer.cluster.hashing import hash_of
from cordwainer.cluster.schema import empty, polars_schema
from cordwainer.core import Text, UserError


@dataclass(frozen=True)
class Cluster:
    """Tables of a cluster by name; every table of the dictionary is there, if only without rows.

    Build one with `Cluster.build`, which checks; the bare constructor trusts its caller.
    """

    frames: Mapping[str, pl.DataFrame]

    @staticmethod
    def build(frames: Mapping[str, pl.DataFrame]) -> Cluster:
        """Return a checked cluster; tables that are not given are empty.

        Raises
        ------
        DataErrors
            If any check finds a problem.
        """
        complete = complete_frames(frames, dictionary.cluster_tables())
        raise_if_any(broken(complete))
        return Cluster(MappingProxyType(complete))

    def __getitem__(self, table: str) -> pl.DataFrame:
        """Return a table by name."""
        return self.frames[table]

    @cached_property
    def hash(self) -> str:
        """SHA-256 over all tables: the same for CSV, Excel and Parquet."""
        return hash_of(dictionary.cluster_tables(), self.frames)

    def policy(self, name: str, key: str = "-") -> float:
        """Return the value of a policy: its row, else the default of the dictionary.

        Raises
        ------
        UserError
            If neither is there.
        """
        row = self["policy"].filter(pl.col("name") == name, pl.col("key") == key)
        if row.height:
            return float(row["value"].item())
        known = dictionary.policies().get((name, key))
        if known is None or known.default is None:
            raise UserError(
                "policy-missing",
                Text(f"Policy {name} / {key} has no value.", f"参数 {name} / {key} 没有数值。"),
                Text("Add a row to table policy.", "请在“参数”表（policy）中添加一行。"),
            )
        return known.default

    def require(self, table: str, id_: str) -> None:
        """Raise if a table with a single key has no such row.

        Raises
        ------
        UserError
            If it has none.
        """
        spec = dictionary.tables()[table]
        if id_ not in self[table][spec.key[0]]:
            raise UserError(
                "unknown-id",
                Text(f'The cluster has no {spec.label.en.lower()} "{id_}".', f"集群中没有{spec.label.zh}“{id_}”。"),
                Text(f"Look it up in table {table}.", f"请在“{spec.label.zh}”表（{table}）中查找。"),
            )

    def replace(self, **frames: pl.DataFrame) -> Cluster:
        """Return a checked cluster in which the given tables stand in place of the old ones."""
        return Cluster.build({**self.frames, **frames})


def complete_frames(frames: Mapping[str, pl.DataFrame], specs: tuple[dictionary.Table, ...]) -> dict[str, pl.DataFrame]:
    """Return all tables of ``specs`` in dictionary order, with their columns in order and null where not given.

    Raises
    ------
    KeyError
        If a table or column is given that the dictionary does not know.
    """
    known = {t.name: t for t in specs}
    strange = sorted(set(frames) - set(known))
    if strange:
        raise KeyError(f"no such table: {', '.join(strange)}")
    complete = {}
    for name in known:
        frame = frames.get(name)
        complete[name] = empty(name) if frame is None else _fitted(name, frame)
    return complete


def _fitted(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    types = polars_schema(name)
    strange = sorted(set(frame.columns) - set(types))
    if strange:
        raise KeyError(f"table {name} has no column {', '.join(strange)}")
    if list(frame.schema.items()) == list(types.items()):
        return frame
    if not frame.width:
        return empty(name)  # of nothing but constants Polars would make one row
    return frame.select(
        (pl.col(c) if c in frame.columns else _default(name, c)).cast(t).alias(c) for c, t in types.items()
    )


def _default(table: str, column: str) -> pl.Expr:
    spec = dictionary.tables()[table].column(column)
    if not spec.default:
        return pl.lit(None)
    if spec.type == "bool":
        return pl.lit(spec.default == "yes")
    return pl.lit(spec.default)
