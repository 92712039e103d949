"""What the database's own lock lets a viewer read: the gate's rows must be among these, where there is such a lock."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from django.db.models import Q

from cordwainer.cluster.dictionary import Table
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.store.frames import read_keys
from cordwainer.hub.store.versions import holding
from cordwainer.hub.store.viewing import locks_rows, reading_as


@dataclass(frozen=True)
class SecondLock:
    """The lock for a viewer before a version of the cluster and a run (0: none)."""

    viewer: Viewer
    version: int
    run: int

    def let_through(self, spec: Table, shown: pl.DataFrame) -> pl.DataFrame:
        """Return those of the rows shown that the database lets the viewer read too."""
        with reading_as(self.viewer.role, self.viewer.firm, self.viewer.consents, self.version, self.run):
            keys = read_keys(spec.name, Q(run=self.run) if spec.family == "plan" else holding(self.version))
        return shown.join(keys, on=list(spec.key), how="semi", maintain_order="left")


def second_lock(viewer: Viewer, version: int, run: int) -> SecondLock | None:
    """Return the lock of the database; None where it has none."""
    return SecondLock(viewer, version, run) if locks_rows() else None
