"""`cordwainer hub`: the web application, from the operator's side."""

from __future__ import annotations

import getpass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from cordwainer.cli.boundary import NOT_CERTIFIED
from cordwainer.cli.helping import Command, Group
from cordwainer.cli.language import both, example
from cordwainer.cli.loading import cluster_at, plan_at
from cordwainer.cli.options import ClusterPath, FormatName, Json, Lang, OutPath
from cordwainer.cli.outputs import format_for
from cordwainer.cli.screen import Screen
from cordwainer.core import Text

group = typer.Typer(
    cls=Group,
    help=both(
        "The web application in which the firms of a cluster work together. Its data stand in folder hub-data, or where "
        "the variable CORDWAINER_HUB_DIR says.",
        "集群企业共用的网络平台。数据存放在 hub-data 文件夹，或由变量 CORDWAINER_HUB_DIR 指定。",
    ),
    rich_markup_mode=None,
)


def serve(
    host: Annotated[str, typer.Option(help=both("address to listen on", "监听地址"))] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help=both("port", "端口"))] = 8000,
    demo: Annotated[
        bool, typer.Option("--demo", help=both("fill an empty hub with the sample", "空平台则载入样例"))
    ] = False,
    time: Annotated[float, typer.Option(min=1, help=both("seconds for the plan of the sample", "样例排产秒数"))] = 20.0,
    lang: Lang = None,
) -> None:
    """Serve the hub."""
    screen = Screen.of(lang, as_json=False)
    from cordwainer.hub import demo as fill
    from cordwainer.hub import migrate
    from cordwainer.hub import serve as go_on

    migrate()
    if demo:
        screen.note(Text("Preparing the sample …", "正在准备样例 …"))
        _tell_accounts(screen, fill(time, date.today()))  # noqa: DTZ011 (the day at the machine)
    screen.say(
        Text(
            f"Open http://localhost:{port} in a browser; Ctrl-C stops.",
            f"请用浏览器打开 http://localhost:{port}，按 Ctrl-C 停止。",
        )
    )
    raise typer.Exit(go_on(host, port))


def _tell_accounts(screen: Screen, accounts: Any) -> None:  # noqa: ANN401 (rows of texts)
    for login, password, role in accounts:
        if password:
            screen.say(
                Text(f"  {role}: sign in as {login} with {password}", f"  {role}：用户名 {login}，密码 {password}")
            )
        else:
            screen.say(
                Text(
                    f"  {role}: sign in with phone {login}; the code appears here",
                    f"  {role}：用手机号 {login} 登录，验证码会显示在这里",
                )
            )
    if accounts:
        screen.say(
            Text(
                "  second factor of planner and inspector: cordwainer hub code planner",
                "  planner 与 inspector 的第二验证码：cordwainer hub code planner",
            )
        )


def migrate(lang: Lang = None) -> None:
    """Bring the database up to date."""
    from cordwainer.hub import migrate as bring

    bring()
    Screen.of(lang, as_json=False).say(Text("The database is up to date.", "数据库已是最新。"))


def import_(
    cluster: ClusterPath,
    plan: Annotated[Path | None, typer.Option("--plan", help=both("a plan of it", "该集群的计划"))] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Bring a cluster in."""
    screen = Screen.of(lang, as_json)
    found = cluster_at(cluster, screen)
    made = plan_at(plan) if plan else None
    from cordwainer.hub import bring_in

    version, run = bring_in(found, made, str(cluster))
    screen.say(
        Text(f"Version {version} of the data", f"数据版本 {version}")
        if run is None
        else Text(f"Version {version} of the data, run {run}", f"数据版本 {version}，计划 {run}")
    )
    screen.data({"version": version, "run": run, "hash": found.hash})


def export(out: OutPath, format_: FormatName = None, lang: Lang = None, as_json: Json = False) -> None:
    """Write the cluster as the hub holds it now."""
    screen = Screen.of(lang, as_json)
    form = format_for(out, format_)
    from cordwainer.exchange import write_cluster
    from cordwainer.hub import take_out

    found = take_out()
    write_cluster(found, out, form)
    screen.say(Text(f"Written to {out}.", f"已写入 {out}。"))
    screen.data({"out": str(out), "hash": found.hash})


def account(
    login: Annotated[
        str, typer.Argument(metavar="LOGIN", help=both("name, or phone number of a maker", "用户名，或厂家手机号"))
    ],
    role: Annotated[str, typer.Option(help="planner, buyer, maker, supplier, inspector, officer")],
    firm: Annotated[str, typer.Option(help=both("firm that it acts for", "所属企业"))] = "",
    name: Annotated[str, typer.Option(help=both("name of the person", "姓名"))] = "",
    lang: Lang = None,
) -> None:
    """Make an account; the password is asked for."""
    screen = Screen.of(lang, as_json=False)
    password = "" if role == "maker" else getpass.getpass(both("Password: ", "密码："))
    from cordwainer.hub import add_account

    add_account(login, name or login, role, firm, password)
    screen.say(Text(f"Account {login} is ready.", f"账户 {login} 已就绪。"))


def code(
    login: Annotated[str, typer.Argument(metavar="LOGIN", help=both("its name", "用户名"))],
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Show the second factor of an account."""
    screen = Screen.of(lang, as_json)
    from cordwainer.hub import second_factor

    secret, now = second_factor(login)
    screen.say(Text(f"Code now: {now} (secret {secret})", f"当前验证码：{now}（密钥 {secret}）"))
    screen.data({"code": now, "secret": secret})


def verify_audit(lang: Lang = None, as_json: Json = False) -> None:
    """Check the audit."""
    screen = Screen.of(lang, as_json)
    from cordwainer.hub import faults_of_audit

    count, found = faults_of_audit()
    for fault in found:
        screen.say(fault)
    if not found:
        screen.say(Text(f"The audit is whole: {count:,} entries.", f"审计链完整：共 {count:,} 条。"))
    screen.data({"entries": count, "faults": [f.in_(screen.language) for f in found]})
    if found:
        raise typer.Exit(NOT_CERTIFIED)


def audit(out: OutPath, lang: Lang = None) -> None:
    """Write the audit as CSV."""
    from cordwainer.hub import export_audit

    count = export_audit(out)
    Screen.of(lang, as_json=False).say(Text(f"{count:,} entries written to {out}.", f"已将 {count:,} 条写入 {out}。"))


def floor(
    sheet: Annotated[
        str,
        typer.Argument(
            metavar="TABLE",
            help=both(
                "late, progress, handovers, claims or statements", "late、progress、handovers、claims 或 statements"
            ),
        ),
    ],
    out: OutPath,
    lang: Lang = None,
) -> None:
    """Write a table of the floor as a workbook."""
    from cordwainer.hub import floor_sheet

    screen = Screen.of(lang, as_json=False)
    count = floor_sheet(sheet, out, screen.language)
    screen.say(Text(f"{count:,} rows written to {out}.", f"已将 {count:,} 行写入 {out}。"))


def work() -> None:
    """Do jobs until told to stop."""
    from cordwainer.hub import work as go_on

    go_on()


for _name, _command, _help, _example in (
    ("serve", serve, ("serve it in the browser", "启动网页服务"), "serve --demo"),
    ("migrate", migrate, ("bring the database up to date", "升级数据库"), "migrate"),
    (
        "import",
        import_,
        ("bring a cluster in, and a plan of it", "导入集群与计划"),
        "import wenzhou --plan wenzhou-plan",
    ),
    ("export", export, ("write the cluster as it is now", "导出当前集群"), "export wenzhou"),
    ("account", account, ("make an account", "建立账户"), "account planner --role planner"),
    ("code", code, ("the second factor of an account", "查看第二验证码"), "code planner"),
    ("verify-audit", verify_audit, ("check the audit", "核验审计链"), "verify-audit"),
    ("audit", audit, ("write the audit as CSV", "导出审计记录"), "audit audit.csv"),
    (
        "floor",
        floor,
        ("write what is late, handed over, claimed or owed", "导出延误、交接、索赔或对账"),
        "floor statements statements.xlsx",
    ),
    ("work", work, ("do jobs until stopped", "运行后台任务"), "work"),
):
    group.command(_name, cls=Command, help=both(*_help), epilog=example(f"cordwainer hub {_example}"))(_command)
