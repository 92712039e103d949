"""The floor: what is to do, to confirm and late; a lot with progress and handovers; an order with milestones and documents."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.http import Http404
from django.shortcuts import redirect

from cordwainer.cluster import dictionary
from cordwainer.core import Text, UserError
from cordwainer.hub.access import handings, papers_of_orders, progress
from cordwainer.hub.acts import floor as acts
from cordwainer.hub.acts.handing import give
from cordwainer.hub.pages import world
from cordwainer.hub.pages.countering import day_said, unreadable
from cordwainer.hub.pages.counts import counts_of, photo_of
from cordwainer.hub.pages.floor_views import SHEETS, handovers_view, late_view, progress_view
from cordwainer.hub.pages.plan import workbook
from cordwainer.hub.web import visit
from cordwainer.hub.web.listing import Listing
from cordwainer.hub.web.page import page, shown
from cordwainer.hub.web.sent import file_of

ROLES = ("planner", "maker", "buyer")
_NO_STEP = UserError("unknown-step", Text("There is no such step.", "没有这一步。"), Text("Go back.", "请返回。"))


def names_of(request: Any) -> dict[str, str]:  # noqa: ANN401 (Django carries no types)
    """Return the names of firms."""
    return world.named(world.gate_of(request).rows("firm"), "firm", request.visit.language)


def words_of(request: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what every page of the floor shows: names of firms, stages in words, today, a fresh key for a form."""
    language = request.visit.language
    return {
        "names": names_of(request),
        "said_of": {s: label.in_(language) for s, label in dictionary.choices()["stage"].items()},
        "milestone_of": {s: label.in_(language) for s, label in dictionary.choices()["milestone"].items()},
        "today": visit.today(),
        "key": secrets.token_urlsafe(12),
    }


@page(*ROLES)
def floor(request: Any) -> Any:  # noqa: ANN401
    """List what waits for the visit on the floor, what is late, and how far its work is."""
    viewer, day, words = request.visit.viewer, visit.today(), words_of(request)
    language, asked = request.visit.language, request.GET.dict()
    found = handings.handovers(viewer)
    mine = [h for h in found if h.received is None and (viewer.role == "planner" or h.receiver == viewer.firm)]
    steps = progress.steps(viewer, day)
    to_give = [(x, left) for x, left in progress.my_links(viewer) if left > 0 and viewer.role == "maker"]
    return shown(
        request,
        "floor/floor.html",
        waiting=mine,
        on_way=[h for h in found if h.received is None and h.giver == viewer.firm],
        claims=[c for c in handings.claims(viewer) if c.status != "settled"],
        to_give=to_give,
        work=[s for s in steps if viewer.role == "maker" and s.firm == viewer.firm],
        orders=progress.orders(viewer),
        leads=[o for o in progress.orders(viewer) if progress.leads(viewer, o)],
        late=Listing(late_view(viewer, day, words["names"]), asked, language, leads=_LEADS),
        handovers=Listing(handovers_view(viewer, words["names"]), {}, language, leads=_LEADS),
        **words,
    )


_LEADS = {"order": ("floor-order", "order"), "lot": ("floor-lot", "lot"), "handover": ("handover", "number")}


@page(*ROLES)
def export(request: Any, sheet: str) -> Any:  # noqa: ANN401
    """Send a table of the floor, filtered as the address says, as a workbook."""
    if sheet not in SHEETS:
        raise Http404
    view = SHEETS[sheet](request.visit.viewer, visit.today(), names_of(request), request.visit.t("the_desk"))
    return workbook(Listing(view, request.GET.dict(), request.visit.language).filtered, sheet, request.visit.language)


@page("maker", "planner", methods=("GET", "POST"))
def lot(request: Any, lot: str) -> Any:  # noqa: ANN401
    """Show a lot: enter what was finished, hand over, see what was handed over."""
    viewer, day = request.visit.viewer, visit.today()
    steps = [s for s in progress.steps(viewer, day) if s.lot == lot and s.firm]
    if not steps:
        raise Http404
    if request.method == "POST":
        return _at_lot(request, lot)
    mine = [s for s in steps if viewer.role == "planner" or s.firm == viewer.firm]
    links = [(x, left) for x, left in progress.my_links(viewer) if x.lot == lot]
    found = [h for h in handings.handovers(viewer) if h.lot == lot]
    return shown(
        request,
        "floor/lot.html",
        lot=lot,
        order=steps[0].order,
        pairs=steps[0].pairs,
        steps=steps,
        mine=mine,
        links=links,
        handovers=found,
        sizes=progress.sizes(viewer, lot),
        **words_of(request),
    )


def _at_lot(request: Any, lot: str) -> Any:  # noqa: ANN401
    form, account, now = request.POST, request.visit.account, visit.now()
    stage, key = form.get("stage", ""), form.get("key", "")[:64]
    if form.get("step") == "finished":
        try:
            done = acts.Done(*(int(form.get(n, "") or 0) for n in ("pairs", "seconds", "rework")))
            on = day_said(form.get("date", "")) or visit.today()
        except (ValueError, OverflowError) as error:
            raise unreadable() from error
        acts.report(account, lot, stage, on, done, key, now)
        return redirect("floor-lot", lot)
    if form.get("step") == "give":
        note = form.get("note", "")
        made = give(account, lot, stage, counts_of(form), key, now, note, photo_of(request, now), _day(form))
        return redirect("handover", made.pk)
    raise _NO_STEP


def _day(form: Any) -> date | None:  # noqa: ANN401
    try:
        return day_said(form.get("date", ""))
    except ValueError as error:
        raise unreadable() from error


@page(*ROLES, methods=("GET", "POST"))
def order(request: Any, order: str) -> Any:  # noqa: ANN401
    """Show an order: milestones with who is late, documents, progress, handovers; set a day, add a document."""
    viewer, day, words = request.visit.viewer, visit.today(), words_of(request)
    if order not in progress.orders(viewer):
        raise Http404
    account = request.visit.account
    if request.method == "POST":
        _at_order(request, order)
        return redirect("floor-order", order)
    language, known = request.visit.language, progress.milestones(viewer, order)
    return shown(
        request,
        "floor/order.html",
        order=order,
        leads=progress.leads(viewer, order),
        milestones=[(m, acts.may_mark(account, order, m.kind)) for m in known],
        others=[k for k in dictionary.choices()["milestone"] if k not in {m.kind for m in known}],
        documents=papers_of_orders.documents(viewer, order),
        progress=Listing(progress_view(viewer, day, words["names"], order), {}, language, leads=_LOT_LEADS),
        handovers=Listing(handovers_view(viewer, words["names"], order), {}, language, leads=_LEADS),
        readers=acts.READERS,
        **words,
    )


_LOT_LEADS = {"lot": ("floor-lot", "lot")}


def _at_order(request: Any, order: str) -> None:  # noqa: ANN401
    form, account, now = request.POST, request.visit.account, visit.now()
    if form.get("step") == "milestone":
        try:
            due, done = day_said(form.get("due", "")), day_said(form.get("done", ""))
        except ValueError as error:
            raise unreadable() from error
        acts.mark(account, order, form.get("milestone", ""), due=due, done=done, now=now)
    elif form.get("step") == "document":
        name, content = file_of(request, "file")
        milestone, readers, note = (form.get(n, "") for n in ("milestone", "readers", "note"))
        acts.add_document(account, order, milestone, name, content, readers, note, now)
    else:
        raise _NO_STEP
