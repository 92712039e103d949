"""`cordwainer convert`: write a cluster in another format."""

from __future__ import annotations

from cordwainer.cli.language import both
from cordwainer.cli.loading import cluster_at
from cordwainer.cli.options import ClusterPath, FormatName, Json, Lang, OutPath
from cordwainer.cli.outputs import format_for, refuse_inputs
from cordwainer.cli.screen import Screen
from cordwainer.core import Text


def convert(
    cluster: ClusterPath,
    out: OutPath,
    format_: FormatName = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Write a cluster in another format."""
    screen = Screen.of(lang, as_json)
    form = format_for(out, format_)
    refuse_inputs(out, cluster)
    found = cluster_at(cluster, screen)
    from cordwainer.exchange import write_cluster

    write_cluster(found, out, form)
    screen.say(
        Text(f"Written to {out} ({form}). Hash {found.hash[:16]}.", f"已写入 {out}（{form}）。哈希 {found.hash[:16]}。")
    )
    screen.data({"out": str(out), "format": form, "hash": found.hash})


convert.__doc__ = both(
    "Convert a cluster between a folder of CSV, a folder of Parquet and an Excel workbook.",
    "在 CSV 文件夹、Parquet 文件夹与 Excel 工作簿之间转换集群数据。",
)
