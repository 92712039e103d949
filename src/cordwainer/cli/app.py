"""The program `cordwainer`: its commands, and how it ends."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from cordwainer.cli import check, convert, explain, export, plan, report, sample, show, template, verify, warm
from cordwainer.cli.boundary import BAD_INPUT, Boundary
from cordwainer.cli.language import both, example

_EXIT_CODES = both(
    "Exit codes: 0 done; 1 the plan is not certified; 2 bad input, nothing written; 3 internal error; "
    "130 stopped (planning then writes the best plan so far).",
    "退出码：0 完成；1 计划未通过核验；2 输入有误，未写出任何内容；3 内部错误；"
    "130 被中断（排产时会写出当前最好的计划）。",
)
app = typer.Typer(
    name="cordwainer",
    help=both("Plans a shoe-and-leather cluster as one company.", "把一个鞋革产业集群当作一家企业来排产。"),
    epilog=_EXIT_CODES,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for _command, _example in (
    (sample.sample, "cordwainer sample wenzhou --size S --seed 1"),
    (check.check, "cordwainer check wenzhou"),
    (convert.convert, "cordwainer convert wenzhou wenzhou.xlsx"),
    (template.template, "cordwainer template my-cluster.xlsx --own"),
    (plan.plan, "cordwainer plan wenzhou wenzhou-plan --time 10"),
    (verify.verify, "cordwainer verify wenzhou wenzhou-plan"),
    (show.show, "cordwainer show wenzhou wenzhou-plan load"),
    (explain.explain, "cordwainer explain wenzhou wenzhou-plan order O001"),
    (report.report, "cordwainer report wenzhou wenzhou-plan report.html"),
    (export.export, "cordwainer export wenzhou wenzhou-plan plan.xlsx"),
):
    app.command(help=_command.__doc__, epilog=example(_example))(_command)
app.command(hidden=True)(warm.warm)


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
