"""`cordwainer assess firm`: one page for an owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cordwainer.cli.assess.shared import DEFAULT, SchemeName, Year, evaluation
from cordwainer.cli.language import both
from cordwainer.cli.loading import cluster_at
from cordwainer.cli.options import ClusterPath, Json, Lang, Out
from cordwainer.cli.outputs import refuse_out, written
from cordwainer.cli.screen import Screen
from cordwainer.core import Text

if TYPE_CHECKING:
    from cordwainer.assessment import FirmPage
    from cordwainer.cluster import Cluster


def firm(
    cluster: ClusterPath,
    firm_: Annotated[str, typer.Argument(metavar="FIRM", help=both("firm, group or parcel", "企业、集团或地块"))],
    scheme: SchemeName = DEFAULT,
    year: Year = None,
    out: Out = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Show one firm."""
    refuse_out(out, cluster)
    screen = Screen.of(lang, as_json)
    found = cluster_at(cluster, screen)
    from cordwainer.assessment import firm_page, number_view, step_view

    made, wanted = evaluation(found, scheme, year)
    page = firm_page(made, firm_, wanted)
    screen.say(_name(found, page.unit))
    for line in _told(page):
        screen.say(line)
    numbers = number_view(page)
    screen.view(numbers)
    if page.up is not None:
        screen.view(step_view(page))
    written(screen, numbers, out)
    screen.data(page.record())


def _name(cluster: Cluster, unit: str) -> Text:
    """Return the name of a unit; a group or parcel stands for itself."""
    names = cluster["firm"].filter(firm=unit).select("name_en", "name_zh").rows()
    en, zh = names[0] if names else (None, None)
    return Text(en or zh or unit, zh or en or unit)


def _told(page: FirmPage) -> list[Text]:
    from cordwainer.assessment import OUTCOME_WORDS, indicator_label

    outcome = OUTCOME_WORDS[page.outcome]
    score = "–" if page.score is None else f"{page.score:.2f}"
    told = [
        Text(
            f"{page.unit}, {page.year}: grade {page.grade or '–'}, score {score} ({outcome.en}).",
            f"{page.unit}，{page.year}：{page.grade or '–'} 档，得分 {score}（{outcome.zh}）。",
        )
    ]
    if page.rank is not None:
        told.append(Text(f"Rank {page.rank} of {page.of}.", f"第 {page.rank} 名，共 {page.of} 家。"))
    if page.why is not None:
        told.append(page.why)
    told.append(
        Text(
            "Grades: " + ", ".join(f"{y} {g or '–'}" for y, g in page.history) + ".",
            "历年档次：" + "，".join(f"{y} {g or '–'}" for y, g in page.history) + "。",
        )
    )
    for title, fen in page.consequences:
        amount = "–" if fen is None else f"{abs(fen) / 100:,.2f}"
        way = Text("saves", "省") if fen is not None and fen < 0 else Text("costs", "多付")
        told.append(Text(f"{title.en}: {way.en} {amount} yuan a year.", f"{title.zh}：每年{way.zh} {amount} 元。"))
    if page.up is not None and page.fen is not None and page.fen_up is not None and page.fen != page.fen_up:
        more = f"{(page.fen - page.fen_up) / 100:,.2f}"
        told.append(
            Text(
                f"Grade {page.up.grade} would save {more} yuan more a year.",
                f"升到 {page.up.grade} 档，每年可再省 {more} 元。",
            )
        )
    for what, numbers in ((Text("Strongest", "强项"), page.strongest), (Text("Weakest", "弱项"), page.weakest)):
        if numbers:
            labels = [indicator_label(n.indicator) for n in numbers]
            told.append(
                Text(
                    f"{what.en}: {', '.join(t.en for t in labels)}.", f"{what.zh}：{'、'.join(t.zh for t in labels)}。"
                )
            )
    return told


firm.__doc__ = both(
    "One page for a firm: grade, its numbers beside like firms without names, what it costs a year, what one grade up needs.",
    "企业一页：档次、与匿名同类企业的对比、年增支、提升一档所需。",
)
