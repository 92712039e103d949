"""`cordwainer explain`: say why an order, a line or a price is as it is."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cordwainer.cli.language import both
from cordwainer.cli.loading import opened
from cordwainer.cli.options import ClusterPath, Json, Lang, PlanPath
from cordwainer.cli.reasons import reasons
from cordwainer.core import Text


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

    if what == "order":
        view = order_view(found, made, id_)
        why = reasons(found, made).filter(order=id_).to_dicts()
        if why:
            screen.say(Text(why[0]["reason_en"], why[0]["reason_zh"]))
        else:
            screen.say(Text("Made in the cluster, on time.", "在本地按时完成。"))
    else:
        why = []
        view = line_view(found, made, id_) if what == "line" else price_view(found, made, id_)
    screen.view(view)
    screen.data({what: id_, "reasons": why, "rows": view.records()})


explain.__doc__ = both(
    "Explain: who does what of an order and why it is late, outside or declined; the weeks of a line; a price.",
    "解释：一张订单由谁做、为何延期或外发或不接；一条产线的各周情况；一个影子价格。",
)
