"""`cordwainer answer`: write down what a maker answered."""

from __future__ import annotations

from typing import Annotated

import typer

from cordwainer.cli.desk import LogPath, OfferId, Today, desk_at, now, show_accepted
from cordwainer.cli.language import both
from cordwainer.cli.options import ClusterPath, Json, Lang, PlanPath
from cordwainer.core import Text, UserError

_Firm = Annotated[
    str | None,
    typer.Option(metavar="ID", help=both("the maker (default: all that are asked)", "厂家（默认：全部待答复厂家）")),
]


def answer(
    cluster: ClusterPath,
    plan: PlanPath,
    log: LogPath,
    offer: OfferId,
    yes: Annotated[bool, typer.Option("--yes/--no", help=both("what was answered", "答复结果"))],
    firm: _Firm = None,
    brand: Annotated[
        bool, typer.Option("--brand", help=both("show what the brand may see of it", "只显示品牌可见的内容"))
    ] = False,
    today: Today = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Write down an answer."""
    screen, desk = desk_at(cluster, plan, log, today, lang, as_json, brand=brand)
    if brand:
        from cordwainer.quoting import refuse_inward

        refuse_inward(desk, offer)
    waiting = [e for e in desk.entries(now()) if e.offer.offer == offer]
    firms = [firm] if firm else list(waiting[0].waits_for) if waiting else []
    if not firms or (not yes and len(firms) > 1):
        raise UserError(
            "usage",
            Text(f"Which maker answered for {offer}?", f"{offer} 是哪家厂答复的？"),
            Text("Name it with --firm.", "请用 --firm 指明。"),
        )
    found = [desk.answer(offer, f, now(), yes=yes) for f in firms]
    show_accepted(screen, desk, found[-1], brand=brand)


answer.__doc__ = both(
    "Write down what a maker answered to an indicative offer; on a no, a fresh quote without that maker.",
    "记录厂家对意向报价的答复；若不接，则给出不含该厂的新报价。",
)
