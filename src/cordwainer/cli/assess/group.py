"""The commands of `cordwainer assess`, with their examples."""

from __future__ import annotations

import typer

from cordwainer.cli.assess.firm import firm
from cordwainer.cli.assess.grade import backward, grade
from cordwainer.cli.assess.look_alikes import look_alikes
from cordwainer.cli.assess.market import chain, people, product, structure
from cordwainer.cli.assess.report import report
from cordwainer.cli.assess.resilience import resilience
from cordwainer.cli.assess.run import run
from cordwainer.cli.helping import Command, Group
from cordwainer.cli.language import both, example

COMMANDS = (
    ("grade", grade, ("grades by a scheme", "按办法分档"), "wenzhou --scheme wenling-parks-2022"),
    ("run", run, ("confirm, object, correct, sign a run", "确认、异议、更正、签发"), "run.json --confirm F001"),
    ("backward", backward, ("backward capacity by rule", "落后产能"), "wenzhou"),
    ("structure", structure, ("concentration and specialisation", "产业结构"), "wenzhou"),
    ("look-alikes", look_alikes, ("styles that look alike", "同质化款式"), "wenzhou --style ST001"),
    ("chain", chain, ("where the value is made", "价值链"), "wenzhou wenzhou-plan"),
    ("product", product, ("price band and age of styles", "价格带与款式年龄"), "wenzhou"),
    ("people", people, ("skills and wages", "技能与工价"), "wenzhou wenzhou-plan"),
    (
        "resilience",
        resilience,
        ("what is lost if a node fails", "节点失效的损失"),
        "wenzhou wenzhou-plan --worst 10",
    ),
    ("report", report, ("the whole as a page or workbook", "整份评价的网页或工作簿"), "wenzhou assessment.html"),
    ("firm", firm, ("one page for an owner", "企业一页"), "wenzhou F001"),
)

assess = typer.Typer(
    cls=Group,
    name="assess",
    help=both("Assess the firms of a cluster.", "评价集群中的企业。"),
    short_help=both("grades, backward capacity, structure, look-alikes", "分档、落后产能、结构、同质化"),
    epilog=example("cordwainer assess grade wenzhou"),
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)
for _name, _command, _short, _example in COMMANDS:
    assess.command(
        _name,
        cls=Command,
        help=_command.__doc__,
        short_help=both(*_short),
        epilog=example(f"cordwainer assess {_name} {_example}"),
    )(_command)
