"""The demonstration: sample cluster, its plan, published, one account of each role, and a run of grading that firms may answer."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date

from cordwainer.cluster import sample
from cordwainer.hub.access.assessed import DEFAULT
from cordwainer.hub.access.ownership import Ownership
from cordwainer.hub.acts.accounts import make
from cordwainer.hub.acts.gradings import freeze_run
from cordwainer.hub.acts.publish import publish
from cordwainer.hub.jobs.planning import keep_run
from cordwainer.hub.models.accounts import TWO_FACTOR_ROLES, Account
from cordwainer.hub.signin.totp import new_secret
from cordwainer.hub.store.versions import commit, head, live
from cordwainer.planning import Settings, explain_orders, plan
from cordwainer.referee import judge

PHONE = "13800000001"


def fill(seconds: float, today: date) -> Sequence[tuple[str, str, str]]:
    """Fill an empty hub, and return login, password and role of its accounts; nothing where it holds data already."""
    if head():
        return ()
    commit(None, "import", "sample S", sample("S", 1).frames)
    cluster = live()
    made = plan(cluster, Settings(time_s=seconds))
    certified = judge(cluster, made).certified
    run = keep_run(None, head(), made, certified=certified, reasons=explain_orders(cluster, made))
    if certified:
        publish(None, run, today)
    told = _accounts()
    freeze_run(Account.objects.get(role="officer"), DEFAULT, today)
    return told


def _accounts() -> Sequence[tuple[str, str, str]]:
    """Make one account of each role: buyer and supplier with most to see, and a maker with some offers."""
    told = []
    firms = {"buyer": _by("promise")[0], "maker": _middle(_by("promise_line")), "supplier": _by("supplier_offer")[0]}
    for role in ("planner", "buyer", "supplier", "inspector", "officer"):
        password = secrets.token_urlsafe(9)
        account = make(role, role, role, firms.get(role, ""), password)
        if role in TWO_FACTOR_ROLES:
            Account.objects.filter(pk=account.pk).update(totp_secret=new_secret())
        told.append((role, password, role))
    make(PHONE, "maker", "maker", firms["maker"], "")
    return (*told, (PHONE, "", "maker"))


def _middle(firms: Sequence[str]) -> str:
    return firms[len(firms) // 2]


def _by(table: str) -> list[str]:
    """Return the firms that have rows of a table, the one with most of them first."""
    frames = live().frames
    column, of = {"promise": ("order", "order"), "promise_line": ("line", "line")}.get(table, ("supplier", "firm"))
    if of == "firm":
        counts = frames[table].group_by(firm=column).len()
    else:
        owners = Ownership(frames).owners(of)
        counts = frames[table].join(owners, left_on=column, right_on="key").group_by("firm").len()
    return list(counts.sort("len", "firm", descending=[True, False])["firm"])
