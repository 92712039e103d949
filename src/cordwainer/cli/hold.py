"""`cordwainer hold`: keep the room of an offer for some hours."""

from __future__ import annotations

from typing import Annotated

import typer

from cordwainer.cli.desk import Brand, Buyer, LogPath, OfferId, Today, desk_at, now, show_entry, side_of
from cordwainer.cli.language import both
from cordwainer.cli.options import ClusterPath, Json, Lang, PlanPath


def hold(
    cluster: ClusterPath,
    plan: PlanPath,
    log: LogPath,
    offer: OfferId,
    hours: Annotated[
        float | None,
        typer.Option(min=0.01, help=both("for so many hours (default: policy)", "保留小时数（默认取参数）")),
    ] = None,
    buyer: Buyer = None,
    brand: Brand = False,
    today: Today = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Hold an offer."""
    side = side_of(buyer, brand=brand)
    screen, desk = desk_at(cluster, plan, log, today, lang, as_json, brand=brand)
    show_entry(screen, desk, desk.hold(offer, now(), hours, brand=side), brand=brand)


hold.__doc__ = both(
    "Hold an offer: its minutes, materials, tools and permits are kept until the hold ends.",
    "保留一个报价：在保留期内为其留出工时、材料、工装与额度。",
)
