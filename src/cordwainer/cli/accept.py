"""`cordwainer accept`: accept an offer, if its room is still there."""

from __future__ import annotations

from cordwainer.cli.desk import Brand, Buyer, LogPath, OfferId, Today, desk_at, now, show_accepted, side_of
from cordwainer.cli.language import both
from cordwainer.cli.options import ClusterPath, Json, Lang, PlanPath


def accept(
    cluster: ClusterPath,
    plan: PlanPath,
    log: LogPath,
    offer: OfferId,
    buyer: Buyer = None,
    brand: Brand = False,
    today: Today = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Accept an offer."""
    side = side_of(buyer, brand=brand)
    screen, desk = desk_at(cluster, plan, log, today, lang, as_json, brand=brand)
    show_accepted(screen, desk, desk.accept(offer, now(), brand=side), brand=brand)


accept.__doc__ = both(
    "Accept an offer: checked again, then written down for good; where its room is gone, a fresh quote instead.",
    "接受一个报价：再次检查后正式记录；若空间已被占用，则给出新的报价。",
)
