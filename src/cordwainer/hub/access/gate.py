"""The gate: what of a cluster and a plan a viewer may see, cell by cell. Pages read nothing past it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from cordwainer.cluster import Cluster, Plan, dictionary
from cordwainer.cluster.dictionary import Column, Table
from cordwainer.hub.access.ownership import Ownership
from cordwainer.hub.access.reach import Reach, reach
from cordwainer.hub.access.second import SecondLock
from cordwainer.hub.access.viewer import Viewer


@dataclass(frozen=True)
class _Shown(Mapping[str, pl.DataFrame]):
    """Tables as a gate shows them, each made when it is first asked for."""

    gate: Gate
    names: tuple[str, ...]

    def __getitem__(self, table: str) -> pl.DataFrame:
        if table not in self.names:
            raise KeyError(table)
        return self.gate.rows(table)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Gate:
    """A viewer before a cluster, and before a plan of it where there is one; a second lock is that of the database."""

    viewer: Viewer
    whole_cluster: Cluster
    whole_plan: Plan | None = None
    second: SecondLock | None = None

    @cached_property
    def cluster(self) -> Cluster:
        """The cluster as the viewer may see it."""
        return Cluster(_Shown(self, tuple(t.name for t in dictionary.cluster_tables())))

    @cached_property
    def plan(self) -> Plan | None:
        """The plan as the viewer may see it; None where there is none."""
        if self.whole_plan is None:
            return None
        return Plan(_Shown(self, tuple(t.name for t in dictionary.plan_tables())))

    def rows(self, table: str) -> pl.DataFrame:
        """Return the rows of a table whose whole key the viewer may read; other cells that it may not read are null."""
        if table not in self._made:
            self._made[table] = self._rows(table)
        return self._made[table]

    def _rows(self, table: str) -> pl.DataFrame:
        spec = dictionary.tables()[table]
        frame = self._frames[table]
        if self.viewer.role == "planner" and all(reach(self.viewer, c) is Reach.ALL for c in spec.columns):
            return frame
        may = {c.name: self._may(spec, c) for c in spec.columns}
        shown = frame.filter(pl.all_horizontal([may[k] for k in spec.key]))
        if self.second is not None:
            shown = self.second.let_through(spec, shown)
        return shown.with_columns(
            pl.when(may[c.name]).then(pl.col(c.name)).alias(c.name) for c in spec.columns if not c.key
        )

    def own(self, table: str) -> pl.DataFrame:
        """Return those of the rows shown that belong to the viewer's own firm."""
        return self.rows(table).filter(self.ownership.owned(table, frozenset({self.viewer.firm})))

    @cached_property
    def ownership(self) -> Ownership:
        """Whose rows are."""
        return Ownership(self._frames)

    @cached_property
    def _made(self) -> dict[str, pl.DataFrame]:
        return {}

    @cached_property
    def _frames(self) -> Mapping[str, pl.DataFrame]:
        return {**self.whole_cluster.frames, **(self.whole_plan.frames if self.whole_plan else {})}

    def _may(self, spec: Table, column: Column) -> pl.Expr:
        """Return the condition that the viewer may read a column of a row."""
        match reach(self.viewer, column):
            case Reach.ALL:
                return pl.lit(value=True)
            case Reach.OWN:
                return self.ownership.owned(spec.name, frozenset({self.viewer.firm}))
            case Reach.PARTNERS:
                own = self.ownership.owned(spec.name, frozenset({self.viewer.firm}))
                return own | self.ownership.partnered(spec.name, self.viewer.firm)
            case Reach.CONSENTED:
                firms = frozenset(firm for firm, family in self.viewer.consents if family == spec.family)
                return self.ownership.owned(spec.name, firms)
            case Reach.NONE:
                return pl.lit(value=False)
