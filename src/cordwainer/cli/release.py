"""`cordwainer release`: let an offer go."""

from __future__ import annotations

from typing import Annotated

import typer

from cordwainer.cli.desk import Brand, Buyer, LogPath, OfferId, Today, desk_at, now, show_entry, side_of
from cordwainer.cli.language import both
from cordwainer.cli.options import ClusterPath, Json, Lang, PlanPath


def release(
    cluster: ClusterPath,
    plan: PlanPath,
    log: LogPath,
    offer: OfferId,
    why: Annotated[str, typer.Option(help=both("the reason, as it is to be remembered", "原因，记入日志"))] = "",
    buyer: Buyer = None,
    brand: Brand = False,
    today: Today = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Release an offer."""
    side = side_of(buyer, brand=brand)
    screen, desk = desk_at(cluster, plan, log, today, lang, as_json, brand=brand)
    show_entry(screen, desk, desk.release(offer, now(), why, brand=side), brand=brand)


release.__doc__ = both(
    "Release an offer that was offered, held or accepted: what it used is free again.",
    "释放一个已报价、已保留或已接受的方案：其占用的空间重新可用。",
)
