"""Programs for the test that kills a hub: found a town in its database, and look what is left there."""

import json
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from cordwainer.hub.audit.verify import faults
from cordwainer.hub.models import Account, AuditEntry, Batch, Change, Enquiry, Job, Option, Reply, Run
from cordwainer.hub.store.plans import plan_of
from cordwainer.hub.store.versions import live
from cordwainer.hub.web.visit import ACCOUNT
from tests.unit.hub.desk_world import desk_cluster, found_desk
from tests.unit.hub.worlds import with_rows

MAKERS = ("F00", "F01", "F02", "F03", "F04")
"""Firms whose makers work while the hub is killed: those that are asked before a lot is theirs."""
_WITHOUT_LIMIT = ("quote_limit_hour", "quote_limit_shoe_day", "quote_most_holds")


def found() -> None:
    """Found the town with a brand that may ask as often as it likes, and print who is signed in with which session."""
    rows = [{"name": name, "key": "-", "value": 1e6} for name in _WITHOUT_LIMIT]
    cluster = with_rows(desk_cluster(), policy=rows)
    town = found_desk(datetime.now(UTC).date(), cluster)
    lots = cluster_lots()
    for firm in MAKERS:
        Account.objects.get_or_create(login=firm, defaults={"name": firm, "role": "maker", "firm": firm})
    people = {a.login: _session(a) for a in Account.objects.all()}
    print(json.dumps({"people": people, "run": town.run.pk, "lots": lots}))


def _session(account: Account) -> str:
    session = SessionStore()
    session[ACCOUNT] = account.pk
    session.set_expiry(timedelta(days=1))
    session.save()
    return str(session.session_key)


def cluster_lots() -> dict[str, list[str]]:
    """Return the lots on offer to each of the makers."""
    lines = live()["promise_line"]
    return {f: sorted(set(lines.filter(lines["line"].str.starts_with(f"L{f[1:]}"))["lot"])) for f in MAKERS}


def look() -> None:
    """Print what stands in the database, and whether audit and database are whole."""
    cluster = live()
    checks = ("PRAGMA integrity_check", "PRAGMA foreign_key_check") if connection.vendor == "sqlite" else ()
    said = []
    with connection.cursor() as cursor:
        for check in checks:
            cursor.execute(check)
            said.append(cursor.fetchall())
    told: dict[str, Any] = {
        "faults": [fault.en for fault in faults()],
        "entries": AuditEntry.objects.count(),
        "database": said,
        "replies": [[r.lot, r.firm, r.answer] for r in Reply.objects.all()],
        "promises": dict(cluster["promise"].select("lot", "status").iter_rows()),
        "makers": _makers(),
        "people": dict(
            cluster["line_statement"]
            .sort("valid_from")
            .group_by("line", maintain_order=True)
            .last()
            .select("line", "people")
            .iter_rows()
        ),
        "stated": [
            [e.row, int(e.new or 0)]
            for e in AuditEntry.objects.filter(action="field", table="line_statement", column="people")
            if e.new is not None
        ],
        "enquiries": [e.key for e in Enquiry.objects.all()],
        "options": [[o.offer, o.enquiry.key, o.status] for o in Option.objects.select_related("enquiry")],
        "orders": cluster["order"]["order"].to_list(),
        "lots_of_orders": _accepted_lots(),
        "batches": [[b.name, b.state, b.change] for b in Batch.objects.all()],
        "imports": Counter(Change.objects.filter(kind="import").values_list("note", flat=True)),
        "jobs": [[j.pk, j.kind, j.status, j.tries, j.result] for j in Job.objects.all()],
        "runs": [r.pk for r in Run.objects.all() if plan_of(r.pk)["plan"].height == 1],
    }
    print(json.dumps(told))


def _makers() -> dict[str, list[str]]:
    lines = live()["promise_line"].select("lot", "line")
    found: dict[str, set[str]] = {}
    for lot, line in lines.iter_rows():
        found.setdefault(lot, set()).add("F" + line[1:3])
    return {lot: sorted(firms) for lot, firms in found.items()}


def _accepted_lots() -> dict[str, list[str]]:
    """Return the lots that stand accepted, by order."""
    found: dict[str, list[str]] = {}
    for order, lot in live()["promise"].filter(status="accepted").select("order", "lot").iter_rows():
        found.setdefault(order, []).append(lot)
    return found


if __name__ == "__main__":
    {"found": found, "look": look}[sys.argv[1]]()
