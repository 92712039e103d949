"""The owner's figures in a run of grading, phone first: they are right, or one of them is not."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import redirect

from cordwainer.assessment import OUTCOME_WORDS
from cordwainer.core import Text, UserError
from cordwainer.hub.access import gradings
from cordwainer.hub.access.viewer import FIRMS
from cordwainer.hub.acts.gradings import confirm_figures, object_figure
from cordwainer.hub.pages.firm_parts import frame_of
from cordwainer.hub.pages.gradings import days_left, figure_card, number_of
from cordwainer.hub.web.page import page, shown
from cordwainer.hub.web.visit import today


@page(*FIRMS, methods=("GET", "POST"))
def own_figures(request: Any, number: int) -> Any:  # noqa: ANN401 (Django carries no types)
    """Show an owner the firm's figures in a run, and take that they are right or what is wrong with one."""
    language, day = request.visit.language, today()
    found = gradings.my_run(request.visit.viewer, number, day)
    if found is None:
        raise Http404
    if request.method == "POST":
        account, step = request.visit.account, request.POST.get("step", "")
        if step == "confirm":
            confirm_figures(account, number, day)
        elif step == "object":
            claimed, reason = number_of(request.POST.get("claimed", "")), request.POST.get("reason", "")
            object_figure(account, number, request.POST.get("figure", ""), claimed, reason, day)
        else:
            raise UserError(
                "unknown-step", Text("There is no such step.", "没有这一步。"), Text("Go back.", "请返回。")
            )
        return redirect("own-figures", number)
    return shown(
        request,
        "gradings/own.html",
        found=found,
        left=days_left(found.last_day),
        outcome=OUTCOME_WORDS[found.outcome].in_(language),
        known=[figure_card(f, language) for f in found.figures if _shown(f)],
        unknown=[figure_card(f, language) for f in found.figures if not _shown(f)],
        **frame_of(request),
    )


def _shown(f: gradings.OwnFigure) -> bool:
    """Whether a figure is known, or something was said to it: the others stand folded below."""
    return f.value is not None or f.status != "" or f.said is not None


def to_answer(request: Any) -> list[gradings.OwnRun]:  # noqa: ANN401
    """Return the runs in which the visiting firm's figures wait for an answer."""
    found = gradings.mine(request.visit.viewer, today(), trial=True)
    return [r for r in found if r.open and not r.confirmed and not r.waiting]
