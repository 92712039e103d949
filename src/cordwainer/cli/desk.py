"""What the commands of the quoting desk share: cluster, plan and log, the day, and how an answer is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cordwainer.cli.language import both
from cordwainer.cli.loading import opened
from cordwainer.cli.screen import Screen
from cordwainer.core import Text

if TYPE_CHECKING:
    from cordwainer.cluster import Plan
    from cordwainer.core import Language
    from cordwainer.quoting import Accepted, Answer, Desk, Entry

NOTHING_FITS = 1
"""Exit code where the answer is no: nothing fits, or the room of an offer is gone."""

LogPath = Annotated[
    Path,
    typer.Argument(
        metavar="LOG",
        help=both("the log of offers, as `cordwainer quote --log` keeps it", "报价日志，由 quote --log 记录"),
    ),
]
OfferId = Annotated[str, typer.Argument(metavar="OFFER", help=both("id of the offer", "报价编号"))]
Today = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help=both(
            "no work and no purchase before this day (default: today where the plan covers it, else its first day)",
            "此日之前不开工、不采购（默认：计划覆盖今天时为今天，否则为计划首日）",
        ),
    ),
]


def now() -> datetime:
    """Return the moment of the call."""
    return datetime.now(UTC)


def day_of(plan: Plan, today: datetime | None) -> date:
    """Return the day from which work may begin."""
    if today is not None:
        return today.date()
    day = now().date()
    return day if plan.first_date <= day <= plan.periods[-1].end else plan.first_date


def desk_at(
    cluster: Path, plan: Path, log: Path, today: datetime | None, lang: Language | None, as_json: bool
) -> tuple[Screen, Desk]:
    """Return the screen and the desk that a command is about."""
    screen, found, made = opened(cluster, plan, lang, as_json)
    from cordwainer.quoting import Desk

    return screen, Desk.open(found, made, log, day_of(made, today))


def told(screen: Screen, desk: Desk, answer: Answer, *, brand: bool) -> dict[str, Any]:
    """Show an answer, and return it as plain values."""
    from cordwainer.quoting import (
        brand_face,
        build_up_view,
        limit_text,
        offers_view,
        planner_face,
        route_view,
        way_text,
    )

    if answer.entries:
        screen.view(offers_view(answer.entries, brand=brand))
        if not brand:
            for entry in answer.entries:
                screen.view(build_up_view(entry))
                screen.view(route_view(entry))
    else:
        screen.say(Text(f"Nothing fits {answer.request.request}.", f"{answer.request.request} 无可行方案。"))
    if answer.nearest is not None:
        for limit in () if brand else answer.nearest.limits:
            screen.say(limit_text(limit))
        for way in answer.nearest.ways:
            screen.say(way_text(way))
    return brand_face(desk, answer) if brand else planner_face(desk, answer)


def show_entry(screen: Screen, desk: Desk, entry: Entry) -> None:
    """Show one offer with what became of it."""
    from cordwainer.quoting import offers_view, planner_entry

    screen.view(offers_view([entry]))
    screen.data(planner_entry(desk, entry))


def show_accepted(screen: Screen, desk: Desk, found: Accepted) -> None:
    """Show what became of an offer, and the fresh answer where there is one.

    Raises
    ------
    typer.Exit
        If it was let go, with the exit code for that.
    """
    from cordwainer.quoting import planner_entry

    if found.fresh is None:
        show_entry(screen, desk, found.entry)
        return
    name, why = found.entry.offer.offer, found.entry.why
    screen.say(Text(f"{name} was let go ({why}); a fresh quote:", f"{name} 已释放（{why}）；新的报价："))
    fresh = told(screen, desk, found.fresh, brand=False)
    screen.data({**planner_entry(desk, found.entry), "fresh": fresh})
    raise typer.Exit(NOTHING_FITS)
