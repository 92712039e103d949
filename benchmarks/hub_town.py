"""Found the hub that is measured: a sample, planned and published, with accounts of every role that are signed in.

Run as a program in the folder of the hub (CORDWAINER_HUB_DIR): ``python -m benchmarks.hub_town SIZE SECONDS``.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from cordwainer.hub import migrate

migrate()

from django.contrib.sessions.backends.db import SessionStore  # noqa: E402 (only once Django is set up)

from cordwainer.cluster import sample  # noqa: E402
from cordwainer.hub.access.ownership import Ownership  # noqa: E402
from cordwainer.hub.acts.publish import publish  # noqa: E402
from cordwainer.hub.jobs.planning import keep_run  # noqa: E402
from cordwainer.hub.models import Account, Run  # noqa: E402
from cordwainer.hub.store.plans import plan_of  # noqa: E402
from cordwainer.hub.store.versions import commit, head, live  # noqa: E402
from cordwainer.hub.web.visit import ACCOUNT  # noqa: E402
from cordwainer.planning import Settings, explain_orders, plan  # noqa: E402
from cordwainer.referee import judge  # noqa: E402

PEOPLE = {"planner": 4, "buyer": 4, "maker": 8, "supplier": 2, "inspector": 1, "officer": 1}
"""Who is at the pages at once: twenty people."""


def fill(size: str, seconds: float) -> Run:
    """Bring in the sample, plan it and publish the plan."""
    commit(None, "import", f"sample {size}", sample(size, 1).frames)
    cluster = live()
    made = plan(cluster, Settings(time_s=seconds))
    certified = judge(cluster, made).certified
    run = keep_run(None, head(), made, certified=certified, reasons=explain_orders(cluster, made))
    published: Run = publish(None, run, datetime.now(UTC).date())
    return published


def sessions(firms: dict[str, list[str]]) -> list[dict[str, str]]:
    """Make the accounts, sign them in, and return role, firm and session of each."""
    found = []
    for role, count in PEOPLE.items():
        for k in range(count):
            of = firms.get(role, [])
            firm = of[k * len(of) // count] if of else ""
            account, _ = Account.objects.get_or_create(
                login=f"{role}{k}", defaults={"name": f"{role} {k}", "role": role, "firm": firm}
            )
            session = SessionStore()
            session[ACCOUNT] = account.pk
            session.set_expiry(timedelta(days=1))
            session.save()
            found.append({"role": role, "firm": firm, "session": str(session.session_key)})
    return found


def main(size: str, seconds: float) -> dict[str, Any]:
    """Found the hub, and return who is signed in and which pages each role opens."""
    run = fill(size, seconds)
    cluster, made = live(), plan_of(run.pk)
    owners = Ownership(cluster.frames)

    def most(table: str, column: str, of: str) -> list[str]:
        rows = cluster[table].join(owners.owners(of), left_on=column, right_on="key")
        return list(rows.group_by("firm").len().sort("len", "firm", descending=[True, False])["firm"])

    firms = {
        "maker": most("promise_line", "line", "line")[:200],
        "buyer": most("promise", "order", "order")[:20],
        "supplier": cluster["supplier_offer"]["supplier"].unique().sort().to_list(),
    }
    people = sessions(firms)
    makers = [p["firm"] for p in people if p["role"] == "maker"]
    line_of = owners.owners("line").filter(owners.owners("line")["firm"].is_in(makers)).unique("firm")
    lots = cluster["promise_line"].join(line_of, left_on="line", right_on="key").unique("firm")
    orders = made["lot"]["order"].unique().sort().to_list()
    pages = {
        "public": ["/", "/sign-in/"],
        "planner": [
            "/plan/",
            *(f"/plan/{name}/" for name in ("orders", "unmet", "makers", "load", "places", "prices", "outside")),
            "/plan/orders/?sort=-pairs&page=3",
            "/plan/orders/?q=F0",
            f"/plan/order/{quote(orders[0])}/",
            f"/plan/order/{quote(orders[-1])}/",
            *(f"/plan/firm/{quote(firm)}/" for firm in makers[:2]),
            *(f"/plan/line/{quote(line)}/" for line in line_of["key"].to_list()[:2]),
            "/plan/runs/",
            "/plan/changes/",
            "/plan/imports/",
            "/plan/desk/",
            "/plan/assessed/people/",
        ],
        "buyer": ["/firm/", "/firm/enquiries/", "/firm/enquiries/new/", "/firm/data/", "/prices/", "/firm/consents/"],
        "maker": ["/firm/", "/firm/", "/firm/offers/", "/firm/weeks/", "/firm/money/", "/firm/data/", "/prices/"],
        "supplier": ["/firm/data/", "/prices/", "/firm/consents/"],
        "inspector": ["/office/", "/prices/"],
        "officer": ["/office/", "/prices/", "/office/runs/"],
    }
    own = {f: {"line": line, "lot": ""} for line, f in line_of.select("key", "firm").iter_rows()}
    for firm, lot in lots.select("firm", "lot").iter_rows():
        own[firm]["lot"] = lot
    rows = {t: frame.height for t, frame in cluster.frames.items()}
    return {"people": people, "pages": pages, "own": own, "rows": sum(rows.values()), "orders": rows["order"]}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], float(sys.argv[2]))))
