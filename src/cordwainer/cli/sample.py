"""`cordwainer sample`: write the sample cluster of Wenzhou."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cordwainer.cli.language import both
from cordwainer.cli.options import FormatName, Json, Lang, OutPath
from cordwainer.cli.outputs import format_for
from cordwainer.cli.screen import Screen
from cordwainer.core import Text


def sample(
    out: OutPath,
    size: Annotated[
        Literal["S", "M", "L"],
        typer.Option(
            help=both(
                "S 60 firms, 150 orders; M 300, 2,300; L 2,633, 20,000",
                "S：60 家企业 150 张订单；M：300 家 2,300 张；L：2,633 家 20,000 张",
            )
        ),
    ] = "S",
    seed: Annotated[int, typer.Option(min=0, help=both("seed of the random numbers", "随机种子"))] = 1,
    format_: FormatName = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Write the sample cluster."""
    screen = Screen.of(lang, as_json)
    form = format_for(out, format_)
    from cordwainer.cluster import sample as make
    from cordwainer.exchange import write_cluster

    cluster = make(size, seed)
    write_cluster(cluster, out, form)
    firms = cluster["site"]["firm"].n_unique()
    lines, orders = cluster["line"].height, cluster["order"].height
    screen.say(
        Text(
            f"Sample {size}: {firms:,} firms with sites, {lines:,} lines, {orders:,} orders, written to {out}.",
            f"样例 {size}：{firms:,} 家有厂区的企业、{lines:,} 条产线、{orders:,} 张订单，已写入 {out}。",
        )
    )
    screen.data({"out": str(out), "hash": cluster.hash, "firms": firms, "lines": lines, "orders": orders})


sample.__doc__ = both("Write the Wenzhou sample cluster.", "生成温州样例集群。")
