"""Monthly statements, and the payments on each."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import redirect

from cordwainer.hub.access import statements as read
from cordwainer.hub.acts.paying import pay
from cordwainer.hub.pages.countering import day_said, unreadable
from cordwainer.hub.pages.floor import ROLES, names_of, words_of
from cordwainer.hub.pages.floor_views import lines_view, statements_view
from cordwainer.hub.pages.handings import fen_of
from cordwainer.hub.web import visit
from cordwainer.hub.web.listing import Listing
from cordwainer.hub.web.page import page, shown


@page(*ROLES)
def statements(request: Any) -> Any:  # noqa: ANN401 (Django carries no types)
    """List the statements that the visit pays or is paid by."""
    language, day = request.visit.language, visit.today()
    view = statements_view(request.visit.viewer, day, names_of(request), request.visit.t("the_desk"))
    leads = {"statement": ("statement", "statement")}
    return shown(
        request,
        "floor/statements.html",
        statements=Listing(view, request.GET.dict(), language, leads=leads),
    )


@page(*ROLES, methods=("GET", "POST"))
def statement(request: Any, statement: str) -> Any:  # noqa: ANN401
    """Show the lines and payments of a statement; enter a payment."""
    day = visit.today()
    found = read.statement(request.visit.viewer, statement, day)
    if found is None:
        raise Http404
    if request.method == "POST":
        form, amount = request.POST, fen_of(request.POST.get("yuan", ""))
        try:
            on = day_said(form.get("date", "")) or day
        except ValueError as error:
            raise unreadable() from error
        key, note = form.get("key", "")[:64], form.get("note", "")
        pay(request.visit.account, found.between, amount or 0, on, note, key, visit.now())
        return redirect("statement", statement)
    return shown(
        request,
        "floor/statement.html",
        s=found,
        overdue=found.is_overdue(day),
        lines=Listing(lines_view(found), {}, request.visit.language),
        **words_of(request),
    )
