"""A maker's numbers beside the cluster's anonymous median, stage by stage."""

from __future__ import annotations

from typing import Any

from cordwainer.assessment import NUMBERS, firm_numbers
from cordwainer.cluster import dictionary
from cordwainer.hub.access import records
from cordwainer.hub.pages import world
from cordwainer.hub.pages.firm_parts import MAKERS, frame_of
from cordwainer.hub.store.plans import published
from cordwainer.hub.web.page import page, shown


@page(*MAKERS)
def numbers(request: Any) -> Any:  # noqa: ANN401 (Django carries no types)
    """Show pace, hours, load and overtime of the maker's stages, each beside the median of all makers of the stage."""
    gate, run = world.gate_of(request), published()
    stages: list[dict[str, Any]] = []
    if run is not None and gate.plan is not None:
        mine = firm_numbers(gate.cluster, gate.plan).filter(firm=gate.viewer.firm)
        own = {(s, n): v for s, n, v in mine.select("stage", "number", "value").iter_rows()}
        medians = {(s, n): v for s, n, v in records.medians(gate.viewer, run).iter_rows()}
        stages = [
            {"stage": label, "rows": [(n, own.get((s, n)), medians.get((s, n))) for n in NUMBERS]}
            for s, label in dictionary.choices()["stage"].items()
            if any(stage == s for stage, _ in own)
        ]
    return shown(request, "firm/numbers.html", stages=stages, **frame_of(request))
