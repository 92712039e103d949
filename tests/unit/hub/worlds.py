"""Worlds for tests of the hub: who lives there, and what each can be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.test import Client

from cordwainer.cluster import Cluster, Plan, complete_frames, dictionary
from cordwainer.hub.acts.publish import publish
from cordwainer.hub.models import Account, Run
from cordwainer.hub.pages import world
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


def publish_small(day: date, cluster: Cluster | None = None) -> Town:
    """Bring in a cluster like the small one, with its plan, publish it on a day, and return who lives there."""
    found = cluster or small_cluster()
    world.forget()
    commit(None, "import", "small", found.frames)
    run = keep_plan(None, head(), plan_for(found), certified=True, note="")
    return Town(publish(None, run, day), accounts())


def with_rows(cluster: Cluster, **rows: list[dict[str, Any]]) -> Cluster:
    """Return a cluster with more rows in some tables."""
    frames = {}
    for table, new in rows.items():
        added = complete_frames({table: pl.DataFrame(new, infer_schema_length=None)}, (dictionary.tables()[table],))
        frames[table] = pl.concat([cluster[table], added[table]])
    return cluster.replace(**frames)
