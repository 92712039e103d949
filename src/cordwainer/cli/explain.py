"""`cordwainer explain`: say why an order, a line or a price is as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cordwainer.cli.language import both
from cordwainer.cli.loading import opened
from cordwainer.cli.options import ClusterPath, Json, Lang, PlanPath
from cordwainer.core import Text

if TYPE_CHECKING:
    from cordwainer.core import Language
    from cordwainer.planning import Explanation


def explain(
    cluster: ClusterPath,
    plan: PlanPath,
    what: Annotated[Literal["order", "line", "price"], typer.Argument(help=both("what to explain", "解释什么"))],
    id_: Annotated[str, typer.Argument(metavar="ID", help=both("its id", "编号"))],
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Explain a plan."""
    screen, found, made = opened(cluster, plan, lang, as_json)
    from cordwainer.exchange import line_view, order_view, price_view
    from cordwainer.planning import explain_line, explain_order, explain_price

    view = {"order": order_view, "line": line_view, "price": price_view}[what](found, made, id_)
    told = {"order": explain_order, "line": explain_line, "price": explain_price}[what](found, made, id_)
    screen.say(told.why)
    if told.limits and what == "order":
        screen.say(Text("What is scarce on the cheapest way to make it:", "最省的做法所占用的紧缺资源："))
    for limit in told.limits:
        screen.say(Text(f"  - {limit.en}", f"  - {limit.zh}"))
    if told.remedy:
        screen.say(told.remedy)
    screen.view(view)
    screen.data({what: id_, **_record(told, screen.language), "rows": view.records()})


def _record(told: Explanation, language: Language) -> dict[str, Any]:
    return {
        "why": told.why.in_(language),
        "limits": [limit.in_(language) for limit in told.limits],
        "remedy": told.remedy.in_(language) if told.remedy else None,
    }


explain.__doc__ = both(
    "Explain: who does what of an order, why it is late, outside or declined and what would change that; how full a line "
    "is and who waits for it; what a price comes from.",
    "解释：一张订单由谁做、为何延期或外发或不接、怎样才能做；一条产线有多满、谁在等它；一个影子价格的来由。",
)
