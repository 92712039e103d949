"""What the commands of the quoting desk share: cluster, plan and log, the day, and how an answer is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cordwainer.cli.language import both
from cordwainer.cli.loading import opened
from cordwainer.cli.screen import Screen
from cordwainer.core import Text, UserError

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


Brand = Annotated[
    bool, typer.Option("--brand", help=both("what the brand of --buyer may see", "只显示 --buyer 品牌可见的内容"))
]
Buyer = Annotated[
    str | None,
    typer.Option("--buyer", metavar="ID", help=both("the brand, with --brand", "品牌，与 --brand 同用")),
]


def side_of(buyer: str | None, *, brand: bool) -> str | None:
    """Return the brand on whose behalf a command runs, None for the planner.

    Raises
    ------
    UserError
        If only one of both is given.
    """
    if brand != (buyer is not None):
        raise UserError(
            "usage",
            Text("--brand and --buyer go together.", "--brand 须与 --buyer 同用。"),
            Text("Name the brand with --buyer, or leave out both.", "请用 --buyer 指明品牌，或两者都不填。"),
        )
    return buyer


def desk_at(
    cluster: Path,
    plan: Path,
    log: Path | None,
    today: datetime | None,
    lang: Language | None,
    as_json: bool,
    *,
    brand: bool = False,
    back: bool = False,
) -> tuple[Screen, Desk]:
    """Return the screen and the desk that a command is about, and say what a new plan changed of the offers."""
    screen, found, made = opened(cluster, plan, lang, as_json)
    from cordwainer.quoting import changed_text, open_desk

    desk = open_desk(found, made, log, day_of(made, today), now(), back=back)
    if not brand:
        for entry in desk.changed:
            screen.note(changed_text(entry))
    return screen, desk


def told(screen: Screen, desk: Desk, answer: Answer, *, brand: bool) -> dict[str, Any]:
    """Show an answer, and return it as plain values."""
    from cordwainer.quoting import brand_face, nearest_texts, offers_view, planner_face

    if answer.entries:
        screen.view(offers_view(answer.entries, brand=brand))
        if not brand:
            for entry in answer.entries:
                show_all(screen, desk, entry)
    else:
        screen.say(Text(f"Nothing fits {answer.request.request}.", f"{answer.request.request} 无可行方案。"))
    if answer.nearest is not None:
        for text in nearest_texts(answer.nearest, brand=brand):
            screen.say(text)
    return brand_face(desk, answer) if brand else planner_face(desk, answer)


def show_all(screen: Screen, desk: Desk, entry: Entry) -> None:
    """Show all of an offer to the planner."""
    from cordwainer.quoting import offer_texts, offer_views

    for view in offer_views(desk, entry):
        screen.view(view)
    for text in offer_texts(entry):
        screen.say(text)


def show_entry(screen: Screen, desk: Desk, entry: Entry, *, brand: bool) -> None:
    """Show one offer with what became of it."""
    from cordwainer.quoting import brand_entry, offers_view, planner_entry

    screen.view(offers_view([entry], brand=brand))
    screen.data(brand_entry(desk, entry) if brand else planner_entry(desk, entry))


def show_accepted(screen: Screen, desk: Desk, found: Accepted, *, brand: bool) -> None:
    """Show what became of an offer, and the fresh answer where there is one.

    Raises
    ------
    typer.Exit
        If it was let go, with the exit code for that.
    """
    from cordwainer.quoting import brand_entry, planner_entry, why_text

    if found.fresh is None:
        show_entry(screen, desk, found.entry, brand=brand)
        return
    name, why = found.entry.offer.offer, why_text(found.entry.why, found.entry.what, outward=brand)
    screen.say(Text(f"{name} was let go: {why.en}. A fresh quote:", f"{name} 已释放：{why.zh}。新的报价："))
    fresh = told(screen, desk, found.fresh, brand=brand)
    entry = brand_entry(desk, found.entry) if brand else planner_entry(desk, found.entry)
    screen.data({**entry, "fresh": fresh})
    raise typer.Exit(NOTHING_FITS)
