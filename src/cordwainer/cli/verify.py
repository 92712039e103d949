"""`cordwainer verify`: have the referee judge a plan."""

from __future__ import annotations

from cordwainer.cli.language import both
from cordwainer.cli.loading import cluster_at, plan_at
from cordwainer.cli.options import ClusterPath, Json, Lang, PlanPath
from cordwainer.cli.screen import Screen
from cordwainer.cli.verdict import tell


def verify(cluster: ClusterPath, plan: PlanPath, lang: Lang = None, as_json: Json = False) -> None:
    """Verify a plan."""
    screen = Screen.of(lang, as_json)
    found, made = cluster_at(cluster, screen), plan_at(plan)
    from cordwainer.referee import judge

    tell(screen, judge(found, made), made)


verify.__doc__ = both(
    "Verify a plan from the tables alone: can it be carried out, what is it worth, how far from the best can it be.",
    "只凭数据表核验计划：能否执行、价值多少、离最优最多差多少。",
)
