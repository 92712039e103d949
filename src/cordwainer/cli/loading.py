"""Read cluster and plan for a command, and say what was noticed on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cordwainer.cli.screen import Screen
from cordwainer.core import Text, UserError

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
    """Return the screen for the options of a command, and the cluster and the plan that it is about.

    Raises
    ------
    UserError
        If the plan was made of other data: names and figures of two clusters would be mixed.
    """
    screen = Screen.of(lang, as_json)
    found, made = cluster_at(cluster, screen), plan_at(plan)
    if made.head["cluster_hash"] != found.hash:
        raise UserError(
            "plan-of-other-data",
            Text(
                f"{plan} was not made of the data that now stand in {cluster}.",
                f"{plan} 不是依据 {cluster} 现有的数据排出的。",
            ),
            Text(
                "Give the cluster as it was when it was planned, or plan anew with `cordwainer plan`.",
                "请给出排产时所用的集群数据，或用 cordwainer plan 重新排产。",
            ),
        )
    return screen, found, made


def plan_at(path: Path) -> Plan:
    """Return the plan at a path; errors of the data reach the boundary."""
    from cordwainer.exchange import read_plan

    return read_plan(path).plan
