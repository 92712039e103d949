"""`cordwainer value`: what a change would be worth to the cluster, as an interval."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cordwainer.cli.language import both
from cordwainer.cli.loading import cluster_at, opened
from cordwainer.cli.options import ClusterPath, Json, Lang, PlanPath
from cordwainer.core import Text, UserError

if TYPE_CHECKING:
    from cordwainer.cli.screen import Screen
    from cordwainer.cluster import Cluster, Plan
    from cordwainer.planning import Value


def _id(en: str, zh: str, metavar: str = "ID") -> Any:  # noqa: ANN401
    return typer.Option(metavar=metavar, help=both(en, zh))


def value(
    cluster: ClusterPath,
    plan: PlanPath,
    without_firm: Annotated[
        str | None, _id("a firm, none of whose lines offer hours any more", "该企业所有产线不再提供工时")
    ] = None,
    without_line: Annotated[str | None, _id("a line that offers no hours any more", "该产线不再提供工时")] = None,
    without_order: Annotated[str | None, _id("an order that is not there", "假设没有该订单")] = None,
    more_capacity: Annotated[
        str | None, _id("a line or firm that offers more hours", "提供更多工时的产线或企业")
    ] = None,
    by: Annotated[
        float,
        typer.Option(
            min=-1,
            max=10,
            help=both("with --more-capacity: share more (-0.1: less)", "配合 --more-capacity：增加比例（-0.1 为减少）"),
        ),
    ] = 0.1,
    certificate: Annotated[
        str | None, _id("a certificate that a firm gets: FIRM:STANDARD", "某企业取得证书：企业:标准", "FIRM:STANDARD")
    ] = None,
    cap: Annotated[
        str | None, _id("another amount of a cap: CAP:AMOUNT", "改变总量上限：上限:数值", "CAP:AMOUNT")
    ] = None,
    tables: Annotated[
        Path | None, typer.Option(help=both("the cluster after any other change", "任何其他变化之后的集群数据"))
    ] = None,
    work: Annotated[int, typer.Option(min=0, help=both("steps of every replan", "每次重排的步数"))] = 3,
    pairs: Annotated[int, typer.Option(min=2, help=both("pairs of replans", "成对重排的次数"))] = 4,
    price_steps: Annotated[
        int, typer.Option(min=0, help=both("steps that improve the prices of both sides", "两侧影子价格各改进若干步"))
    ] = 80,
    seed: Annotated[int, typer.Option(min=0, help=both("first seed", "第一个随机种子"))] = 1,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Value a change."""
    screen, found, made = opened(cluster, plan, lang, as_json)
    from cordwainer.planning import ValueSettings, remember, value_of_change

    changed = cluster_at(tables, screen) if tables is not None else found
    changed = _hours(changed, without_firm, without_line, more_capacity, by)
    changed = _rights(changed, made, without_order, certificate, cap)
    if changed is found:
        raise UserError(
            "no-change",
            Text("No change is given.", "没有给出变化。"),
            Text(
                "Give one, such as --without-firm ID; --help lists them.",
                "请给出一个变化，例如 --without-firm 编号；--help 列出全部。",
            ),
        )
    settings = ValueSettings(work=work, pairs=pairs, price_steps=price_steps, seed=seed)
    _show(screen, value_of_change(remember(found, made), changed, settings))


def _hours(cluster: Cluster, firm: str | None, line: str | None, more: str | None, by: float) -> Cluster:
    from cordwainer.planning import more_hours, without_lines

    if firm is not None:
        cluster.require("firm", firm)
        cluster = without_lines(cluster, firm)
    if line is not None:
        cluster.require("line", line)
        cluster = without_lines(cluster, line)
    return cluster if more is None else more_hours(cluster, more, by)


def _rights(cluster: Cluster, made: Plan, order: str | None, certificate: str | None, cap: str | None) -> Cluster:
    from cordwainer.planning import certified, other_cap, without_order

    if order is not None:
        cluster = without_order(cluster, order)
    if certificate is not None:
        firm, standard = _two("--certificate", certificate)
        cluster = certified(cluster, firm, standard, made.periods[0].start, made.periods[-1].end)
    if cap is not None:
        name, amount = _two("--cap", cap)
        try:
            cluster = other_cap(cluster, name, float(amount))
        except ValueError as error:
            raise _misread("--cap", cap) from error
    return cluster


def _two(option: str, given: str) -> tuple[str, str]:
    first, colon, second = given.partition(":")
    if not (first and colon and second):
        raise _misread(option, given)
    return first, second


def _misread(option: str, given: str) -> UserError:
    return UserError(
        "bad-value",
        Text(f'{option} cannot be "{given}".', f"{option} 不能是“{given}”。"),
        Text("Give two parts with a colon between them, as --help shows.", "请用冒号分隔两部分，写法见 --help。"),
    )


def _show(screen: Screen, found: Value) -> None:
    screen.say(found.told)

    def line(en: str, zh: str, low: float, high: float | None = None) -> None:
        span = f"{low / 100:+,.2f}" if high is None else f"{low / 100:+,.2f} … {high / 100:+,.2f}"
        screen.say(Text(f"  {en}: {span}", f"  {zh}：{span}"))

    line(
        "bounds improved alike on both sides, yuan",
        "两侧同样改进后的上界之差（元）",
        found.bounds - found.within,
        found.bounds + found.within,
    )
    line("pairs of replans, yuan", "成对重排之差（元）", min(found.replans), max(found.replans))
    line("at the plan's prices (first order), yuan", "按影子价格（一阶，元）", found.first_order)
    line("certain, yuan", "确定的范围（元）", found.least, found.most)
    screen.data(
        {
            "low_fen": found.low,
            "high_fen": found.high,
            "too_small_to_tell": found.too_small,
            "first_order_fen": found.first_order,
            "bounds_fen": found.bounds,
            "bounds_within_fen": found.within,
            "replans_fen": list(found.replans),
            "certain_low_fen": found.least,
            "certain_high_fen": found.most,
        }
    )


value.__doc__ = both(
    "Value a change: what the cluster would earn more or less with it, as an interval from re-solved bounds and pairs of replans.",
    "评估一个变化：集群因此多赚或少赚多少；由两侧重新求得的上界与成对重排给出区间。",
)
