"""Read cluster and plan for a command, and say what was noticed on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cordwainer.cli.screen import Screen
from cordwainer.core import Text

if TYPE_CHECKING:
    from cordwainer.cluster import Cluster, Plan


def cluster_at(path: Path, screen: Screen) -> Cluster:
    """Return the cluster at a path; errors of the data reach the boundary."""
    from cordwainer.exchange import read_cluster

    result = read_cluster(path)
    if result.notes:
        count = len(result.notes)
        screen.note(
            Text(
                f"{count} note(s) while reading {path}; `cordwainer check {path}` shows them.",
                f"读取 {path} 时有 {count} 条提示；用 cordwainer check {path} 查看。",
            )
        )
    return result.cluster


def plan_at(path: Path) -> Plan:
    """Return the plan at a path; errors of the data reach the boundary."""
    from cordwainer.exchange import read_plan

    return read_plan(path).plan
