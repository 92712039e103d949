"""The program `cordwainer`: its commands, and how it ends."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from cordwainer.cli import (
    accept,
    answer,
    check,
    convert,
    explain,
    export,
    hold,
    hub,
    localise,
    next_step,
    offers,
    opportunities,
    phase_out,
    plan,
    programme,
    quote,
    release,
    replan,
    report,
    sample,
    show,
    stress,
    template,
    value,
    verify,
    warm,
)
from cordwainer.cli.assess import assess
from cordwainer.cli.boundary import BAD_INPUT, Boundary
from cordwainer.cli.helping import Command, Group
from cordwainer.cli.language import both, example

_EXIT_CODES = both(
    "Exit codes: 0 done; 1 no: the plan is not certified, nothing fits, or an offer is gone; 2 bad input, nothing written; 3 internal error; "
    "130 stopped (planning then writes the best plan so far).",
    "退出码：0 完成；1 否：计划未通过核验、无可行方案或报价已失效；2 输入有误，未写出任何内容；3 内部错误；"
    "130 被中断（排产时会写出当前最好的计划）。",
)
app = typer.Typer(
    cls=Group,
    name="cordwainer",
    help=both("Plans a shoe-and-leather cluster as one company.", "把一个鞋革产业集群当作一家企业来排产。"),
    epilog=_EXIT_CODES,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for _command, _short, _example in (
    (sample.sample, ("write the Wenzhou sample cluster", "生成温州样例集群"), "sample wenzhou --size S --seed 1"),
    (check.check, ("check the data of a cluster", "检查集群数据"), "check wenzhou"),
    (
        convert.convert,
        ("convert between CSV, Excel and Parquet", "在 CSV、Excel、Parquet 之间转换"),
        "convert wenzhou wenzhou.xlsx",
    ),
    (
        template.template,
        ("write an Excel workbook to fill in", "写出待填的 Excel 模板"),
        "template my-cluster.xlsx --own",
    ),
    (plan.plan, ("plan a cluster, and have the plan certified", "排产并核验"), "plan wenzhou wenzhou-plan --time 10"),
    (
        replan.replan,
        ("plan again after a change: what moved and why", "数据变化后重排，并说明变动与原因"),
        "replan wenzhou wenzhou-plan wenzhou-plan-2 --work 1",
    ),
    (
        stress.stress,
        ("does the plan hold when things go otherwise", "计划经得起变动吗"),
        "stress wenzhou wenzhou-plan --worlds 20",
    ),
    (
        value.value,
        ("what a change would be worth", "评估一个变化的价值"),
        "value wenzhou wenzhou-plan --without-firm F001 --work 0 --pairs 2",
    ),
    (verify.verify, ("certify a plan from the tables alone", "只凭数据表核验计划"), "verify wenzhou wenzhou-plan"),
    (show.show, ("show key figures or one view of a plan", "显示关键指标或某一视图"), "show wenzhou wenzhou-plan load"),
    (
        explain.explain,
        ("say why: an order, a line, a price", "说明原因：订单、产线、影子价格"),
        "explain wenzhou wenzhou-plan order O001",
    ),
    (
        report.report,
        ("write the plan as one page for the browser", "把计划写成一个网页"),
        "report wenzhou wenzhou-plan report.html",
    ),
    (
        export.export,
        ("write the plan as Excel for people", "把计划写成给人看的 Excel"),
        "export wenzhou wenzhou-plan plan.xlsx",
    ),
    (
        quote.quote,
        ("price, date, makers and carbon of a request", "报价：价格、交期、厂家、碳排"),
        "quote wenzhou wenzhou-plan --buyer B001 --style ST024 --pairs 300 --log offers.log",
    ),
    (hold.hold, ("keep the room of an offer", "为报价保留空间"), "hold wenzhou wenzhou-plan offers.log Q000001-1"),
    (
        answer.answer,
        ("write down what a maker answered", "记录厂家答复"),
        "answer wenzhou wenzhou-plan offers.log Q000001-1 --yes",
    ),
    (accept.accept, ("accept an offer", "接受报价"), "accept wenzhou wenzhou-plan offers.log Q000001-1"),
    (release.release, ("let an offer go", "释放报价"), "release wenzhou wenzhou-plan offers.log Q000001-1"),
    (
        offers.offers,
        ("list offers and what became of them", "报价清单与状态"),
        "offers wenzhou wenzhou-plan offers.log",
    ),
    (
        localise.localise,
        ("what would bring orders home", "订单回流分析"),
        "localise wenzhou wenzhou-plan --by cause",
    ),
    (
        opportunities.opportunities,
        ("what upgrade measures would be worth", "升级机会"),
        "opportunities wenzhou wenzhou-plan --rows 10",
    ),
    (
        next_step.next_step,
        ("what a firm should do next", "企业下一步"),
        "next-step wenzhou wenzhou-plan F001",
    ),
    (
        programme.programme,
        ("the best measures under a budget", "预算内的升级方案"),
        "programme wenzhou wenzhou-plan --budget 2000000 --work 0",
    ),
    (
        phase_out.phase_out,
        ("retire, merge or convert backward lines", "落后产能退出"),
        "phase-out wenzhou wenzhou-plan --target lines --amount 2 --work 0 --rounds 2 --tries 1",
    ),
):
    app.command(cls=Command, help=_command.__doc__, short_help=both(*_short), epilog=example(f"cordwainer {_example}"))(
        _command
    )
app.add_typer(assess)
app.command(hidden=True)(warm.warm)
app.add_typer(hub.group, name="hub", short_help=both("the web application", "网络平台"))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    before = sys.argv
    sys.argv = ["cordwainer", *arguments]
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    finally:
        sys.argv = before
    return 0


def main() -> None:
    """Run the program with the arguments it was called with; without any it shows what it can do."""
    given = sys.argv[1:]
    with Boundary():
        code = app(given or ["--help"], prog_name="cordwainer", standalone_mode=False)
        raise SystemExit(code if given else BAD_INPUT)
