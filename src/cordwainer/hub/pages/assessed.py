"""The assessment: grades, backward capacity and structure for the offices; one page for a firm's owner."""

from __future__ import annotations

from typing import Any

from cordwainer.assessment import OUTCOME_WORDS, Finding, FirmPage, figure_label, figures, indicator_label, indicators
from cordwainer.core import Language, digits
from cordwainer.hub.access import assessed, gradings
from cordwainer.hub.access.viewer import FIRMS, OFFICES
from cordwainer.hub.pages.firm_parts import frame_of
from cordwainer.hub.web.listing import Listing
from cordwainer.hub.web.page import page, shown
from cordwainer.hub.web.visit import today


@page(*OFFICES)
def grades(request: Any) -> Any:  # noqa: ANN401 (Django carries no types)
    """Show an office the grades by a scheme, as a trial, and how many units have each."""
    language, chosen = request.visit.language, assessed.known(request.GET.get("scheme", ""))
    found = assessed.grades(request.visit.viewer, chosen)
    lists = [] if found is None else [Listing(found[2], {}, language), Listing(found[1], request.GET.dict(), language)]
    return shown(
        request,
        "assessed/grades.html",
        lists=lists,
        unverified=[] if found is None else [t.in_(language) for t in found[0].scheme.unverified],
        schemes=[(s.name, s.title.in_(language), s.name == chosen) for s in assessed.schemes()],
    )


@page(*OFFICES)
def backward(request: Any) -> Any:  # noqa: ANN401
    """Show an office which firms a rule finds backward, with evidence, clause and what takes them off."""
    found, language = assessed.backward_list(request.visit.viewer), request.visit.language
    rules = None if found is None else Listing(found[0], {}, language)
    listing = None if found is None else Listing(found[1], request.GET.dict(), language)
    return shown(request, "assessed/list.html", listing=listing, rules=rules, which="backward")


@page(*OFFICES)
def structure(request: Any) -> Any:  # noqa: ANN401
    """Show an office how concentrated the cluster and its districts are."""
    view = assessed.concentration(request.visit.viewer)
    listing = None if view is None else Listing(view, request.GET.dict(), request.visit.language)
    return shown(request, "assessed/list.html", listing=listing, rules=None, which="structure")


@page(*FIRMS)
def own(request: Any) -> Any:  # noqa: ANN401
    """Show an owner the grade of the firm, its numbers beside like firms without names, and what it costs or earns."""
    visit, chosen = request.visit, assessed.known(request.GET.get("scheme", ""))
    found = assessed.own_page(visit.viewer, chosen)
    values: dict[str, Any] = {"found": None, "findings": [], "runs": gradings.mine(visit.viewer, today())}
    if found is not None:
        values |= {"found": found[0], "findings": [_found(f, visit.language) for f in found[1]]}
        values["merged"] = found[0].unit != visit.viewer.firm
        values |= _told(found[0], visit.language)
    schemes = [(s.name, s.title.in_(visit.language), s.name == chosen) for s in assessed.schemes()]
    return shown(request, "assessed/own.html", schemes=schemes, **values, **frame_of(request))


def _found(finding: Finding, language: Language) -> tuple[str, ...]:
    """Return a rule that finds the firm: its title, the evidence, what takes the firm off, what to do."""
    rule = finding.rule
    return tuple(t.in_(language) for t in (rule.title, finding.evidence, finding.off_the_list, rule.remedy))


def _told(found: FirmPage, language: Language) -> dict[str, Any]:
    """Return what the page says in words: numbers strong and weak, money, what one grade up needs and is worth."""

    def numbers(some: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        return [
            {
                "label": indicator_label(n.indicator).in_(language),
                "unit": indicators()[n.indicator].unit.in_(language),
                "mine": _said(n.value),
                "middle": _said(n.middle),
                "ahead": round(100 * n.ahead_of),
                "counted": n.counted,
            }
            for n in some
        ]

    up = found.up
    worth = None if up is None or found.fen is None or found.fen_up is None else found.fen - found.fen_up
    return {
        "outcome": OUTCOME_WORDS[found.outcome].in_(language),
        "why": found.why.in_(language) if found.why else "",
        "strong": numbers(found.strongest),
        "weak": numbers(found.weakest),
        "money": [(title.in_(language), fen) for title, fen in found.consequences],
        "worth": worth if found.consequences or worth else None,
        "changes": [
            (
                indicator_label(c.indicator).in_(language),
                indicators()[c.indicator].unit.in_(language),
                _said(c.now),
                _said(c.needed),
            )
            for c in (up.changes if up else ())
        ],
        "mix": [(figure_label(m.figure).in_(language), _said(m.more), _unit(m.figure, language)) for m in up.mix]
        if up
        else [],
    }


def _unit(figure: str, language: Language) -> str:
    return figures()[figure].unit.in_(language)


def _said(value: float | None) -> str:
    """Return a number to four digits, thousands separated."""
    return "–" if value is None else digits(float(f"{value:.4g}"))
