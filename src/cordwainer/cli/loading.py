"""Read cluster and plan for a command, and say what was noticed on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cordwainer.cli.screen import Screen
from cordwainer.core import Text

if TYPE_CHECKING:
    from cordwainer.cluster import Cluster, Plan
    from cordwainer.core import Language


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


def opened(cluster: Path, plan: Path, lang: Language | None, as_json: bool) -> tuple[Screen, Cluster, Plan]:
    """Return the screen for the options of a command, and the cluster and the plan that it is about."""
    screen = Screen.of(lang, as_json)
    return screen, cluster_at(cluster, screen), plan_at(plan)


def plan_at(path: Path) -> Plan:
    """Return the plan at a path; errors of the data reach the boundary."""
    from cordwainer.exchange import read_plan

    return read_plan(path).plan
