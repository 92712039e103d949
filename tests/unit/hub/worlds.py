"""Worlds for tests of the hub: who lives there, and what each can be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
from django.test import Client

from cordwainer.cluster import Cluster, Plan, complete_frames, dictionary
from cordwainer.hub.acts.publish import publish
from cordwainer.hub.models import Account, Batch, Enquiry, Option, Part, Run
from cordwainer.hub.pages import world
from cordwainer.hub.signin.tokens import make_token
from cordwainer.hub.store.plans import keep_plan
from cordwainer.hub.store.versions import commit, head
from cordwainer.hub.web import visit
from tests.small_plan import small_cluster, small_plan

ROLES: Mapping[str, str] = {
    "planner": "",
    "buyer": "B1",
    "maker": "F00",
    "supplier": "S1",
    "inspector": "",
    "officer": "",
}
"""Roles of accounts with the firm each acts for; each account's name is its role."""
PARTNER, COMPETITOR = "F01", "F05"
"""Firms that share lots with the maker's, and none."""


@dataclass(frozen=True)
class Town:
    """The run that is published, and the accounts by role."""

    run: Run
    accounts: Mapping[str, Account]

    def client(self, role: str, language: str = "en") -> Client:
        """Return a browser in which the account of a role is signed in; ``public`` for nobody."""
        client = Client(HTTP_ACCEPT_LANGUAGE=language)
        client.cookies["language"] = language
        if role != "public":
            session = client.session
            session[visit.ACCOUNT] = self.accounts[role].pk
            session.save()
        return client

    def program(self, role: str) -> Client:
        """Return a program with a token of the account of a role, told in English; ``public`` for one without."""
        headers = {"Accept-Language": "en"}
        if role != "public":
            Account.objects.filter(pk=self.accounts[role].pk).update(language="en")
            headers["Authorization"] = f"Bearer {make_token(self.accounts[role], 'test')}"
        return Client(headers=headers)


def accounts() -> dict[str, Account]:
    """Return one account of each role."""
    return {
        role: Account.objects.get_or_create(login=role, defaults={"name": role, "role": role, "firm": firm})[0]
        for role, firm in ROLES.items()
    }


def plan_for(cluster: Cluster) -> Plan:
    """Return the small plan as made for a cluster."""
    plan = small_plan()
    head_row = plan["plan"].with_columns(cluster_hash=pl.lit(cluster.hash))
    return Plan({**plan.frames, "plan": head_row})


def stocked(cluster: Cluster) -> Cluster:
    """Return a cluster with plenty of each material from the beginning, so that it can be planned beside accepted lots of the small plan."""
    first = small_plan().first_date
    row = {"holder": cluster["site"]["firm"][0], "usable_from": first, "quantity": 1e6}
    types = cluster["stock"].schema
    rows = [{c: (row | {"material": m}).get(c) for c in types} for m in cluster["material"]["material"]]
    return cluster.replace(stock=pl.DataFrame(rows, schema=types))


def publish_small(day: date, cluster: Cluster | None = None) -> Town:
    """Bring in a cluster like the small one, with its plan, publish it on a day, and return who lives there."""
    found = cluster or small_cluster()
    world.forget()
    commit(None, "import", "small", found.frames)
    run = keep_plan(None, head(), plan_for(found), certified=True, note="")
    town = Town(publish(None, run, day), accounts())
    leave_enquiries(day)
    leave_file(town)
    return town


OPTIONS = {"Q1-1": "F00", "Q2-1": PARTNER, "Q3-1": COMPETITOR}
"""Options that wait for a maker: the maker's own, a partner's, a competitor's."""


def leave_enquiries(day: date) -> None:
    """Leave an enquiry of the brand and two of another one, each with an option that a maker is asked for."""
    if Option.objects.exists():
        return
    at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    face = {"best": ["cheapest"], "price": 2250, "currency": "CNY", "ex_factory": "2026-03-22", "carbon_g_pair": None}
    face |= {"kind": "indicative", "target_met": None, "makers": [], "one_off": [], "tool_owner": None}
    face |= {"assumed": ["sizes"], "unknown": ["carbon"]}
    for (offer, firm), buyer in zip(OPTIONS.items(), ("B1", "B2", "B2"), strict=True):
        request = {"request": "E1", "buyer": buyer, "style": "Y1", "pairs": 300}
        asked = Enquiry.objects.create(key=offer, account=1, firm=buyer, at=at, request=request, verdict="pass")
        option = Option.objects.create(
            offer=offer, enquiry=asked, status="offered", since=at, ask_by=at.replace(year=2099), face=face, record={}
        )
        stages = [["cutting", "L00cu", 300, "2026-03-16", "2026-03-22", 24_000]]
        Part.objects.create(option=option, firm=firm, stages=stages)


def leave_file(town: Town) -> None:
    """Leave a file that the planner sent, tried and found good."""
    at = datetime(2026, 3, 1, 4, tzinfo=UTC)
    told = {"counts": [["order", "order.csv", None, 1, 1, 0]], "total": 0, "fits": True, "likes": [], "said": []}
    Batch.objects.create(
        account=town.accounts["planner"].pk,
        name="order.csv",
        at=at,
        state="checked",
        content=b"order,pairs\nO001,1300\n",
        told={**told, "notes": [], "problems": []},
    )


def with_rows(cluster: Cluster, **rows: list[dict[str, Any]]) -> Cluster:
    """Return a cluster with more rows in some tables."""
    frames = {}
    for table, new in rows.items():
        added = complete_frames({table: pl.DataFrame(new, infer_schema_length=None)}, (dictionary.tables()[table],))
        frames[table] = pl.concat([cluster[table], added[table]])
    return cluster.replace(**frames)
