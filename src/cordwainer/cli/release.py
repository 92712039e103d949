"""`cordwainer release`: let an offer go."""

from __future__ import annotations

from typing import Annotated

import typer

from cordwainer.cli.desk import LogPath, OfferId, Today, desk_at, now, show_entry
from cordwainer.cli.language import both
from cordwainer.cli.options import ClusterPath, Json, Lang, PlanPath


def release(
    cluster: ClusterPath,
    plan: PlanPath,
    log: LogPath,
    offer: OfferId,
    why: Annotated[str, typer.Option(help=both("the reason, as it is to be remembered", "原因，记入日志"))] = "",
    today: Today = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Release an offer."""
    screen, desk = desk_at(cluster, plan, log, today, lang, as_json)
    show_entry(screen, desk, desk.release(offer, now(), why))


release.__doc__ = both(
    "Release an offer that was offered, held or accepted: what it used is free again.",
    "释放一个已报价、已保留或已接受的方案：其占用的空间重新可用。",
)
