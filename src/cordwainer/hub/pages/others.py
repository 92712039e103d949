"""The pages of the public, of all who are signed in, and of the offices; and the signed link to an offer."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import Http404
from django.shortcuts import redirect

from cordwainer.cluster import dictionary
from cordwainer.core import Text
from cordwainer.exchange import View, column
from cordwainer.hub.access import records
from cordwainer.hub.access.viewer import FIRMS, OFFICES, ROLES
from cordwainer.hub.acts.consent import FAMILIES
from cordwainer.hub.models import Account
from cordwainer.hub.pages import world
from cordwainer.hub.pages.accounts import address_of
from cordwainer.hub.pages.firm_parts import table_view
from cordwainer.hub.signin.limits import count
from cordwainer.hub.signin.links import LASTS, opened
from cordwainer.hub.store.plans import published
from cordwainer.hub.web.listing import Listing
from cordwainer.hub.web.page import page, shown
from cordwainer.hub.web.visit import OFFER, today


@page(*ROLES)
def home(request: Any) -> Any:  # noqa: ANN401 (Django carries no types)
    """Show to anybody what the cluster is: firms by role and district."""
    gate = world.gate_of(request)
    language = request.visit.language
    firms, roles = gate.rows("firm"), gate.rows("firm_role")
    districts = gate.rows("district")
    by_district = (
        firms.drop_nulls("district")
        .group_by("district")
        .agg(firms=pl.len())
        .join(districts, on="district")
        .sort("firms", "district", descending=[True, False])
    )
    columns = (column("name", "both", ("firm", "district")), column("firms", "int", Text("Firms", "企业数")))
    said = dictionary.choices()["role"]
    counts = [
        (said[r].in_(language), n)
        for r, n in roles.group_by("role").len().sort("len", "role", descending=[True, False]).iter_rows()
    ]
    return shown(
        request,
        "home.html",
        roles=counts,
        districts=Listing(View("firms", Text("Firms by district", "各区县企业"), columns, by_district), {}, language),
        most=max([1, *by_district["firms"].to_list()]),
        frame=by_district.to_dicts(),
    )


@page(*FIRMS, "planner", *OFFICES)
def prices(request: Any) -> Any:  # noqa: ANN401
    """Show loads and prices by stage, district and week, as published."""
    run, language = published(), request.visit.language
    gate = world.gate_of(request)
    if run is None:
        return shown(request, "prices.html", listing=None)
    names = gate.rows("district").select("district", district_en="name_en", district_zh="name_zh")
    rows = records.places(request.visit.viewer, run).join(names, on="district", how="left", maintain_order="left")
    columns = (
        column("stage", "choice", ("line", "stage"), "stage"),
        column("district", "both", ("site", "district")),
        column("start_date", "date", Text("Week from", "周起始日")),
        column("used", "share", Text("Load / regular", "负荷率")),
        column("price_mfen", "price", Text("Mean price (yuan an hour)", "平均影子价格（元/工时）")),
    )
    view = View("places", Text("Load and prices", "负荷与价格"), columns, rows)
    return shown(request, "prices.html", listing=Listing(view, request.GET.dict(), language))


@page(*OFFICES)
def office(request: Any) -> Any:  # noqa: ANN401
    """Show an office the official figures, and what firms let it read."""
    viewer, language = request.visit.viewer, request.visit.language
    gate = world.gate_of(request)
    tables = [t for t in dictionary.cluster_tables() if t.family in FAMILIES or t.name == "figure"]
    rows = [Listing(table_view(t.name, gate.rows(t.name)), {}, language) for t in tables if _is_guarded(t)]
    given = records.consents(viewer, today())
    names = world.named(gate.rows("firm"), "firm", language)
    return shown(request, "office.html", tables=[r for r in rows if r.total], consents=given, names=names)


def _is_guarded(table: dictionary.Table) -> bool:
    return any(c.secrecy not in ("public", "members") for c in table.columns)


@page(*ROLES)
def link(request: Any, token: str) -> Any:  # noqa: ANN401
    """Open the one offer that a signed link names, for its maker, without signing in."""
    count(f"link from {address_of(request)}", 60, LASTS / 168)
    named = opened(token)
    account = Account.objects.filter(pk=named[0], active=True, role="maker").first() if named else None
    if named is None or account is None:
        raise Http404
    if request.visit.account is None:
        request.session.flush()
        request.session[OFFER] = [account.pk, named[2]]
    return redirect("offer", named[2])
