"""The planner's pages of the assessment: styles that look alike, where the value is made, skills and wages."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from cordwainer.assessment import PARTS
from cordwainer.hub.pages import world
from cordwainer.hub.web.listing import Listing
from cordwainer.hub.web.page import page, shown


@page("planner")
def part(request: Any, part: str) -> Any:  # noqa: ANN401 (Django carries no types)
    """Show a part with its chart and its tables."""
    run = world.run_asked(request)
    if part not in PARTS:
        raise Http404
    if run is None:
        return shown(request, "plan/empty.html")
    found, language = world.part(run, part), request.visit.language
    return shown(
        request,
        "plan/assessed.html",
        run=run,
        part=part,
        parts=PARTS,
        found=found,
        tables=[Listing(v, {}, language) for v in (found.view, *found.more)],
    )
