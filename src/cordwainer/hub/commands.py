"""What the operator does at the machine: each function sets Django up first, so that nothing is paid for before."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cordwainer.core import Language, Text, UserError

if TYPE_CHECKING:
    from cordwainer.cluster import Cluster, Plan

AUDIT_COLUMNS = ("seq", "at", "account", "action", "table", "row", "column", "old", "new", "digest")


def set_up() -> None:
    """Set Django up, once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cordwainer.hub.settings")
    import django

    django.setup()


def migrate() -> None:
    """Bring the database up to date: the hub's own tables, then those of the dictionary.

    Raises
    ------
    UserError
        If the database cannot be reached.
    """
    set_up()
    from django.core.management import call_command
    from django.db import OperationalError

    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        said = str(error).strip()
        raise UserError(
            "no-database",
            Text(f"The database cannot be reached: {said}", f"无法连接数据库：{said}"),
            Text(
                "Start it, or look at CORDWAINER_HUB_DATABASE and CORDWAINER_HUB_DIR.",
                "请启动数据库，或检查 CORDWAINER_HUB_DATABASE 与 CORDWAINER_HUB_DIR。",
            ),
        ) from error


def bring_in(cluster: Cluster, plan: Plan | None, note: str) -> tuple[int, int | None]:
    """Put a cluster in place of what the database holds, and a plan of it beside; return version and run.

    Raises
    ------
    DataErrors
        If the cluster breaks a rule.
    UserError
        If the plan is of other data.
    """
    migrate()
    from cordwainer.hub.jobs.planning import keep_run
    from cordwainer.hub.store.versions import commit, head
    from cordwainer.planning import explain_orders
    from cordwainer.referee import judge

    commit(None, "import", note, cluster.frames)
    if plan is None:
        return head(), None
    certified = judge(cluster, plan).certified
    run = keep_run(None, head(), plan, certified=certified, reasons=explain_orders(cluster, plan))
    return head(), run.pk


def take_out() -> Cluster:
    """Return the cluster that the database holds now.

    Raises
    ------
    UserError
        If it holds none.
    """
    migrate()
    from cordwainer.hub.store.versions import head, live

    if not head():
        raise UserError(
            "no-data",
            Text("The hub holds no cluster.", "平台中没有集群数据。"),
            Text("Bring one in with `cordwainer hub import`.", "请用 cordwainer hub import 导入。"),
        )
    return live()


def work() -> None:
    """Do jobs until told to stop."""
    set_up()
    from cordwainer.hub.jobs.worker import work as go_on

    go_on()


def faults_of_audit() -> tuple[int, list[Text]]:
    """Return how many entries the audit has, and what does not fit in it."""
    set_up()
    from cordwainer.hub.audit.verify import faults
    from cordwainer.hub.models import AuditEntry

    return AuditEntry.objects.count(), list(faults())


def export_audit(path: Path) -> int:
    """Write the audit as CSV, all or nothing, and return how many entries it has."""
    set_up()
    from cordwainer.hub.models import AuditEntry
    from cordwainer.tasks import replaced_file

    count = 0
    with replaced_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(AUDIT_COLUMNS)
        for row in AuditEntry.objects.order_by("seq").values_list(*AUDIT_COLUMNS).iterator():
            writer.writerow(row)
            count += 1
    return count


def floor_sheet(sheet: str, path: Path, language: Language) -> int:
    """Write a table of the floor as a workbook, as the planner reads it today, and return how many rows it has.

    Raises
    ------
    UserError
        If there is no such table.
    """
    migrate()
    from cordwainer.exchange import view_for_people
    from cordwainer.hub.access.gate import Gate
    from cordwainer.hub.access.viewer import Viewer
    from cordwainer.hub.pages.floor_views import SHEETS
    from cordwainer.hub.pages.world import named
    from cordwainer.hub.store.versions import live
    from cordwainer.hub.web.texts import text
    from cordwainer.hub.web.visit import today

    if sheet not in SHEETS:
        known = ", ".join(SHEETS)
        raise UserError(
            "no-such-sheet",
            Text(f"There is no table {sheet} of the floor.", f"没有名为 {sheet} 的表。"),
            Text(f"Name one of {known}.", f"可选：{known}。"),
        )
    planner = Viewer("planner")
    names = named(Gate(planner, live()).rows("firm"), "firm", language)
    view = SHEETS[sheet](planner, today(), names, text("the_desk").in_(language))
    view_for_people(view, path, language)
    return view.frame.height


def add_account(login: str, name: str, role: str, firm: str, password: str) -> None:
    """Make an account, or give the one there is another name, role, firm and password.

    Raises
    ------
    UserError
        If there is no such role, the firm does not go with it, or the password is short.
    """
    migrate()
    from cordwainer.hub.acts.accounts import make

    make(login, name, role, firm, password)


def second_factor(login: str) -> tuple[str, str]:
    """Return the secret of an account's second factor and the code of this moment.

    Raises
    ------
    UserError
        If it has none.
    """
    set_up()
    import time

    from cordwainer.hub.models import Account
    from cordwainer.hub.signin.totp import STEP_S, code_at

    account = Account.objects.filter(login=login).first()
    if account is None or not account.totp_secret:
        raise UserError(
            "no-second-factor",
            Text(f"{login} has no second factor yet.", f"{login} 尚未设置第二验证。"),
            Text("It is set up at the first sign-in.", "首次登录时设置。"),
        )
    return account.totp_secret, code_at(account.totp_secret, int(time.time()) // STEP_S)


def demo(seconds: float, today: date) -> Sequence[tuple[str, str, str]]:
    """Fill an empty hub with the sample, its plan and demo accounts, and return login, password and role of those."""
    migrate()
    from cordwainer.hub.acts.sample import fill

    return fill(seconds, today)
