"""The page on which a maker answers what it is asked for an enquiry, on the phone."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import Http404
from django.shortcuts import redirect

from cordwainer.cluster import dictionary
from cordwainer.core import Text, UserError
from cordwainer.hub.access import quotes
from cordwainer.hub.access.counters import counters
from cordwainer.hub.acts.countering import counter
from cordwainer.hub.acts.ordering import said
from cordwainer.hub.pages.countering import terms_of
from cordwainer.hub.pages.firm_parts import MAKERS, frame_of
from cordwainer.hub.web import visit
from cordwainer.hub.web.page import page, shown


@page(*MAKERS, methods=("GET", "POST"))
def asked(request: Any, offer: str) -> Any:  # noqa: ANN401 (Django carries no types)
    """Show the firm's part of an option with what it would pay, and take its answer."""
    part = next(iter(quotes.parts(request.visit.viewer, visit.now(), offer)), None)
    if part is None:
        raise Http404
    if request.method == "POST":
        answer = request.POST.get("answer", "")
        if answer == "counter":
            asked_for = [(s["stage"], s["line"]) for s in part.stages]
            terms, key = terms_of(request.POST, asked_for), request.POST.get("key", "")[:64]
            counter(request.visit.account, part.firm, offer, terms, key, visit.now())
            return redirect("asked", offer)
        if answer not in ("yes", "no"):
            raise UserError(
                "unknown-answer",
                Text("Say yes or no.", "请选择接受或不接。"),
                Text("Go back and choose.", "请返回选择。"),
            )
        reason = request.POST.get("reason", "")
        said(request.visit.account, part.firm, offer, visit.now(), yes=answer == "yes", reason=reason)
        return redirect("asked", offer)
    named = next((c for c in counters(request.visit.viewer, visit.now()) if c.offer == offer), None)
    return shown(
        request,
        "desk/asked.html",
        **card_of(request, part),
        named=named,
        key=secrets.token_urlsafe(12),
        **frame_of(request),
    )


def card_of(request: Any, part: quotes.MyPart) -> dict[str, Any]:  # noqa: ANN401
    """Return a part with its kind of shoe and its stages in words."""
    language, choices = request.visit.language, dictionary.choices()
    stages = list(dict.fromkeys(s["stage"] for s in part.stages))
    return {
        "part": part,
        "kind": " · ".join(
            choices[c][v].in_(language) for c, v in zip(("construction", "category"), part.kind, strict=True)
        ),
        "stages": request.visit.t("and_sign").join(choices["stage"][s].in_(language) for s in stages),
        "said_of": {s: choices["stage"][s].in_(language) for s in stages},
    }


def waiting_for(request: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return what the visiting maker is asked and may still answer."""
    return [card_of(request, p) for p in quotes.parts(request.visit.viewer, visit.now()) if p.open]
