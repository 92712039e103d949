"""Texts of the report that belong to no view."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cordwainer.core import Text

SCARCE = 12
"""How many of each kind of scarce thing the page shows."""

TEXTS: Mapping[str, Text] = MappingProxyType(
    {
        "title": Text("Plan of the cluster", "集群生产计划"),
        "from_to": Text("Period", "计划期"),
        "seed": Text("seed", "随机种子"),
        "certified": Text(
            "Certified: a separate check, made from the tables alone, confirms that this plan can be carried out, "
            "what it is worth, and how far from the best it can at most be.",
            "核验通过：独立核验程序只凭数据表确认本计划可以执行，并确认其价值以及离最优最多差多少。",
        ),
        "not_certified": Text(
            "Not certified: the separate check found broken rules. Do not use this plan.",
            "未通过核验：独立核验发现违反规则之处，请勿使用本计划。",
        ),
        "not_checked": Text("This plan was not checked.", "本计划未经核验。"),
        "worth_note": Text(
            "No plan of this cluster can be worth more than the bound. The net gap is how far from it this plan can at "
            "most be, as a share of what planning can gain at all.",
            "本集群任何计划的贡献额都不会超过上界。净差距是本计划离上界最多还差多少，占排产所能带来收益的比例。",
        ),
        "outcome": Text("What becomes of the pairs ordered", "订购双数的去向"),
        "orders": Text("Orders", "订单"),
        "capacity": Text("Capacity and purchases", "产能与采购"),
        "map": Text("Map by district", "各区县地图"),
        "map_note": Text(
            "Schematic: each tile stands near the centre of its district. Colour: load as a share of regular capacity. "
            "Figures: pairs finished, makers, mean price of a worker-hour.",
            "示意图：方块按区县中心大致排布。颜色表示负荷率；数字为完工双数、厂家数、每工时平均影子价格。",
        ),
        "finished": Text("Pairs finished", "完工双数"),
        "maker": Text("maker", "家"),
        "makers": Text("makers", "家"),
        "pairs": Text("pairs", "双"),
        "load": Text("Load against capacity, with prices", "负荷、产能与影子价格"),
        "load_note": Text(
            "Worker-hours by week. Below each panel: the mean shadow price of an hour, "
            "on one scale for all stages; where it stands at zero, more capacity would earn nothing.",
            "按周的工时。下方为每工时平均影子价格，各工序同一刻度；为零表示再多产能也无收益。",
        ),
        "legend_load": Text("load", "负荷"),
        "legend_overtime": Text("overtime", "加班"),
        "legend_regular": Text("regular capacity", "正常产能"),
        "legend_most": Text("with overtime", "含加班"),
        "legend_price": Text("price, yuan an hour", "影子价格，元/工时"),
        "legend_late": Text("order is late", "订单延期"),
        "legend_on_time": Text("on time", "准时"),
        "gantt": Text("The busiest makers", "最忙的厂家"),
        "unmet": Text("Orders late, outside, declined", "延期、外地、不接的订单"),
        "unmet_none": Text("Every order is made in the cluster, on time.", "所有订单都在本地按时完成。"),
        "prices": Text("What is scarce", "什么最紧缺"),
        "gap": Text("Where the gap lies", "差距构成"),
        "gap_note": Text(
            "In yuan; the parts add up to the distance between bound and contribution. Order regret: what other ways "
            "and other orders could at most add at these prices. Purchase regret: what other purchases could at most save.",
            "单位元；各部分之和等于上界与贡献额之差。订单少赚：按现行影子价格，换一种做法或换一些订单最多还能多赚的钱。"
            "采购多花：换一种采购最多还能省的钱。",
        ),
        "prices_note": Text(
            f"What one more unit is worth to the cluster: the {SCARCE} dearest of each kind.",
            f"多一单位对集群的价值：每类列出最贵的 {SCARCE} 项。",
        ),
        "table": Text("Table: {title} ({count})", "数据表：{title}（{count}）"),
        "print": Text("Print", "打印"),
        "rest": Text(
            "{shown} of {total} rows are shown; `cordwainer show` and `cordwainer export` give them all.",
            "共 {total} 行，显示 {shown} 行；用 cordwainer show 或 cordwainer export 可得全部。",
        ),
        "foot": Text(
            "Made by Cordwainer. This page holds all it shows and asks no server for anything.",
            "由 Cordwainer 生成。本页自带全部内容，不访问任何服务器。",
        ),
    }
)
