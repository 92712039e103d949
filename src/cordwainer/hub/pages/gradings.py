"""Runs of grading for the offices: freeze, look at answers, refuse, correct, sign. Acts are the officer's; the inspector reads."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from django.shortcuts import redirect

from cordwainer.assessment import OUTCOME_WORDS, Figure, figure_label, figures
from cordwainer.cluster import dictionary
from cordwainer.core import Language, Text, UserError, digits
from cordwainer.hub.access import assessed, gradings
from cordwainer.hub.access.viewer import OFFICES
from cordwainer.hub.acts.gradings import correct_figure, freeze_run, refuse_objection, sign_run
from cordwainer.hub.pages import world
from cordwainer.hub.web.listing import Listing
from cordwainer.hub.web.page import page, shown
from cordwainer.hub.web.visit import today


def _officer(request: Any) -> Any:  # noqa: ANN401 (Django carries no types)
    """Return the account of the officer who acts.

    Raises
    ------
    Http404
        If somebody else does.
    """
    if request.visit.viewer.role != "officer":
        raise Http404
    return request.visit.account


@page(*OFFICES, methods=("GET", "POST"))
def runs(request: Any) -> Any:  # noqa: ANN401
    """List the runs; a form freezes a new one."""
    if request.method == "POST":
        made = freeze_run(_officer(request), assessed.known(request.POST.get("scheme", "")), today())
        return redirect("office-run", made.pk)
    language = request.visit.language
    return shown(
        request,
        "gradings/runs.html",
        runs=gradings.runs(request.visit.viewer),
        schemes=[(s.name, s.title.in_(language), False) for s in assessed.schemes()],
        day=today(),
    )


@page(*OFFICES, methods=("GET", "POST"))
def run(request: Any, number: int) -> Any:  # noqa: ANN401
    """Show a run: how many have which grade, who objects, what was corrected; a form refuses an objection or signs."""
    viewer, language = request.visit.viewer, request.visit.language
    found, views = gradings.opened(viewer, number), gradings.views(viewer, number)
    if found is None or views is None:
        raise Http404
    if request.method == "POST":
        account, step = _officer(request), request.POST.get("step", "")
        if step == "sign":
            sign_run(account, number, today())
        elif step == "refuse":
            unit, figure = request.POST.get("unit", ""), request.POST.get("figure", "")
            refuse_objection(account, number, unit, figure, request.POST.get("why", ""), today())
        else:
            raise _no_such_step()
        return redirect("office-run", number)
    leads = dict.fromkeys(("unit", "name"), ("office-run-unit", str(number), "unit"))
    return shown(
        request,
        "gradings/run.html",
        found=found,
        day=today(),
        units=Listing(views[0], request.GET.dict(), language, leads=leads),
        counts=Listing(views[1], {}, language),
        objections=[(o, _objected(o, language)) for o in found.objections],
        corrections=[
            (c, figure_label(c.figure).in_(language), _number(c.old), _number(c.new), Listing(v, {}, language))
            for c, v in gradings.corrections(viewer, number)
        ],
        names=world.named(world.gate_of(request).rows("firm"), "firm", language),
    )


@page(*OFFICES, methods=("GET", "POST"))
def unit(request: Any, number: int, unit: str) -> Any:  # noqa: ANN401
    """Show the figures of a unit with source, state and date; a form corrects one."""
    found, language = gradings.unit(request.visit.viewer, number, unit), request.visit.language
    if found is None:
        raise Http404
    if request.method == "POST":
        account, value = _officer(request), number_of(request.POST.get("value", ""))
        whose, figure = request.POST.get("firm", unit), request.POST.get("figure", "")
        if whose not in found[1]:
            raise Http404
        correct_figure(account, number, whose, figure, value, request.POST.get("source", ""), today())
        return redirect("office-run", number)
    opened, firms = found
    at = opened.run.unit(unit)
    return shown(
        request,
        "gradings/unit.html",
        found=opened,
        unit=at,
        outcome=OUTCOME_WORDS[at["outcome"]].in_(language),
        firms=[(firm, [figure_card(f, language) for f in told]) for firm, told in firms.items()],
        asked=request.GET.dict(),
        names=world.named(world.gate_of(request).rows("firm"), "firm", language),
    )


def _no_such_step() -> UserError:
    return UserError("unknown-step", Text("There is no such step.", "没有这一步。"), Text("Go back.", "请返回。"))


def number_of(said: str) -> float | None:
    """Return a number as people type it; None where nothing is said.

    Raises
    ------
    UserError
        If it is not a number.
    """
    plain = said.replace(",", "").replace("，", "").strip()
    try:
        value = float(plain) if plain else None
    except ValueError:
        value = float("nan")
    if value is not None and not abs(value) < 1e15:
        raise UserError(
            "bad-number",
            Text(f'"{said[:40]}" is not a number.', f"“{said[:40]}”不是数字。"),
            Text("Give digits, or leave it empty where it is unknown.", "请填写数字；不知道时留空。"),
        )
    return value


def _number(value: float | None) -> str:
    return "–" if value is None else digits(value)


def _told(kind: Figure, value: float | None, language: Language) -> str:
    return "–" if value is None else kind.said(value).in_(language)


def _objected(o: gradings.Objection, language: Language) -> dict[str, Any]:
    kind = figures()[str(o.answer.figure)]
    return {
        "label": kind.label.in_(language),
        "unit": "" if kind.is_flag else kind.unit.in_(language),
        "value": _told(kind, o.value, language),
        "claimed": _told(kind, o.answer.claimed, language),
        "decision": dictionary.choices()["objection_decision"][o.answer.decision].in_(language),
    }


def figure_card(f: gradings.OwnFigure, language: Language) -> dict[str, Any]:
    """Return a figure in words: label, unit, value, state and what was said to it."""
    kind, states = figures()[f.name], dictionary.choices()["figure_status"]
    return {
        "name": f.name,
        "label": kind.label.in_(language),
        "unit": "" if kind.is_flag else kind.unit.in_(language),
        "value": _told(kind, f.value, language),
        "source": f.source,
        "status": f.status,
        "said": states[f.status].in_(language) if f.status else "",
        "flag": kind.is_flag,
        "date": f.date,
        "stored": f.stored,
        "objection": None
        if f.said is None
        else {
            **_objected(f.said, language),
            "state": f.said.answer.decision,
            "why": f.said.why,
            "reason": f.said.answer.reason or "",
        },
    }


def days_left(last: date) -> int:
    """Return how many days are left to answer, today among them; 0 where they are over."""
    return max(0, (last - today()).days + 1)
